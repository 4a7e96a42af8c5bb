public import JobQueue

extension LeaseTerms {
  /// A running job hears of a person's cancel at a heartbeat, and within so long, however long the lease.
  private static let cancelReachesWithin: Duration = .seconds(10)

  /// The terms under which the jobs of a lost worker are back within a span of time.
  ///
  /// Lost workers are looked for every few seconds, so the lease is that much shorter. With a heartbeat at a third of the
  /// span there is time to repeat one that failed.
  /// - Parameter span: ten seconds or more.
  public init(jobsBackWithin span: Duration) {
    self.init(
      duration: span - Reaper.period, heartbeat: min(span / 3, Self.cancelReachesWithin),
      crashLimit: LeaseTerms.standard.crashLimit)
  }
}
