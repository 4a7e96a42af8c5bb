import JobQueue

/// How long something that was made has not been seen: a provider's servers tell of it little by little, and only after
/// a while it is known to be gone.
struct MissingSince: Sendable {
  /// What is not there after so long was removed.
  static let timeout = Duration.seconds(120)
  /// The shortest and the longest time between two looks; in between as long as it is missing already.
  private static let pauses = Duration.seconds(1)...Duration.seconds(15)

  /// Where the job keeps since when it looks in vain.
  let checkpoint: String
  let context: JobContext

  /// The time until the next look; nil when timeout is over. A person who retries the job has the whole of it again.
  func pause() async throws -> Duration? {
    let now = context.clock.now()
    var time = try await context.checkpoint(checkpoint, as: WatchedTime.self) ?? WatchedTime(at: now)
    let passed = time.look(at: now)
    guard passed < Self.timeout else {
      try await context.removeCheckpoints([checkpoint])
      return nil
    }
    try await context.checkpoint(checkpoint, time)
    return min(max(passed, Self.pauses.lowerBound), Self.pauses.upperBound)
  }

  /// It was seen: the next time that it is missing is another wait.
  func clear() async throws {
    guard try await context.checkpoint(checkpoint, as: WatchedTime.self) != nil else { return }
    try await context.removeCheckpoints([checkpoint])
  }
}
