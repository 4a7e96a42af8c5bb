/// Which jobs may be the next probe of a gate. Of several preferences, ``Gate/preference(_:)`` applies the strictest
/// one that a waiting job meets.
public struct ProbePreference: Sendable, Hashable {
  /// None of these jobs.
  public var excludedJobs: Set<JobID>
  /// None of these kinds.
  public var excludedKinds: Set<String> = []
  /// None of these concurrency keys; the empty text stands for jobs without one.
  public var excludedKeys: Set<String> = []

  /// Whether a job may be the probe.
  public func allows(_ job: Job) -> Bool {
    !excludedJobs.contains(job.id) && !excludedKinds.contains(job.kind)
      && !excludedKeys.contains(job.concurrencyKey ?? "")
  }
}
