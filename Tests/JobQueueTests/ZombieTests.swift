import JobQueue
import JobQueueTestKit
import Testing

@Suite("A worker that wakes after its lease was lost")
struct ZombieTests {
  // worker a                       worker b
  // looks: nothing there
  // stalls
  //                                takes over, creates, completes
  // wakes: its intent is refused, nothing is sent
  @Test("asks for nothing when it stalled before its intent")
  func beforeIntent() async throws {
    let given = Given()
    let stalled = try await given.running(faults: overtaking(given, at: .beforeIntent))
    await expectLeaseLost { try await given.create(stalled) }
    #expect(await given.provider.creations == 1)
    #expect(try await given.complete(stalled) == .leaseLost)
  }

  // worker a                       worker b
  // intent written, request sent
  // stalls
  //                                takes over, looks, adopts, completes
  // wakes: its result is refused
  @Test("records nothing when it stalled after its request, and what it made was adopted")
  func afterRequest() async throws {
    let given = Given()
    let stalled = try await given.running(faults: overtaking(given, at: .effectPerformed))
    await expectLeaseLost { try await given.create(stalled) }
    #expect(await given.provider.creations == 1)
    #expect(try await given.record(of: stalled.job.id)?.origin == .adopted)
  }

  // The one window that a queue alone cannot close, at a provider without idempotency keys:
  //
  // worker a                       worker b
  // intent written
  // stalls, past its lease
  //                                takes over, looks until nothing can come any more
  //                                creates, records, completes
  // wakes, sends its request: a second thing
  //
  // A worker stops its runs when their lease ends, so only a process that stands still as a whole (SIGSTOP, a suspended
  // machine) gets here. What is guaranteed then: one result, one completion, and nobody picks one of the two by luck.
  @Test("can make a second thing only if it stood still between intent and request; then nothing of it is recorded")
  func betweenIntentAndRequest() async throws {
    let given = Given()
    let stalled = try await given.running(faults: overtaking(given, at: .intentWritten))
    await expectLeaseLost { try await given.create(stalled) }
    let things = await given.provider.list()
    #expect(things.count == 2)
    let record = try #require(try await given.record(of: stalled.job.id))
    let result = try JSONText.decode(CountingProvider.Thing.self, from: try #require(record.result))
    #expect(result == things[0])
    #expect(try await given.complete(stalled) == .leaseLost)
    #expect(try await given.store.attempts(of: stalled.job.id).map(\.outcome) == [.lost, .completed])
    let next = try await given.running(by: "c")
    await #expect(throws: CountingProvider.Ambiguous(name: given.name, count: 2)) { try await given.create(next) }
  }

  @Test("writes no checkpoint")
  func checkpoint() async throws {
    let given = Given()
    let stalled = try await given.running()
    _ = try await given.takenOver(by: "b")
    await expectLeaseLost { try await stalled.checkpoint("part", 7) }
    #expect(try await given.store.journal(of: stalled.job.id).checkpoints.isEmpty)
  }

  /// Lets worker b take the job over, and finish it, while worker a stands still at `point`.
  private func overtaking(_ given: Given, at point: FaultPoint) -> Interlude {
    Interlude(at: point) {
      let owner = try await given.takenOver(by: "b")
      var isMade = false
      while !isMade {
        do {
          try await given.create(owner)
          isMade = true
        } catch Verdict.snooze(let duration, _) {
          given.clock.advance(by: duration)
        }
      }
      #expect(try await given.complete(owner) == .recorded(.completed))
    }
  }

  private func expectLeaseLost(_ body: () async throws -> some Any) async {
    await #expect {
      _ = try await body()
    } throws: {
      ($0 as? JobStoreError)?.code == .leaseLost
    }
  }
}
