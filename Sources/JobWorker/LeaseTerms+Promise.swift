public import JobQueue

extension LeaseTerms {
  /// A running job learns of an operator's cancel at a heartbeat, within this time, however long the lease is.
  private static let cancelReachesWithin: Duration = .seconds(10)

  /// Terms with which the jobs of a lost worker are back within a span of time.
  ///
  /// Lost workers are looked for every few seconds, so the lease is that much shorter. With a heartbeat every third of
  /// the span, there is time to repeat one that failed.
  /// - Parameter span: ten seconds or more.
  public init(jobsBackWithin span: Duration) {
    self.init(
      duration: span - Reaper.period, heartbeat: min(span / 3, Self.cancelReachesWithin),
      crashLimit: LeaseTerms.standard.crashLimit)
  }
}
