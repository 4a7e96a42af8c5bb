import JobQueue
import JobQueueTestKit
import Testing

@Suite("What an error means for a job")
struct VerdictTests {
  private let failure = Failure(code: "503", message: "busy")
  private let now = Timestamp(milliseconds: 1_000_000)

  private func job(failures: Int, maxAttempts: Int = 12) -> Job {
    Job(
      id: JobID(1), kind: "create", queue: "default", state: .running, payload: "{}", runAt: now, createdAt: now,
      updatedAt: now, failures: failures, maxAttempts: maxAttempts)
  }

  private func outcome(_ verdict: Verdict, for job: Job, seed: UInt64 = 1) -> Outcome {
    verdict.outcome(for: job, policy: .standard, at: now, random: SeededRandom(seed: seed))
  }

  @Test("the last attempt that fails makes the job dead, the one before does not")
  func lastAttempt() {
    #expect(outcome(.retry(failure), for: job(failures: 11)) == .dead(failure))
    #expect(outcome(.retry(failure), for: job(failures: 0, maxAttempts: 1)) == .dead(failure))
    #expect(outcome(.retry(failure), for: job(failures: 10)).nextState(at: now) == .scheduled)
  }

  @Test("a retry waits within the backoff of its failure and says which one it was", arguments: 1...20)
  func retry(seed: UInt64) throws {
    guard case .retry(let moment, failure, let why) = outcome(.retry(failure), for: job(failures: 2), seed: seed)
    else { throw Unexpected(what: "not a retry") }
    #expect(moment >= now && moment <= now + .seconds(8))
    #expect(why.contains("failure 3 of 12") && why.contains("8 s"))
  }

  @Test("what the other side asked for is never undercut, and hardly exceeded", arguments: 1...20)
  func requested(seed: UInt64) throws {
    let verdict = Verdict.retry(failure, requested: .seconds(100))
    guard case .retry(let moment, _, let why) = outcome(verdict, for: job(failures: 0), seed: seed)
    else { throw Unexpected(what: "not a retry") }
    #expect(moment >= now + .seconds(100) && moment <= now + .seconds(105))
    #expect(why.contains("100 s"))
  }

  @Test("snooze, hold, cancel and dead stay what they are, however often the job failed")
  func others() {
    let worn = job(failures: 11)
    #expect(
      outcome(.snooze(for: .seconds(9), why: "later"), for: worn) == .snooze(until: now + .seconds(9), why: "later"))
    #expect(outcome(.hold(why: "wait"), for: worn) == .hold(why: "wait"))
    #expect(outcome(.dead(failure), for: job(failures: 0)) == .dead(failure))
    #expect(outcome(.cancel(why: "called off"), for: worn) == .cancelled(why: "called off"))
  }

  @Test("whoever waits for a budget comes back at the moment of its turn, and the reason names the budget")
  func budget() {
    let wait = BudgetWait(
      key: BudgetKey(account: "a", resource: "things"), size: 1, used: 1, ahead: 0, slot: now + .seconds(71))
    #expect(
      outcome(.waitForBudget(wait), for: job(failures: 11))
        == .snooze(until: now + .seconds(71), why: "waits for its turn in budget things of a"))
  }
}
