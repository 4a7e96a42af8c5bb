import Wire

extension HTTPResponse {
  /// Longer pauses are shortened to this: no foreign header delays a job for a day.
  public static let longestPause: Duration = .seconds(3600)

  /// How long the server asks us to wait: its `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); otherwise, for
  /// an answer about a limit, `x-ratelimit-reset` in seconds or as a Unix time. A pause in the past is zero.
  ///
  /// Absolute times are compared with the answer's own `Date`, so that a wrong clock here does not matter.
  /// - Parameter now: seconds since 1970 by our clock, for answers without `Date`; if nil, their absolute times are
  ///   ignored.
  public func requestedPause(now: Int64?) -> Duration? {
    let now = header("Date").flatMap(HTTPDate.seconds) ?? now
    if let text = header("Retry-After") {
      if let seconds = Self.whole(text) { return Self.pause(seconds) }
      if let instant = HTTPDate.seconds(text), let now { return Self.pause(instant - now) }
    }
    guard status == 429 || status == 503, let seconds = header("x-ratelimit-reset").flatMap(Self.whole) else {
      return nil
    }
    // Some services give the remaining seconds, others the absolute time; no window is 30 years long.
    guard seconds > 1_000_000_000 else { return Self.pause(seconds) }
    return now.map { Self.pause(seconds - $0) }
  }

  /// Digits only. However many there are, they mean a very long time, and the result stays small enough for arithmetic.
  private static func whole(_ text: String) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return min(Int64(text) ?? .max, 1 << 40)
  }

  private static func pause(_ seconds: Int64) -> Duration { min(max(.seconds(seconds), .zero), longestPause) }
}
