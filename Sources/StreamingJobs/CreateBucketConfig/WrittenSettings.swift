import JobQueue

/// The bucket settings that a job has written and read back, in this attempt or an earlier one. Behind a gateway that
/// fails now and then, no single attempt might get through all of them.
struct WrittenSettings: Codable, Sendable {
  /// For how long a setting is not read again. Hours later someone else may have changed it.
  private static let memory = Duration.seconds(600)
  private static let checkpoint = "written-settings"

  /// When each was read back, by name.
  private var moments: [String: Timestamp] = [:]

  /// Those of a job so far.
  static func current(_ context: JobContext) async throws -> WrittenSettings {
    try await context.checkpoint(checkpoint, as: WrittenSettings.self) ?? WrittenSettings()
  }

  /// The job has finished; if it is retried, all settings are read again.
  static func forget(_ context: JobContext) async throws {
    guard try await context.checkpoint(checkpoint, as: WrittenSettings.self) != nil else { return }
    try await context.removeCheckpoints([checkpoint])
  }

  /// Whether this job wrote it.
  func has(_ name: String) -> Bool { moments[name] != nil }

  /// Whether it was read back recently.
  func isSettled(_ name: String, at now: Timestamp) -> Bool {
    guard let moment = moments[name], moment <= now else { return false }
    return now - moment < Self.memory
  }

  /// Records a setting that was written and read back.
  mutating func add(_ name: String, _ context: JobContext) async throws {
    moments[name] = context.clock.now()
    try await context.checkpoint(Self.checkpoint, self, isProgress: true, isPartDone: true)
  }
}
