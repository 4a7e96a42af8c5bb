public import JobQueue
import Settings
import Wire

/// Times as people write them: `2026-12-05T20:15:00+01:00` (RFC 3339), or `+10m` from now; on a command line also
/// `2026-12-05 20:15`, by the clock of the machine on which it is typed.
public enum MomentText {
  /// Whether a time without an offset is accepted, and by whose clock.
  public enum Place: Sendable {
    /// In a file, which other machines read, too: not accepted.
    case file
    /// On a command line: by the clock of this process.
    case commandLine
  }

  /// The help for a text in a file that is not a valid time.
  public static let hint = "write 2026-12-05T20:15:00+01:00, or +10m for ten minutes from now"
  /// The help for a text on the command line that is not a valid time.
  public static let flagHint =
    "write '2026-12-05 20:15' (local time), 2026-12-05T20:15:00+01:00, or +10m for ten minutes from now"

  /// The time; nil if the text is not valid. A time without an offset is not: it would mean different times on
  /// different machines.
  public static func parse(_ text: String, now: Timestamp) -> Timestamp? {
    if text.hasPrefix("+") { return DurationText.parse(String(text.dropFirst())).map { now + $0 } }
    return InternetTime.milliseconds(text).map { Timestamp(milliseconds: $0) }
  }

  /// The time.
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
