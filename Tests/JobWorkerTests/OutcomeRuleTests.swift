import JobQueue
import JobQueueTestKit
import Testing

@testable import JobWorker

@Suite("What the end of a run means")
struct OutcomeRuleTests {
  private let clock = VirtualClock()
  private var now: Timestamp { clock.now() }
  private var rule: OutcomeRule { OutcomeRule(clock: clock, random: HalfWay()) }

  private func outcome(
    _ result: Result<String, any Error>?, _ stop: RunningAttempt.Stop?, failures: Int = 0, madeProgress: Bool = false,
    wasAsking: Bool = false, gate: String? = nil
  ) throws -> Outcome? {
    var registry = HandlerRegistry()
    registry.register(Doing<Work>(body: { _, _ in "" }, meaning: { _ in .hold(why: "classified") }))
    var job = Job(
      id: JobID(1), kind: "work", queue: "work", state: .running, payload: "{}", runAt: now, createdAt: now,
      updatedAt: now, failures: failures, maxAttempts: 12)
    job.gate = gate
    return rule.outcome(
      of: RunningAttempt.End(result: result, stop: stop), for: job, entry: try #require(registry["work"]),
      madeProgress: madeProgress, wasAsking: wasAsking)
  }

  @Test(
    "a job that was done before it noticed that it should stop is done",
    arguments: [
      nil, RunningAttempt.Stop.cancelled, .timeout(.seconds(1)), .shutdown,
    ])
  func done(stop: RunningAttempt.Stop?) throws {
    #expect(try outcome(.success("1"), stop) == .done(output: "1"))
  }

  @Test("nothing is recorded for a lost lease, whoever noticed it")
  func lost() throws {
    #expect(try outcome(.success("1"), .leaseLost) == nil)
    #expect(try outcome(nil, .leaseLost) == nil)
    let error = JobStoreError(code: .leaseLost, operation: "write", target: "job 1", cause: "token 2 is out")
    #expect(try outcome(.failure(error), nil) == nil)
  }

  @Test("a stop says what follows, with or without a word of the handler")
  func stopped() throws {
    #expect(try outcome(.failure(CancellationError()), .cancelled) == .cancelled(why: "cancelled while running"))
    #expect(try outcome(nil, .shutdown) == .handBack(why: "the worker stopped"))
    #expect(try outcome(.failure(Mishap()), .shutdown) == .handBack(why: "the worker stopped"))
    guard case .retry(let moment, let failure, _) = try outcome(nil, .timeout(.seconds(3))) else {
      Issue.record("a timeout is a failure to be tried again")
      return
    }
    #expect(moment == now + .seconds(1))
    #expect(failure.code == "timeout")
    #expect(failure.message == "work took longer than 3000 ms")
  }

  @Test("a timeout is a failure like any other: the last one is the end")
  func lastTimeout() throws {
    guard case .dead(let failure) = try outcome(nil, .timeout(.seconds(3)), failures: 11) else {
      Issue.record("the twelfth failure of twelve is the end")
      return
    }
    #expect(failure.code == "timeout")
  }

  @Test("an attempt that ran out of time after it made progress counts for nothing, whatever was thrown on the way out")
  func timeoutWithProgress() throws {
    for result in [nil, Result<String, any Error>.failure(Mishap())] {
      guard
        case .snooze(let moment, let why) = try outcome(
          result, .timeout(.seconds(3)), failures: 11, madeProgress: true)
      else {
        Issue.record("the time limit is for what stands still")
        continue
      }
      #expect(moment == now)
      #expect(why.contains("making progress"))
    }
    #expect(try outcome(.failure(Mishap()), nil, madeProgress: true) == .hold(why: "classified"))
  }

