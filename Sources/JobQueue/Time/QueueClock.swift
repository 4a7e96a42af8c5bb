/// The only source of time for the engine: the wall clock in production, a virtual one in tests.
public protocol QueueClock: Sendable {
  /// The present moment.
  func now() -> Timestamp
  /// Returns at `deadline`, or at once when it has passed.
  /// - Throws: `CancellationError` when the task is cancelled first.
  func sleep(until deadline: Timestamp) async throws
}

extension QueueClock {
  /// Returns after `duration`.
  /// - Throws: `CancellationError` when the task is cancelled first.
  public func sleep(for duration: Duration) async throws {
    try await sleep(until: now() + duration)
  }
}
