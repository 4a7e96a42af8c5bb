import JobQueue
import JobQueueTestKit
import Testing

@Suite("A store whose answers get lost")
struct LossyStoreTests {
  /// Loses the answers of chosen calls, by their number from 1 on.
  private actor Script {
    private let losses: [Int: LossyStore.Loss]
    private(set) var calls = 0

    init(_ losses: [Int: LossyStore.Loss]) { self.losses = losses }

    func next() -> LossyStore.Loss? {
      calls += 1
      return losses[calls]
    }
  }

  @Test("did what it was asked, or not, and says of neither which", arguments: LossyStore.Loss.allCases)
  func told(loss: LossyStore.Loss) async throws {
    let base = InMemoryJobStore()
    let store = LossyStore(base, losing: { _ in loss })
    let error = await #expect(throws: JobStoreError.self) {
      try await store.enqueue([NewJob(kind: "a")], at: Timestamp(milliseconds: 1))
    }
    #expect(error?.code == .outcomeUnknown)
    #expect(try await base.jobs(JobQuery()).count == (loss == .afterCommit ? 1 : 0))
    let other = LossyStore(base, losing: { _ in nil })
    #expect(try await other.enqueue([NewJob(kind: "a")], at: Timestamp(milliseconds: 1)).count == 1)
  }

  @Test("whoever repeats an enqueue with a unique key meets the job that is there", arguments: LossyStore.Loss.allCases)
  func enqueueAgain(loss: LossyStore.Loss) async throws {
    let base = InMemoryJobStore()
    let script = Script([1: loss])
    let store = LossyStore(base, losing: { _ in await script.next() })
    let job = NewJob(kind: "a", uniqueKey: "k")
    _ = try? await store.enqueue([job], at: Timestamp(milliseconds: 1))
    let receipt = try #require(try await store.enqueue([job], at: Timestamp(milliseconds: 2)).first)
    #expect(receipt.alreadyPresent == (loss == .afterCommit))
    #expect(try await base.jobs(JobQuery()).map(\.id) == [receipt.id])
  }

  @Test(
    "an effect exists exactly once and its job completes, whichever of the store's answers is lost",
    arguments: 1...8, LossyStore.Loss.allCases)
  func effect(number: Int, loss: LossyStore.Loss) async throws {
    let given = Given(lag: .milliseconds(1900))
    let id = try await given.enqueue()
    // The second time the answer to what is repeated is lost as well.
    let script = Script([number: loss, number + 1: .afterCommit])
    let store = LossyStore(given.store, losing: { _ in await script.next() })
    var attempts = 0
    while try await given.store.jobs(JobQuery(ids: [id])).first?.state.isFinished == false {
      attempts += 1
      try #require(attempts < 100, "the job does not come to an end")
      try await attempt(given, store)
    }
    #expect(try await given.store.jobs(JobQuery(ids: [id])).first?.state == .completed)
    #expect(await given.provider.list().count == 1)
    #expect(await script.calls > 3)
  }

  /// What a worker does: it leases, runs, offers the end until it is told, and looks for what it lost.
  private func attempt(_ given: Given, _ store: LossyStore) async throws {
    let request = LeaseRequest(owner: WorkerID("a"), limits: [.init(queue: "default", count: 1)])
    guard let leased = try? await store.lease(request, at: given.clock.now()).first else {
      given.clock.advance(by: .seconds(31))
      _ = try? await store.reap(gone: [], crashLimit: 100, limit: 10, at: given.clock.now())
      _ = try? await store.promoteDue(at: given.clock.now(), limit: 10)
      return
    }
    let context = JobContext(
      job: leased, store: store, clock: given.clock, attemptNotes: AttemptNotes(), faults: NoFaults())
    let outcome: Outcome
    do {
      outcome = .done(output: try JSONText.encode(try await given.create(context).value))
    } catch Verdict.snooze(let duration, let why) {
      outcome = .snooze(until: given.clock.now() + duration, why: why)
    } catch let error as JobStoreError where error.code == .outcomeUnknown {
      outcome = .snooze(until: given.clock.now() + .seconds(5), why: "the store failed")
    }
    let completion = Completion(lease: leased.lease, outcome: outcome)
    while (try? await store.complete([completion], at: given.clock.now())) == nil {}
  }
}
