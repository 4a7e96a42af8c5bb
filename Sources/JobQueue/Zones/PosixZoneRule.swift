import Wire

/// The rule in the footer of a TZif file (RFC 9636, 3.3; POSIX `TZ`): `CET-1CEST,M3.5.0,M10.5.0/3`.
struct PosixZoneRule: Sendable, Hashable {
  /// A day of the year and a time of day at which clocks change.
  struct Change: Sendable, Hashable {
    enum Day: Sendable, Hashable {
      /// 1 to 365; 29 February is never counted.
      case julian(Int64)
      /// 0 to 365; 29 February is counted.
      case ofYear(Int64)
      /// The first, second, third, fourth or last (5) such weekday of a month; 0 is Sunday.
      case weekday(month: Int64, week: Int64, weekday: Int64)
    }
    var day: Day
    /// Seconds from midnight, by the clock before the change; may be negative or more than a day.
    var time: Int64

    /// Seconds from 1970-01-01T00:00 by the clock before the change.
    func wallSeconds(in year: Int64) -> Int64 { days(in: year) * 86_400 + time }

    private func days(in year: Int64) -> Int64 {
      let newYear = CalendarDay(year: year, month: 1, day: 1).daysSince1970
      switch day {
      case .ofYear(let day): return newYear + day
      case .julian(let day):
        let isLeap = CalendarDay.lengthOfMonth(2, year: year) == 29
        return newYear + day - 1 + (isLeap && day >= 60 ? 1 : 0)
      case .weekday(let month, let week, let weekday):
        let first = CalendarDay(year: year, month: month, day: 1).daysSince1970
        // 1970-01-01 was a Thursday.
        let ahead = (weekday - (first + 4) % 7 + 14) % 7
        var day = ahead + (week - 1) * 7
        while day >= CalendarDay.lengthOfMonth(month, year: year) { day -= 7 }
        return first + day
      }
    }
  }

  /// Daylight saving time, if the zone has it.
  struct Daylight: Sendable, Hashable {
    /// Seconds east of UTC.
    var offset: Int64
    var start: Change
    var end: Change
  }

  /// Seconds east of UTC.
  var standard: Int64
  var daylight: Daylight?

  /// Seconds east of UTC at a given time.
  func offset(at second: Int64) -> Int64 {
    guard let daylight else { return standard }
    let year = year(of: second)
    var latest: (second: Int64, isStart: Bool)?
    // A change may lie up to a week outside its year.
    for year in year - 1...year + 1 {
      for change in [start(in: year, daylight), end(in: year, daylight)] where change.second <= second {
        // If one summer ends as the next begins, as for a zone that never leaves summer time, it continues.
        guard let other = latest, other.second > change.second || other.second == change.second && !change.isStart
        else {
          latest = change
          continue
        }
      }
    }
    return latest?.isStart == true ? daylight.offset : standard
  }

  /// The times between two given ones at which clocks may change.
  func changes(from: Int64, to: Int64) -> [Int64] {
    guard let daylight else { return [] }
    let years = year(of: from) - 1...year(of: to) + 1
    return years.flatMap { [start(in: $0, daylight).second, end(in: $0, daylight).second] }
      .filter { from < $0 && $0 <= to }.sorted()
  }

  private func start(in year: Int64, _ daylight: Daylight) -> (second: Int64, isStart: Bool) {
    (daylight.start.wallSeconds(in: year) - standard, true)
  }

  private func end(in year: Int64, _ daylight: Daylight) -> (second: Int64, isStart: Bool) {
    (daylight.end.wallSeconds(in: year) - daylight.offset, false)
  }

  private func year(of second: Int64) -> Int64 {
    let local = second + standard
    return CalendarDay(daysSince1970: local >= 0 ? local / 86_400 : (local - 86_399) / 86_400).year
  }
}

extension PosixZoneRule {
  /// Parses the text of a footer; nil if it is not such a rule. A summer time without its changes is invalid: they
  /// would have to be guessed.
  init?(_ text: [UInt8]) {
    var reader = Reader(rest: text[...])
    guard reader.skipName(), let west = reader.time(hours: 24) else { return nil }
    standard = -west
    daylight = nil
    guard !reader.rest.isEmpty else { return }
    guard reader.skipName() else { return nil }
    var offset = standard + 3600
    if reader.rest.first != UInt8(ascii: ",") {
      guard let west = reader.time(hours: 24) else { return nil }
      offset = -west
    }
    guard let start = reader.change(), let end = reader.change(), reader.rest.isEmpty else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func skip(_ byte: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: byte) else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// At least three letters, or letters, digits and signs between `<` and `>`.
    mutating func skipName() -> Bool {
      let isQuoted = skip("<")
      let name = rest.prefix { byte in
        let isLetter = (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80
        return isLetter || isQuoted && ((0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D)
      }
      rest = rest.dropFirst(name.count)
      return name.count >= 3 && (!isQuoted || skip(">"))
    }

    mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard (1...3).contains(digits.count) else { return nil }
      let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
      guard range.contains(value) else { return nil }
      rest = rest.dropFirst(digits.count)
      return value
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(hours most: Int64) -> Int64? {
      let sign: Int64 = skip("-") ? -1 : 1
      if sign > 0 { _ = skip("+") }
      guard let hours = number(0...most) else { return nil }
      var seconds = hours * 3600
      if skip(":") {
        guard let minutes = number(0...59) else { return nil }
        seconds += minutes * 60
        if skip(":") {
          guard let rest = number(0...59) else { return nil }
          seconds += rest
        }
      }
      return sign * seconds
    }

    /// `,DAY[/TIME]`; two in the morning if no time is given. Version 3 of the file format allows hours beyond a day.
    mutating func change() -> Change? {
      guard skip(","), let day = day() else { return nil }
      guard skip("/") else { return Change(day: day, time: 7200) }
      return time(hours: 167).map { Change(day: day, time: $0) }
    }

    private mutating func day() -> Change.Day? {
      if skip("J") { return number(1...365).map { .julian($0) } }
      guard skip("M") else { return number(0...365).map { .ofYear($0) } }
      guard let month = number(1...12), skip("."), let week = number(1...5), skip("."), let weekday = number(0...6)
      else { return nil }
      return .weekday(month: month, week: week, weekday: weekday)
    }
  }
}
