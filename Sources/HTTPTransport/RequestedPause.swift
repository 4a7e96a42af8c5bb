import Wire

extension HTTPResponse {
  /// Longer pauses than this are cut: no header of a stranger parks a job for a day.
  public static let longestPause: Duration = .seconds(3600)

  /// How long the server wants to be left alone: its `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), else, of
  /// an answer about a limit, `x-ratelimit-reset` in seconds or as a Unix time. A pause in the past is zero.
  ///
  /// An instant is read against the answer's own `Date`, so that a wrong clock here does not matter.
  /// - Parameter now: seconds since 1970 at our side, for answers without `Date`; nil leaves their instants unread.
  public func requestedPause(now: Int64?) -> Duration? {
    let now = header("Date").flatMap(HTTPDate.seconds) ?? now
    if let text = header("Retry-After") {
      if let seconds = Self.whole(text) { return Self.pause(seconds) }
      if let instant = HTTPDate.seconds(text), let now { return Self.pause(instant - now) }
    }
    guard status == 429 || status == 503, let seconds = header("x-ratelimit-reset").flatMap(Self.whole) else {
      return nil
    }
    // Some services give the seconds that are left, others the instant; no window is 30 years long.
    guard seconds > 1_000_000_000 else { return Self.pause(seconds) }
    return now.map { Self.pause(seconds - $0) }
  }

  /// Digits only. However many there are, they mean a very long time, and stay small enough to count with.
  private static func whole(_ text: String) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return min(Int64(text) ?? .max, 1 << 40)
  }

  private static func pause(_ seconds: Int64) -> Duration { min(max(.seconds(seconds), .zero), longestPause) }
}
