/// When a job may run: at once, at its planned time, or only after others.
public enum JobRelease {
  /// The time from which a new job may run if nothing else holds it up. A time in the past gives the job no older place
  /// in line than its enqueue.
  public static func start(of job: NewJob, at now: Timestamp) -> Timestamp {
    job.runAt.map { max($0, now) } ?? now
  }

  /// The time from which a finished job may run after an operator's retry. A job that was cancelled before its planned
  /// time keeps it: someone who planned it for tonight does not mean now. A time that has passed no longer counts.
  /// - Parameters:
  ///   - state: the finished state of the job.
  ///   - runAt: its planned time.
  ///   - now: the time of the retry.
  public static func restart(of state: JobState, runAt: Timestamp, at now: Timestamp) -> Timestamp {
    state == .cancelled ? max(runAt, now) : now
  }

  /// The state of a job that is enqueued, retried or released.
  /// - Parameters:
  ///   - reason: what it waits for, by ``WaitReason``.
  ///   - runAt: the time from which it may run.
  ///   - now: the time of the change.
  public static func state(waitingFor reason: String? = nil, runAt: Timestamp, at now: Timestamp) -> JobState {
    guard reason == nil else { return .blocked }
    return runAt > now ? .scheduled : .ready
  }
}
