import HTTPTransport

/// When a refused caller may come back. No such header is documented for this service; one that comes is obeyed.
enum VideoRetry {
  /// Longer waits than this are cut: no header of a stranger parks a job for a year.
  static let longest: Int64 = 86_400

  /// What an answer says; `Retry-After` (RFC 9110, 10.2.3) wins over the reset of a rate window.
  static func after(_ response: HTTPResponse, now: Int64) -> Duration? {
    if let text = response.header("Retry-After") {
      if let seconds = whole(text) { return bounded(seconds) }
      if let instant = VideoTime.seconds(httpDate: text) {
        // Both dates are the server's, so a wrong clock of ours does not matter.
        let serverNow = response.header("Date").flatMap(VideoTime.seconds(httpDate:)) ?? now
        return bounded(instant - serverNow)
      }
    }
    guard response.status == 429 || response.status == 503, let reset = response.header("x-ratelimit-reset"),
      let seconds = whole(reset)
    else { return nil }
    // Some services give the seconds that are left, others the instant; no window is 30 years long.
    return bounded(seconds > 1_000_000_000 ? seconds - now : seconds)
  }

  /// Digits only. More of them than Int64 holds still mean a very long time.
  private static func whole(_ text: String) -> Int64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(text) ?? longest
  }

  private static func bounded(_ seconds: Int64) -> Duration {
    .seconds(min(max(seconds, 0), longest))
  }
}
