import JobQueue
import JobQueueTestKit
import Testing

@testable import JobWorker

@Suite("Completions", .timeLimit(.minutes(20)))
struct CompleterTests {
  private func completer(_ given: Given) -> Completer {
    let health = StoreHealth(logger: given.logger, clock: given.clock, events: given.log.listener())
    return Completer(store: given.store, clock: given.clock, health: health)
  }

  private func lease(_ count: Int, _ given: Given) async throws -> [Lease] {
    _ = try await given.enqueueWork(count)
    let request = LeaseRequest(owner: Given.worker, limits: [.init(queue: "work", count: count)])
    return try await given.base.lease(request, at: given.clock.now()).map(\.lease)
  }

  @Test("that wait at the same time are written in one commit, and each hears of its own receipt")
  func batch() async throws {
    let given = Given()
    let completer = completer(given)
    let leases = try await lease(4, given) + [Lease(job: JobID(1), owner: Given.other, token: 9)]
    let receipts = Task {
      await withTaskGroup(of: (Lease, CompletionReceipt?).self) { group in
        for lease in leases {
          group.addTask { (lease, await completer.record(Completion(lease: lease, outcome: .done(output: "1")))) }
        }
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
    }
    await eventually { await completer.waiting.count == 5 }
    #expect(try await completer.runOnce(now: given.clock.now()))
    // A lane that finds nothing has not heard from the store, so it must not tell of the end of an outage.
    #expect(try await !completer.runOnce(now: given.clock.now()))

    let heard = await receipts.value
    for lease in leases.prefix(4) { #expect(heard[lease] == .recorded(.completed)) }
    #expect(heard[leases[4]] == .leaseLost)
    #expect(await given.tap.completions.map(\.count) == [5])
  }

  @Test("are offered again until the store takes them, and the outage is told once")
  func outage() async throws {
    var given = Given()
    given.work { _ in "good" }
    // By the time and not by the number of tries: a second lane may try at once what the first one failed with.
    let (clock, end) = (given.clock, given.at(2))
    await given.tap.put { call in
      guard case .complete = call else { return }
      if clock.now() < end { throw JobStoreError.outage }
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait { $0.contains(.storeFailed) }
    await given.advance(to: given.at(1))
    await given.advance(to: given.at(2))
    await given.log.wait(\.isRecorded)
    await given.log.wait { $0.contains(.storeRecovered) }

    #expect(try await given.job(id)?.state == .completed)
    #expect(try await given.job(id)?.finishedAt == given.at(2))
    #expect(await given.log.count { $0 == .storeFailed } == 1)
    await given.end(worker)
  }

  @Test("one that no store takes ends its job with a reason and does not hold up the others")
  func refused() async throws {
    let given = Given()
    let completer = completer(given)
    let leases = try await lease(2, given)
    await given.tap.put { call in
      guard case .complete(let completions, _) = call else { return }
      if completions.contains(where: { $0.outcome == .done(output: "too large") }) {
        throw JobStoreError(code: .invalid, operation: "complete", target: "job", cause: "output too large")
      }
    }
    async let large = completer.record(Completion(lease: leases[0], outcome: .done(output: "too large")))
    async let small = completer.record(Completion(lease: leases[1], outcome: .done(output: "1")))
    await eventually { await completer.waiting.count == 2 }
    try await completer.runOnce(now: given.clock.now())

    #expect(await large == .recorded(.dead))
    #expect(await small == .recorded(.completed))
    #expect(try await given.job(leases[0].job)?.lastFailure?.code == "result-refused")
  }
}
