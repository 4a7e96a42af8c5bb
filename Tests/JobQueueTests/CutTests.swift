import JobQueue
import JobQueueTestKit
import Testing

@Suite("A job cut anywhere makes its effect exactly once")
struct CutTests {
  @Test("cut at every point, with every kind of answer", arguments: FaultPoint.all, CountingProvider.Answer.allCases)
  func cut(point: FaultPoint, answer: CountingProvider.Answer) async throws {
    try await holds(Given(lag: .milliseconds(1900)), ScriptedFaults(at: point), answers: [answer])
  }

  @Test("cut twice, at any two points, with the first answer lost", arguments: FaultPoint.all, FaultPoint.all)
  func cutTwice(first: FaultPoint, second: FaultPoint) async throws {
    let faults = ScriptedFaults(first == second ? [first: [1, 2]] : [first: [1], second: [1]])
    try await holds(Given(), faults, answers: [.lostAfterEffect])
  }

  @Test("every answer but the last is lost before or after its effect", arguments: CountingProvider.Answer.allCases)
  func lostAnswers(answer: CountingProvider.Answer) async throws {
    try await holds(Given(), ScriptedFaults(), answers: [.lostBeforeEffect, .refused, .lostBeforeEffect, answer])
  }

  @Test("cut at every point, with the first answer lost and its effect made long after", arguments: FaultPoint.all)
  func late(point: FaultPoint) async throws {
    try await holds(Given(lag: .seconds(119)), ScriptedFaults(at: point), answers: [.lostAfterEffect])
  }

  private func holds(_ given: Given, _ faults: ScriptedFaults, answers: [CountingProvider.Answer]) async throws {
    await given.provider.answer(answers)
    let id = try await given.enqueue()
    var attempts = 0
    while try await given.store.jobs(JobQuery(ids: [id])).first?.state.isFinished == false {
      attempts += 1
      try #require(attempts < 100, "the job does not come to an end")
      try await attempt(given, faults)
    }
    let held = await given.provider.list().filter { $0.name == given.name }
    #expect(held.count == 1)
    let job = try #require(try await given.store.jobs(JobQuery(ids: [id])).first)
    #expect(job.state == .completed)
    #expect(try job.output.map { try JSONText.decode(CountingProvider.Thing.self, from: $0) } == held.first)
  }

  /// One attempt, as a worker makes it; a crash leaves everything as it is, and the next host notices at once.
  private func attempt(_ given: Given, _ faults: ScriptedFaults) async throws {
    guard let leased = try await given.lease() else {
      let due = try #require(try await given.store.nextDue())
      given.clock.advance(by: due - given.clock.now())
      _ = try await given.store.promoteDue(at: given.clock.now(), limit: 10)
      return
    }
    do {
      try await faults.reached(.leased)
      let context = given.context(leased, faults: faults)
      let outcome: Outcome
      do {
        let thing = try await given.create(context).value
        try await context.checkpoint("made", thing)
        outcome = .done(output: try JSONText.encode(thing))
      } catch Verdict.snooze(let duration, let why) {
        outcome = .snooze(until: given.clock.now() + duration, why: why)
      } catch let failure as CountingProvider.Failure {
        let verdict = Verdict.retry(
          Failure(code: failure.answer == .refused ? "refused" : "unknown", message: "no answer"))
        outcome = verdict.outcome(
          for: leased.job, policy: .standard, at: given.clock.now(), random: SeededRandom(seed: 7))
      }
      try await faults.reached(.beforeCompletion)
      try await given.complete(context, outcome)
      try await faults.reached(.completed)
    } catch is SimulatedCrash {
      _ = try await given.store.reap(gone: [leased.lease.owner], crashLimit: 100, limit: 10, at: given.clock.now())
    }
  }
}
