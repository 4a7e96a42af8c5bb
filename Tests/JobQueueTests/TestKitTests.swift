import JobQueue
import JobQueueTestKit
import Testing

@Suite("The test kit's own seams")
struct TestKitTests {
  // The numbers are those of the public reference implementation for this seed.
  @Test("chance is the published SplitMix64")
  func splitMix() {
    let random = SeededRandom(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test("sleepers wake when time passes, not when the wall clock is set")
  func clock() async throws {
    let clock = VirtualClock(Timestamp(milliseconds: 0))
    let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
    await clock.untilSleeping()
    clock.step(by: .seconds(3600))
    #expect(clock.sleepers == 1)
    #expect(clock.nextDeadline == Timestamp(milliseconds: 3_610_000))
    clock.advance(by: .seconds(10))
    try await sleeper.value
    #expect(clock.now() == Timestamp(milliseconds: 3_610_000))
    #expect(clock.passed == .seconds(10))
  }

  @Test("a cancelled sleeper ends with CancellationError, also one that was cancelled before it slept")
  func cancellation() async throws {
    let clock = VirtualClock()
    let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
    await clock.untilSleeping()
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.sleepers == 0)
    let early = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(for: .seconds(10))
    }
    await #expect(throws: CancellationError.self) { try await early.value }
  }

  @Test("a script crashes at the arrivals it names and at no other")
  func faults() async throws {
    let faults = ScriptedFaults(at: .intentWritten, arrival: 2)
    try await faults.reached(.intentWritten)
    await #expect(throws: SimulatedCrash(at: .intentWritten)) { try await faults.reached(.intentWritten) }
    try await faults.reached(.intentWritten)
    try await faults.reached(.leased)
    #expect(faults.arrivals(at: .intentWritten) == 3)
  }

  @Test("a new thing is out of sight for as long as the provider lags, whatever the wall clock says")
  func lag() async throws {
    let clock = VirtualClock()
    let provider = CountingProvider(clock: clock, lag: .seconds(2))
    let thing = try await provider.create("a")
    clock.step(by: .seconds(60))
    #expect(try await provider.find("a") == nil)
    clock.advance(by: .seconds(2))
    #expect(try await provider.find("a") == thing)
  }

  @Test("a wrapper also passes on the verbs that a store may leave out, whole")
  func wrapper() async throws {
    let store = OneCallStore()
    let wrapper = PlainWrapper(base: store)
    var parts = [[NewJob(kind: "k")], [NewJob(kind: "k")]].makeIterator()
    let ids = try await wrapper.enqueue(parts: { parts.next() }, at: { Timestamp(milliseconds: 0) }).map(\.id)
    let request = LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: "default", count: 1)])
    let first = try await wrapper.lease(request, at: Timestamp(milliseconds: 1))
    let ends = first.map { Completion(lease: $0.lease, outcome: .done(output: "1")) }
    let (receipts, leased) = try await wrapper.complete(ends, thenLease: request, at: Timestamp(milliseconds: 2))
    #expect(receipts == [.recorded(.completed)])
    #expect(leased.map(\.job.id) == [ids[1]])
    #expect(await store.calls == ["enqueue parts", "complete then lease"])
  }
}

/// A store that tells which of the verbs it was asked that have a way of their own.
private actor OneCallStore: StoreWrapper {
  nonisolated let base: any JobStore = InMemoryJobStore()
  private(set) var calls: [String] = []

  nonisolated func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    await note("enqueue parts")
    return try await base.enqueue(parts: next, at: now)
  }

  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    note("complete then lease")
    return try await base.complete(completions, thenLease: request, at: now)
  }

  private func note(_ call: String) { calls.append(call) }
}

private struct PlainWrapper: StoreWrapper {
  let base: any JobStore
}
