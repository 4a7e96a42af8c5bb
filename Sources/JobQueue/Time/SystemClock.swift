import Glibc

/// The machine's wall clock.
public struct SystemClock: QueueClock {
  /// Creates the clock; it has no state.
  public init() {}

  /// The current time from `CLOCK_REALTIME`.
  public func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Sleeps for the time that is left until `deadline`; setting the wall clock does not shorten or lengthen the wait.
  public func sleep(until deadline: Timestamp) async throws {
    try await sleep(for: deadline - now())
  }

  /// Sleeps for the rest of `duration`; reads the time once, so that a clock change cannot come in between.
  public func sleep(for duration: Duration, since begin: Timestamp) async throws {
    try await sleep(for: min(duration, begin + duration - now()))
  }

  /// Sleeps by the machine's monotonic time, which is never set.
  public func sleep(for duration: Duration) async throws {
    if duration > .zero {
      try await Task.sleep(for: duration, tolerance: .milliseconds(1))
    } else {
      try Task.checkCancellation()
    }
  }
}
