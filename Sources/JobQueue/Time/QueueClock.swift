/// The only source of time for the engine: the wall clock in production, a virtual one in tests.
public protocol QueueClock: Sendable {
  /// The current time.
  func now() -> Timestamp
  /// Returns at `deadline`, or at once if it has passed.
  /// - Throws: `CancellationError` if the task is cancelled first.
  func sleep(until deadline: Timestamp) async throws
  /// Returns after `duration`. A clock that can be set sleeps for that span, even if it is set meanwhile.
  /// - Throws: `CancellationError` if the task is cancelled first.
  func sleep(for duration: Duration) async throws
  /// Returns when `duration` has passed since `begin`, however late the sleep itself starts; after `duration` at the
  /// latest, even if the clock was set back since.
  /// - Throws: `CancellationError` if the task is cancelled first.
  func sleep(for duration: Duration, since begin: Timestamp) async throws
}

extension QueueClock {
  /// Returns when `duration` has been added to the current time; correct for clocks that are never set.
  public func sleep(for duration: Duration) async throws {
    try await sleep(until: now() + duration)
  }

  /// Sleeps until `duration` after `begin`, or for `duration` if `begin` is still in the future.
  public func sleep(for duration: Duration, since begin: Timestamp) async throws {
    try await sleep(until: min(begin, now()) + duration)
  }
}
