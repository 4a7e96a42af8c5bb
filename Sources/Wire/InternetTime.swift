/// Times in RFC 3339 format (a profile of ISO 8601), as milliseconds since 1970-01-01T00:00:00Z.
package enum InternetTime {
  /// The time; nil if the text is not one, names a day that does not exist, or lacks its offset.
  ///
  /// `2026-12-05T20:15:00+01:00`, `2026-01-10T10:00:00.000Z`; a space may replace the `T` (section 5.6), and a leap
  /// second is read as the second after it. The colon in the offset may be missing, as in ISO 8601.
  package static func milliseconds(_ text: String) -> Int64? {
    var digits = Digits(rest: text.utf8[...])
    guard let year = digits.number(4, 1...9999), digits.skip("-"), let month = digits.number(2, 1...12),
      digits.skip("-"), let day = digits.number(2, 1...CalendarDay.lengthOfMonth(month, year: year)),
      digits.skip("Tt "), let hour = digits.number(2, 0...23), digits.skip(":"),
      let minute = digits.number(2, 0...59), digits.skip(":"), let second = digits.number(2, 0...60),
      let fraction = digits.fraction(), let offset = digits.offset(), digits.rest.isEmpty
    else { return nil }
    let days = CalendarDay(year: year, month: month, day: day).daysSince1970
    return (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + fraction
  }

  /// Whole seconds, rounded down.
  package static func seconds(_ text: String) -> Int64? {
    milliseconds(text).map { ($0 - (($0 % 1000) + 1000) % 1000) / 1000 }
  }

  /// Seconds since 1970 as `2026-12-05T22:30:00Z`.
  package static func text(_ seconds: Int64) -> String {
    let day = CalendarDay(daysSince1970: CalendarDay.floor(seconds, 86_400))
    let rest = seconds - CalendarDay.floor(seconds, 86_400) * 86_400
    return pad(day.year, 4) + "-" + pad(day.month, 2) + "-" + pad(day.day, 2) + "T" + pad(rest / 3600, 2) + ":"
      + pad(rest / 60 % 60, 2) + ":" + pad(rest % 60, 2) + "Z"
  }

  /// Seconds since 1970 as `YYYYMMDDThhmmssZ`, the basic format of ISO 8601.
  package static func basic(_ seconds: Int64) -> String {
    let day = CalendarDay(daysSince1970: CalendarDay.floor(seconds, 86_400))
    let rest = seconds - CalendarDay.floor(seconds, 86_400) * 86_400
    return pad(day.year, 4) + pad(day.month, 2) + pad(day.day, 2) + "T" + pad(rest / 3600, 2) + pad(rest / 60 % 60, 2)
      + pad(rest % 60, 2) + "Z"
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Reads from the start of a text.
  private struct Digits {
    var rest: Substring.UTF8View

    mutating func skip(_ allowed: String) -> Bool {
      guard let first = rest.first, allowed.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func number(_ width: Int, _ range: ClosedRange<Int64>) -> Int64? {
      let digits = rest.prefix(width)
      guard digits.count == width, let value = Self.value(digits), range.contains(value) else { return nil }
      rest = rest.dropFirst(width)
      return value
    }

    /// Milliseconds; zero if there is no fraction, nil for one without digits or with more than nine.
    mutating func fraction() -> Int64? {
      guard skip(".") else { return 0 }
      let digits = rest.prefix { Self.isDigit($0) }
      guard !digits.isEmpty, digits.count <= 9 else { return nil }
      rest = rest.dropFirst(digits.count)
      return Self.value(Array((Array(digits) + Array("00".utf8)).prefix(3)))
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int64? {
      if skip("Zz") { return 0 }
      let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
      guard skip("+-"), let hours = number(2, 0...23) else { return nil }
      _ = skip(":")
      guard let minutes = number(2, 0...59) else { return nil }
      return sign * (hours * 60 + minutes)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func value(_ digits: some Collection<UInt8>) -> Int64? {
      guard digits.allSatisfy(isDigit) else { return nil }
      return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }
  }
}
