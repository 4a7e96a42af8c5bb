public import JobQueue
import Settings
import Wire

/// Moments as a person writes them: `2026-12-05T20:15:00+01:00` (RFC 3339), or `+10m` from now.
public enum MomentText {
  /// What to tell about a text that is no moment.
  public static let hint = "write 2026-12-05T20:15:00+01:00, or +10m for ten minutes from now"

  /// The moment, or nil when the text is none. A time without its offset is none: it would mean another moment on
  /// another machine.
  public static func parse(_ text: String, now: Timestamp) -> Timestamp? {
    if text.hasPrefix("+") { return DurationText.parse(String(text.dropFirst())).map { now + $0 } }
    return InternetTime.milliseconds(text).map { Timestamp(milliseconds: $0) }
  }
}
