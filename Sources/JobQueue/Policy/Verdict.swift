/// What becomes of a job whose attempt did not end with its result.
///
/// A handler throws one, or throws any other error and maps it to a verdict in ``JobHandler/classify(_:)``. A verdict
/// that is not a failure leaves the job's number of failures unchanged.
///
/// | Verdict | Outcome of the attempt | Counts as a failure | The job |
/// |---|---|---|---|
/// | none: the handler returns | ``Outcome/done(output:)`` | no | `completed` |
/// | ``retry(_:requested:)`` | ``Outcome/retry(at:_:why:)``, or ``Outcome/dead(_:)`` after the last attempt | yes | runs again after the policy's backoff, or the delay that the other side asked for |
/// | ``suspectOutage(_:_:)`` | ``Outcome/suspectsOutage(_:otherwise:)``; without a gate as with a retry | unless it is an outage | as with a retry, unless other jobs fail in the same way: then the gate is closed |
/// | ``closeGate(_:)`` | ``Outcome/closeGate(_:)``; without a gate ``Outcome/snooze(until:why:)`` | no | stays `ready` behind its gate, until a probe gets through |
/// | ``snooze(for:why:)`` | ``Outcome/snooze(until:why:)`` | no | comes back after the duration |
/// | ``waitForBudget(_:)`` | ``Outcome/snooze(until:why:)`` | no | comes back when its turn at the budget comes |
/// | ``hold(why:)`` | ``Outcome/hold(why:)`` | no | is `held` until an operator retries it |
/// | ``cancel(why:)`` | ``Outcome/cancelled(why:)`` | no | is `cancelled` |
/// | ``dead(_:)`` | ``Outcome/dead(_:)`` | yes | is `dead` until an operator retries it |
///
/// An attempt that is asked to stop ends with ``Outcome/cancelled(why:)`` if an operator cancelled the job, whatever it
/// throws. If its time is over or the worker stops, what it then throws counts unless it is a failure
/// (``isWordOfHandler``).
public enum Verdict: Error, Sendable, Hashable {
  /// Try again, at the time that the policy gives, or after `requested` if the other side asked for a delay.
  case retry(Failure, requested: Duration? = nil)
  /// Try again as with ``retry(_:requested:)``, but the cause may affect everybody: if other jobs meet it too, or this
  /// job meets it twice, the gate is closed and nothing counts.
  case suspectOutage(Failure, GateClosure)
  /// No job that needs the same account or host will get through: its gate is closed, and a probe opens it again.
  case closeGate(GateClosure)
  /// Not yet, and not the job's fault: come back after `duration`. Occupies no worker.
  case snooze(for: Duration, why: String)
  /// A budget has no unit left: come back when it is the job's turn. Occupies no worker.
  case waitForBudget(BudgetWait)
  /// Something outside must happen first, or an operator must decide.
  case hold(why: String)
  /// It is not wanted any more: the work was called off elsewhere. Needs nobody's attention.
  case cancel(why: String)
  /// It will never work.
  case dead(Failure)

  /// Whether it counts even though the attempt was asked to stop. A failure may be a result of stopping, such as an
  /// aborted request, but any other verdict of the handler about the job remains true.
  public var isWordOfHandler: Bool {
    switch self {
    case .snooze, .waitForBudget, .hold, .cancel, .dead: true
    case .retry, .suspectOutage, .closeGate: false
    }
  }

  /// The outcome of an attempt that ended with this verdict.
  ///
  /// - Parameters:
  ///   - job: the job as it was leased.
  ///   - policy: its type's policy.
  ///   - now: the time of the end.
  ///   - random: the source of the jitter.
  public func outcome(for job: Job, policy: RetryPolicy, at now: Timestamp, random: some RandomSource) -> Outcome {
    switch self {
    case .retry(let failure, let requested):
      return Self.counted(failure, of: job, policy, requested: requested, at: now, random: random).outcome
    case .suspectOutage(let failure, let closure):
      if closure.closesAtOnce, job.gate == nil { return Self.waitingAlone(closure, at: now) }
      let counted = Self.counted(failure, of: job, policy, requested: closure.requested, at: now, random: random)
      return job.gate == nil ? counted.outcome : .suspectsOutage(closure, otherwise: counted)
    case .closeGate(let closure):
      return job.gate == nil ? Self.waitingAlone(closure, at: now) : .closeGate(closure)
    case .snooze(let duration, let why): return .snooze(until: now + duration, why: why)
    // Exactly that time: the job's place in line holds for it only.
    case .waitForBudget(let wait):
      // The reason is shown as long as the job waits, so it has no numbers, because they change.
      return .snooze(until: wait.slot, why: "waits for its turn in budget \(wait.key.resource) of \(wait.key.account)")
    case .hold(let why): return .hold(why: why)
    case .cancel(let why): return .cancelled(why: why)
    case .dead(let failure): return .dead(failure)
    }
  }

  /// The outcome for a job without a gate.
  private static func waitingAlone(_ closure: GateClosure, at now: Timestamp) -> Outcome {
    .snooze(until: now + closure.duration(afterClosures: 1), why: closure.why)
  }

  private static func counted(
    _ failure: Failure, of job: Job, _ policy: RetryPolicy, requested: Duration?, at now: Timestamp,
    random: some RandomSource
  ) -> CountedFailure {
    let failures = job.failures + 1
    guard failures < job.maxAttempts else { return CountedFailure(failure: failure, again: nil) }
    let delay = policy.delay(afterFailures: failures, requested: requested, random: random)
    let why = reason(failures, of: job, policy, requested: requested)
    return CountedFailure(failure: failure, again: CountedFailure.Again(at: now + delay, why: why))
  }

  private static func reason(_ failures: Int, of job: Job, _ policy: RetryPolicy, requested: Duration?) -> String {
    let count = "failure \(failures) of \(job.maxAttempts)"
    if let requested {
      return "\(count); the provider asked for a pause of \(requested.wholeMilliseconds / 1000) s"
    }
    let backoff = policy.backoff(afterFailures: failures)
    return "\(count); backoff up to \(backoff.wholeMilliseconds / 1000) s with full jitter"
  }
}
