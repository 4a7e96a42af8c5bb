/// When a job may run: at once, at its own moment, or only after others.
public enum JobRelease {
  /// The moment from which a new job may run, if nothing else holds it up. One that has passed gives the job no older
  /// place in line than the one that it came at.
  public static func start(of job: NewJob, at now: Timestamp) -> Timestamp {
    job.runAt.map { max($0, now) } ?? now
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
