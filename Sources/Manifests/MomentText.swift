public import JobQueue
import Settings

/// Moments as a person writes them: `2026-12-05T20:15:00+01:00` (RFC 3339), or `+10m` from now.
public enum MomentText {
  /// What to tell about a text that is no moment.
  public static let hint = "write 2026-12-05T20:15:00+01:00, or +10m for ten minutes from now"

  /// The moment, or nil when the text is none. A time without its offset is none: it would mean another moment on
  /// another machine.
  public static func parse(_ text: String, now: Timestamp) -> Timestamp? {
    if text.hasPrefix("+") { return DurationText.parse(String(text.dropFirst())).map { now + $0 } }
    return rfc3339(text)
  }

  private static func rfc3339(_ text: String) -> Timestamp? {
    var rest = text[...]
    func separator(_ allowed: String) -> Bool {
      guard let first = rest.first, allowed.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    func number(_ width: Int, _ range: ClosedRange<Int64>) -> Int64? {
      let digits = rest.prefix(width)
      guard digits.count == width, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int64(digits),
        range.contains(value)
      else { return nil }
      rest = rest.dropFirst(width)
      return value
    }
    guard let year = number(4, 1970...9999), separator("-"), let month = number(2, 1...12), separator("-"),
      let day = number(2, 1...31), day <= days(inMonth: month, of: year), separator("Tt "),
      let hour = number(2, 0...23), separator(":"), let minute = number(2, 0...59), separator(":"),
      let second = number(2, 0...59)
    else { return nil }
    var milliseconds: Int64 = 0
    if separator(".") {
      let fraction = rest.prefix { $0.isASCII && $0.isNumber }
      guard !fraction.isEmpty, fraction.count <= 9 else { return nil }
      rest = rest.dropFirst(fraction.count)
      milliseconds = Int64((fraction + "00").prefix(3)) ?? 0
    }
    var offset: Int64 = 0
    if !separator("Zz") {
      let sign: Int64 = rest.first == "-" ? -1 : 1
      guard separator("+-"), let hours = number(2, 0...23), separator(":"), let minutes = number(2, 0...59) else {
        return nil
      }
      offset = sign * (hours * 60 + minutes)
    }
    guard rest.isEmpty else { return nil }
    let minutes = (daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute - offset
    return Timestamp(milliseconds: (minutes * 60 + second) * 1000 + milliseconds)
  }

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let past = year - 1
    let leapDays = past / 4 - past / 100 + past / 400 - 477
    let months = (1..<month).reduce(0) { $0 + days(inMonth: $1, of: year) }
    return (year - 1970) * 365 + leapDays + months + day - 1
  }
}
