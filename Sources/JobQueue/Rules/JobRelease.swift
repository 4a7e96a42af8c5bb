/// When a job may run: at once, at its own moment, or only after others.
public enum JobRelease {
  /// The moment from which a new job may run, if nothing else holds it up. One that has passed gives the job no older
  /// place in line than the one that it came at.
  public static func start(of job: NewJob, at now: Timestamp) -> Timestamp {
    job.runAt.map { max($0, now) } ?? now
  }

  /// The moment from which a finished job may run that an operator retries. One that was cancelled before its moment came
  /// keeps it: whoever asked for tonight does not mean now. A moment that has come once is over.
  /// - Parameters:
  ///   - state: the finished state that it is in.
  ///   - runAt: the moment from which it might have run.
  ///   - now: the instant of the retry.
  public static func restart(of state: JobState, runAt: Timestamp, at now: Timestamp) -> Timestamp {
    state == .cancelled ? max(runAt, now) : now
  }

  /// The state of a job that is enqueued, retried or released.
  /// - Parameters:
  ///   - reason: what stands in its way, by ``WaitReason``.
  ///   - runAt: the moment from which it may run.
  ///   - now: the instant of the change.
  public static func state(waitingFor reason: String? = nil, runAt: Timestamp, at now: Timestamp) -> JobState {
    guard reason == nil else { return .blocked }
    return runAt > now ? .scheduled : .ready
  }
}
