import JobQueue

/// The settings of a bucket that a job has written and read back, in this attempt or an earlier one. Behind a gateway that
/// answers now and then no attempt may get through all of them.
struct WrittenSettings: Codable, Sendable {
  /// For so long a setting is not looked at again. Hours later somebody else may have changed it.
  private static let memory = Duration.seconds(600)
  private static let checkpoint = "written-settings"

  /// When each was read back, by its name.
  private var moments: [String: Timestamp] = [:]

  /// Those of a job so far.
  static func current(_ context: JobContext) async throws -> WrittenSettings {
    try await context.checkpoint(checkpoint, as: WrittenSettings.self) ?? WrittenSettings()
  }

  /// The job has ended; when a person retries it, all is looked at anew.
  static func forget(_ context: JobContext) async throws {
    guard try await context.checkpoint(checkpoint, as: WrittenSettings.self) != nil else { return }
    try await context.removeCheckpoints([checkpoint])
  }

  /// Whether this job wrote it.
  func has(_ name: String) -> Bool { moments[name] != nil }

  /// Whether it was read back a moment ago.
  func isSettled(_ name: String, at now: Timestamp) -> Bool {
    guard let moment = moments[name], moment <= now else { return false }
    return now - moment < Self.memory
  }

  /// Takes in one that was written and read back.
  mutating func add(_ name: String, _ context: JobContext) async throws {
    moments[name] = context.clock.now()
    try await context.checkpoint(Self.checkpoint, self, isProgress: true, isPartDone: true)
  }
}
