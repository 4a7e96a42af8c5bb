public import JobQueue

/// Lets the next wave of a rollout start once this one has finished, or stops the rollout if too many of its streams
/// failed. `apply` enqueues one after every wave but the last; the jobs of the next wave are its children.
public struct CheckWave: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "check-wave"
  /// It uses no provider, so no outage delays it.
  public static let queue = "rollouts"
  /// It only counts rows.
  public static let policy = JobPolicy(timeout: .seconds(60))

  /// The manifest whose jobs it counts: those with this label.
  public var manifest: String
  /// The wave, counted from 1; its jobs have the number as a label.
  public var wave: Int
  /// The number of waves.
  public var waves: Int
  /// The percentage of streams that may fail; more than that stops the rollout.
  public var failedPercent: Int

  /// Creates parameters.
  public init(manifest: String, wave: Int, waves: Int, failedPercent: Int) {
    self.manifest = manifest
    self.wave = wave
    self.waves = waves
    self.failedPercent = failedPercent
  }

  /// One for each wave of a manifest.
  public var uniqueKey: String? { KeyText.unique("\(Self.kind):\(manifest):\(wave)") }

  /// Everything that can be found wrong without looking at the queue.
  public func validate() -> [ParameterIssue] {
    [
      ParameterChecks.name(manifest, field: "manifest"),
      wave < 1 ? ParameterIssue(field: "wave", message: "wave is \(wave); the first one is 1") : nil,
      waves < wave ? ParameterIssue(field: "waves", message: "there is no wave \(wave) of \(waves)") : nil,
      (0...100).contains(failedPercent)
        ? nil : ParameterIssue(field: "failedPercent", message: "failedPercent is not between 0 and 100"),
    ].compactMap { $0 }
  }
}
