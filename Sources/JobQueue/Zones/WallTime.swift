package import Wire

/// What a wall clock shows: a date and a time of day, which mean a point in time only together with a zone.
package struct WallTime: Sendable, Hashable {
  /// Seconds since 1970-01-01T00:00:00 of the same clock.
  package let seconds: Int64

  /// Creates a date and a time of day from the seconds since 1970-01-01T00:00:00 of the same clock.
  package init(seconds: Int64) { self.seconds = seconds }

  /// Reads `2026-12-05T18:00` or `2026-12-05T18:00:30`; a space may replace the `T`. Nil for anything else: other
  /// spellings of a date mean different days to different people.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 16 || bytes.count == 19, bytes[4] == 0x2D, bytes[7] == 0x2D,
      bytes[10] == 0x54 || bytes[10] == 0x20, bytes[13] == 0x3A, bytes.count == 16 || bytes[16] == 0x3A,
      let year = Self.number(bytes[0..<4], 1...9999), let month = Self.number(bytes[5..<7], 1...12),
      let day = Self.number(bytes[8..<10], 1...CalendarDay.lengthOfMonth(month, year: year)),
      let hour = Self.number(bytes[11..<13], 0...23), let minute = Self.number(bytes[14..<16], 0...59),
      let second = bytes.count == 16 ? 0 : Self.number(bytes[17..<19], 0...59)
    else { return nil }
    let days = CalendarDay(year: year, month: month, day: day).daysSince1970
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
  }

  /// The start of a day, as a clock shows it.
  package init(_ day: CalendarDay) { seconds = day.daysSince1970 * 86_400 }

  /// The date.
  package var day: CalendarDay { CalendarDay(daysSince1970: CalendarDay.floor(seconds, 86_400)) }

  private static func number(_ digits: ArraySlice<UInt8>, _ range: ClosedRange<Int64>) -> Int64? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    return range.contains(value) ? value : nil
  }
}
