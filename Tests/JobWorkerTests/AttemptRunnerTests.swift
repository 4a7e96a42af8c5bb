import JobQueue
import JobQueueTestKit
import JobWorker
import Testing

@Suite("One attempt", .timeLimit(.minutes(20)))
struct AttemptRunnerTests {
  private func runner(_ given: Given, _ faults: any FaultInjector = NoFaults()) -> AttemptRunner {
    AttemptRunner(store: given.base, registry: given.registry, clock: given.clock, random: HalfWay(), faults: faults)
  }

  private func leased(_ given: Given) async throws -> LeasedJob {
    _ = try await given.enqueueWork()
    let request = LeaseRequest(owner: Given.worker, limits: [.init(queue: "work", count: 1)])
    return try #require(try await given.base.lease(request, at: given.clock.now()).first)
  }

  @Test("gives what is to be recorded, and records nothing itself")
  func completion() async throws {
    var given = Given()
    given.work { context in
      context.note("looked")
      return "good"
    }
    let leased = try await leased(given)
    let completion = try #require(try await runner(given).run(leased))
    #expect(completion.lease == leased.lease)
    #expect(completion.outcome == .done(output: "\"good\""))
    #expect(completion.notes.map(\.text) == ["looked"])
    #expect(try await given.job(leased.job.id)?.state == .running)
  }

  @Test("gives what its handler recorded when the job is done, and none of it when it is not")
  func records() async throws {
    let write = RecordWrite("uploads", "k", labels: ["venue": "east"], json: "1")
    for isGood in [true, false] {
      var given = Given()
      given.work { context in
        try context.record(write)
        #expect(throws: JobStoreError.self) { try context.record(RecordWrite("uploads", "", json: "1")) }
        guard isGood else { throw Mishap() }
        return "good"
      }
      let completion = try #require(try await runner(given).run(try await leased(given)))
      #expect(completion.records == (isGood ? [write] : []))
    }
  }

  @Test("a record passes the filter that hides what a person must not read, as all texts of an attempt do")
  func filteredRecords() async throws {
    var given = Given()
    given.work { context in
      let secret = RecordWrite("uploads", "key/hush", labels: ["who": "hush"], json: "\"hush\"")
      try context.record(secret)
      context.filterTexts(
        by: TextFilter(
          words: { $0 },
          json: { $0.split(separator: "hush", omittingEmptySubsequences: false).joined(separator: "***") }))
      try await context.checkpoint("here", 1, recording: [secret])
      return "good"
    }
    let leased = try await leased(given)
    let completion = try #require(try await runner(given).run(leased))
    let stored = try await given.base.records(RecordQuery("uploads"))
    #expect(stored.map(\.job) == [leased.job.id])
    for text in ["\(completion.records)", "\(stored)"] { #expect(!text.contains("hush"), "\(text)") }
  }

  @Test("gives nothing when the lease is lost")
  func lostLease() async throws {
    var given = Given()
    given.work { context in
      try await context.checkpoint("here", 1)
      return "late"
    }
    let leased = try await leased(given)
    _ = try await given.base.reap(gone: [leased.lease.owner], crashLimit: 3, limit: 10, at: given.clock.now())
    #expect(try await runner(given).run(leased) == nil)
  }

  @Test(
    "throws where a process was cut, also inside of a handler that would make something else of it",
    arguments: [FaultPoint.leased, .checkpointWritten, .beforeCompletion])
  func cut(point: FaultPoint) async throws {
    var given = Given()
    given.work { context in
      do { try await context.checkpoint("here", 1) } catch { throw Mishap() }
      return "good"
    }
    let leased = try await leased(given)
    let faults = ScriptedFaults(at: point)
    await #expect(throws: SimulatedCrash(at: point)) { try await runner(given, faults).run(leased) }
  }

  @Test("hands a job back when its task is cancelled")
  func cancelled() async throws {
    var given = Given()
    let (inside, gate) = (Gate(), Gate())
    given.work { _ in
      await inside.open()
      try await gate.pass()
      return "late"
    }
    let leased = try await leased(given)
    let runner = runner(given)
    let attempt = Task { try await runner.run(leased) }
    try await inside.pass()
    attempt.cancel()
    #expect(try await attempt.value?.outcome == .handBack(why: "the worker stopped"))
  }
}