  @Test(
    "an attempt that ran out of time while it asked may have met an outage: its gate decides, unless it made progress"
  )
  func timeoutWhileAsking() throws {
    for result in [nil, Result<String, any Error>.failure(Mishap())] {
      guard
        case .suspectsOutage(let closure, let otherwise) = try outcome(
          result, .timeout(.seconds(3)), wasAsking: true, gate: "g")
      else {
        Issue.record("whoever waits for an answer until its time is over may have met an outage")
        continue
      }
      #expect(!closure.closesAtOnce && closure.base == .seconds(5))
      #expect(otherwise.failure.code == "timeout")
      #expect(otherwise.failure.message == "work took longer than 3000 ms; it was waiting for a response")
    }
    // Without a gate nobody else can tell; a job that got further goes on; what the worker's end stops is no time-out.
    guard case .retry = try outcome(nil, .timeout(.seconds(3)), wasAsking: true) else {
      Issue.record("without a gate it is the job's own failure")
      return
    }
    guard
      case .snooze = try outcome(nil, .timeout(.seconds(3)), madeProgress: true, wasAsking: true, gate: "g")
    else {
      Issue.record("progress counts")
      return
    }
    #expect(
      try outcome(.failure(Mishap()), .shutdown, wasAsking: true, gate: "g") == .handBack(why: "the worker stopped"))
    #expect(try outcome(.failure(Mishap()), nil, wasAsking: true, gate: "g") == .hold(why: "classified"))
  }

  @Test("a handler's word on its way out outweighs timeout and shutdown, but not a person's cancel")
  func verdicts() throws {
    let snooze = Result<String, any Error>.failure(Verdict.snooze(for: .seconds(4), why: "settling"))
    let expected = Outcome.snooze(until: now + .seconds(4), why: "settling")
    #expect(try outcome(snooze, nil) == expected)
    #expect(try outcome(snooze, .shutdown) == expected)
    #expect(try outcome(snooze, .timeout(.seconds(1))) == expected)
    #expect(try outcome(snooze, .cancelled) == .cancelled(why: "cancelled while running"))
    let failure = Failure(code: "gone", message: "gone for good")
    #expect(try outcome(.failure(Verdict.dead(failure)), nil) == .dead(failure))
    #expect(try outcome(.failure(Verdict.hold(why: "offline")), nil) == .hold(why: "offline"))
  }

  @Test("a verdict that is thrown needs no classifier, and one of failure may be the doing of the stop")
  func thrownFailures() throws {
    let failure = Failure(code: "broken", message: "the connection was broken off")
    let closure = GateClosure(base: .seconds(8), why: "down")
    for verdict in [Verdict.retry(failure), .suspectOutage(failure, closure), .closeGate(closure)] {
      let thrown = Result<String, any Error>.failure(verdict)
      #expect(try outcome(thrown, .shutdown) == .handBack(why: "the worker stopped"))
      guard case .retry(_, let counted, _) = try outcome(thrown, .timeout(.seconds(3))) else {
        Issue.record("\(verdict) is no more than a timeout")
        continue
      }
      #expect(counted.code == "timeout")
    }
    guard case .retry(let moment, failure, _) = try outcome(.failure(Verdict.retry(failure)), nil) else {
      Issue.record("a failure is tried again")
      return
    }
    #expect(moment == now + .seconds(1))
  }

  @Test("any other error means what the handler's classifier says")
  func classified() throws {
    #expect(try outcome(.failure(Mishap()), nil) == .hold(why: "classified"))
  }

  @Test("a store that fails under a handler burns nothing; a claim of another job is the job's own matter")
  func storeErrors() throws {
    guard case .snooze(let moment, _) = try outcome(.failure(JobStoreError.outage), nil) else {
      Issue.record("an outage is not the job's failure")
      return
    }
    #expect(moment == now + .seconds(5))
    let unknown = JobStoreError(
      code: .outcomeUnknown, operation: "write", target: "store", cause: "the answer was lost")
    guard case .snooze(moment, _) = try outcome(.failure(unknown), nil) else {
      Issue.record("an answer that was lost is not the job's failure")
      return
    }
    let claimed = JobStoreError(code: .claimed, operation: "write", target: "job 1", cause: "job 2 has it")
    #expect(try outcome(.failure(claimed), nil) == .hold(why: "classified"))
  }
}
