/// The only source of time for the engine: the wall clock in production, a virtual one in tests.
public protocol QueueClock: Sendable {
  /// The present moment.
  func now() -> Timestamp
  /// Returns at `deadline`, or at once when it has passed.
  /// - Throws: `CancellationError` when the task is cancelled first.
  func sleep(until deadline: Timestamp) async throws
  /// Returns after `duration`. A clock that can be stepped sleeps for that span, whatever its hands say meanwhile.
  /// - Throws: `CancellationError` when the task is cancelled first.
  func sleep(for duration: Duration) async throws
  /// Returns when `duration` has passed since `begin`, however late the sleep itself begins; after `duration` at the
  /// latest, also when the clock was set back since.
  /// - Throws: `CancellationError` when the task is cancelled first.
  func sleep(for duration: Duration, since begin: Timestamp) async throws
}

extension QueueClock {
  /// Returns when `duration` has been added to the present moment; right for clocks that are not stepped.
  public func sleep(for duration: Duration) async throws {
    try await sleep(until: now() + duration)
  }

  /// Sleeps until `begin` and `duration` after it, or for `duration` when `begin` is still to come.
  public func sleep(for duration: Duration, since begin: Timestamp) async throws {
    try await sleep(until: min(begin, now()) + duration)
  }
}
