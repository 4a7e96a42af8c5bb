import JobQueue

/// For how long something that was created has not been visible: a provider's servers show it gradually, and only after
/// a while is it certain to be gone.
struct MissingSince: Sendable {
  /// Whatever is not visible after this time was removed.
  static let timeout = Duration.seconds(120)
  /// The shortest and the longest time between two looks; in between, the pause equals the time for which it has been
  /// missing.
  private static let pauses = Duration.seconds(1)...Duration.seconds(15)

  /// The checkpoint in which the job records since when it has been missing.
  let checkpoint: String
  let context: JobContext

  /// The time until the next look; nil once the timeout is over. A job that is retried starts over.
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

  /// It was seen: if it is missing again, the wait starts over.
  func clear() async throws {
    guard try await context.checkpoint(checkpoint, as: WatchedTime.self) != nil else { return }
    try await context.removeCheckpoints([checkpoint])
  }
}
