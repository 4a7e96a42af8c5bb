/// What an error means for the job, before delays are decided. One classifier per provider gives it.
public enum Verdict: Sendable, Hashable {
  /// Try again, at the time the policy gives or, when the other side asked for one, after `requested`.
  case retry(Failure, requested: Duration? = nil)
  /// Try again as with ``retry(_:requested:)``, but it may be everybody's trouble: when others meet it too, or this job
  /// twice, the gate is closed and nothing counts.
  case suspectOutage(Failure, GateClosure)
  /// Not yet, and not the job's fault: come back after `duration`.
  case snooze(for: Duration, why: String)
  /// Nobody who needs the same account or host will get through: its gate is closed, and a probe opens it again.
  case closeGate(GateClosure)
  /// Something outside must happen first.
  case hold(why: String)
  /// It will never work.
  case dead(Failure)

  /// The outcome of an attempt that ended with this verdict.
  ///
  /// - Parameters:
  ///   - job: the job as it was leased.
  ///   - policy: its type's policy.
  ///   - now: the instant of the end.
  ///   - random: where the jitter comes from.
  public func outcome(for job: Job, policy: RetryPolicy, at now: Timestamp, random: some RandomSource) -> Outcome {
    switch self {
    case .retry(let failure, let requested):
      return Self.counted(failure, of: job, policy, requested: requested, at: now, random: random).outcome
    case .suspectOutage(let failure, let closure):
      if closure.closesAtOnce, job.gate == nil { return Self.waitingAlone(closure, at: now) }
      let counted = Self.counted(failure, of: job, policy, requested: closure.requested, at: now, random: random)
      return job.gate == nil ? counted.outcome : .suspectsOutage(closure, otherwise: counted)
    case .snooze(let duration, let why): return .snooze(until: now + duration, why: why)
    case .closeGate(let closure):
      return job.gate == nil ? Self.waitingAlone(closure, at: now) : .closeGate(closure)
    case .hold(let why): return .hold(why: why)
    case .dead(let failure): return .dead(failure)
    }
  }

  /// What becomes of a job without a gate.
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
      return "\(count); the other side asked for \(requested.wholeMilliseconds / 1000) s"
    }
    let backoff = policy.backoff(afterFailures: failures)
    return "\(count); backoff up to \(backoff.wholeMilliseconds / 1000) s with full jitter"
  }
}
