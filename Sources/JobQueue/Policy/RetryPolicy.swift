/// When and how often a failed job runs again: exponential backoff with full jitter.
///
/// Full jitter: the delay is drawn evenly from zero to the backoff, so that jobs that failed together do not come back
/// together.
public struct RetryPolicy: Sendable, Hashable, Codable {
  /// The largest delay after the first failure.
  public var base: Duration
  /// The factor by which the largest delay grows with each failure.
  public var factor: Double
  /// The upper limit of all delays.
  public var cap: Duration
  /// The number of failures after which the job is dead.
  public var maxAttempts: Int

  /// Creates a policy.
  public init(base: Duration, factor: Double, cap: Duration, maxAttempts: Int) {
    self.base = base
    self.factor = factor
    self.cap = cap
    self.maxAttempts = maxAttempts
  }

  /// Base 2 s, factor 2, cap 10 min, 12 attempts.
  public static let standard = RetryPolicy(base: .seconds(2), factor: 2, cap: .seconds(600), maxAttempts: 12)

  /// The largest delay after `failures` failures (1 for the first).
  public func backoff(afterFailures failures: Int) -> Duration {
    var backoff = base
    var left = max(0, failures - 1)
    while left > 0, backoff < cap {
      backoff = backoff * factor
      left -= 1
    }
    return min(backoff, cap)
  }

  /// The delay after `failures` failures (1 for the first).
  ///
  /// What the other side asked for takes precedence over the backoff; up to a tenth of it (at most 5 s) is added at
  /// random, so that not everyone comes back at the same instant.
  public func delay(afterFailures failures: Int, requested: Duration? = nil, random: some RandomSource) -> Duration {
    if let requested {
      return requested + min(requested / 10, .seconds(5)) * random.uniform()
    }
    return backoff(afterFailures: failures) * random.uniform()
  }
}
