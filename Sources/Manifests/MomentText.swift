public import JobQueue
import Settings
import Wire

/// Moments as a person writes them: `2026-12-05T20:15:00+01:00` (RFC 3339), or `+10m` from now; on a command line also
/// `2026-12-05 20:15`, by the clock of the machine on which it is typed.
public enum MomentText {
  /// Whose clock a time without an offset may be read by.
  public enum Place: Sendable {
    /// A file, which other machines read too: nobody's.
    case file
    /// A command line: that of this process.
    case commandLine
  }

  /// What to tell about a text in a file that is not a valid time.
  public static let hint = "write 2026-12-05T20:15:00+01:00, or +10m for ten minutes from now"
  /// What to tell about a text on the command line that is not a valid time.
  public static let flagHint =
    "write '2026-12-05 20:15' (local time), 2026-12-05T20:15:00+01:00, or +10m for ten minutes from now"

  /// The moment, or nil when the text is none. A time without its offset is none: it would mean another moment on
  /// another machine.
  public static func parse(_ text: String, now: Timestamp) -> Timestamp? {
    if text.hasPrefix("+") { return DurationText.parse(String(text.dropFirst())).map { now + $0 } }
    return InternetTime.milliseconds(text).map { Timestamp(milliseconds: $0) }
  }

  /// The moment.
  /// - Throws: ``FieldProblem`` that says how to write it.
  public static func read(_ text: String, in place: Place, now: Timestamp) throws(FieldProblem) -> Timestamp {
    if let moment = parse(text, now: now) { return moment }
    guard let local = LocalTime(text) else {
      throw FieldProblem("'\(text)' is not a valid time", help: place == .file ? hint : flagHint)
    }
    let meant = local.candidates.map(\.text).joined(separator: " or ")
    guard let first = local.candidates.first else {
      throw FieldProblem(
        "'\(text)' does not exist in this machine's time zone: clocks go forward past it", help: hint)
    }
    guard place == .commandLine else {
      throw FieldProblem(
        "'\(text)' has no offset from UTC, so it would mean different times on different machines",
        help: "by this machine's clock it is \(meant)")
    }
    guard local.candidates.count == 1 else {
      throw FieldProblem("'\(text)' is ambiguous: clocks go back over it, so it occurs twice", help: "write \(meant)")
    }
    return Timestamp(milliseconds: first.milliseconds)
  }
}
