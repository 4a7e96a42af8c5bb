package import Wire

/// Five fields that define the minutes of local time at which something happens, interpreted like Debian's cron:
/// minute, hour, day of month, month, day of week.
///
/// A field is `*`, a number, a range `1-5`, either of the latter with a step, such as `*/15` or `9-17/2`, or several of
/// them separated by commas. Months and days of the week have names too (`JAN`, `MON-FRI`); Sunday is 0 and 7. If
/// neither the day of the month nor the day of the week begins with `*`, a day matches if one of them does; otherwise
/// both must match.
package struct CronExpression: Sendable, Hashable, CustomStringConvertible {
  /// The fields as they were written, separated by single spaces.
  package let description: String
  /// Whether it means times of day rather than a regular distance: neither the minute nor the hour begins with `*`. A
  /// fixed time happens once if clocks show it twice, and at the next valid time if they skip it.
  package let isFixed: Bool

  /// Bit n is set if the number n matches.
  private let minutes: UInt64
  private let hours: UInt64
  private let daysOfMonth: UInt64
  private let months: UInt64
  private let daysOfWeek: UInt64
  private let isEitherDayEnough: Bool

  /// Reads an expression.
  /// - Throws: ``CronProblem`` for an invalid expression, and for one that never matches, such as 31 February.
  package init(_ text: String) throws(CronProblem) {
    let words = try CronReader.fields(text)
    var sets: [UInt64] = []
    for (field, word) in zip(CronField.allCases, words) { sets.append(try CronReader(field, word).set()) }
    func hasStar(_ field: CronField) -> Bool { words[field.rawValue].first == "*" }
    description = words.joined(separator: " ")
    isFixed = !hasStar(.minute) && !hasStar(.hour)
    isEitherDayEnough = !hasStar(.dayOfMonth) && !hasStar(.dayOfWeek)
    (minutes, hours, daysOfMonth, months, daysOfWeek) = (sets[0], sets[1], sets[2], sets[3], sets[4])
    try refuseWhatNeverComes(words)
  }

  /// A date falls on each day of the week in some year or other; so only a day that no month has never comes.
  private func refuseWhatNeverComes(_ words: [Substring]) throws(CronProblem) {
    // In a leap year.
    let isDay = (1...12).contains { month in
      months.has(month)
        && daysOfMonth.first(from: 1, to: Int(CalendarDay.lengthOfMonth(Int64(month), year: 2000))) != nil
    }
    guard !isDay, !isEitherDayEnough else { return }
    let (day, month) = (words[CronField.dayOfMonth.rawValue], words[CronField.month.rawValue])
    throw CronProblem(
      .dayOfMonth, day, "month \"\(CronProblem.shown(month))\" never has this day",
      hint: "February has at most 29 days; April, June, September and November have 30")
  }

  /// Whether the expression matches a day.
  package func matches(_ day: CalendarDay) -> Bool {
    guard months.has(Int(day.month)) else { return false }
    // 1970-01-01 was a Thursday, so day -4 was a Sunday.
    let days = day.daysSince1970
    let isOfWeek = daysOfWeek.has(Int(((days + 4) % 7 + 7) % 7))
    let isOfMonth = daysOfMonth.has(Int(day.day))
    return isEitherDayEnough ? isOfWeek || isOfMonth : isOfWeek && isOfMonth
  }

  /// The first matching time from one time through another; nil if there is none.
  package func next(from: WallTime, through last: WallTime) -> WallTime? {
    guard from.seconds <= last.seconds else { return nil }
    let minute = CalendarDay.floor(from.seconds + 59, 60)
    var days = CalendarDay.floor(minute, 1440)
    let lastDay = CalendarDay.floor(last.seconds, 86_400)
    var minuteOfDay = Int(minute - days * 1440)
    var day = CalendarDay(daysSince1970: days)
    while days <= lastDay {
      guard months.has(Int(day.month)) else {
        (days, day) = startOfNextMonth(day)
        minuteOfDay = 0
        continue
      }
      if matches(day), let found = time(from: minuteOfDay) {
        let wall = WallTime(seconds: (days * 1440 + Int64(found)) * 60)
        return wall.seconds <= last.seconds ? wall : nil
      }
      minuteOfDay = 0
      days += 1
      day.day += 1
      if day.day > 28 { day = CalendarDay(daysSince1970: days) }
    }
    return nil
  }

  private func startOfNextMonth(_ day: CalendarDay) -> (Int64, CalendarDay) {
    let next = CalendarDay(year: day.month == 12 ? day.year + 1 : day.year, month: day.month % 12 + 1, day: 1)
    return (next.daysSince1970, next)
  }

  /// The first matching minute of a day from a given one on.
  private func time(from minuteOfDay: Int) -> Int? {
    let (hour, minute) = (minuteOfDay / 60, minuteOfDay % 60)
    if hours.has(hour), let minute = minutes.first(from: minute, to: 59) { return hour * 60 + minute }
    guard let hour = hours.first(from: hour + 1, to: 23), let minute = minutes.first(from: 0, to: 59) else {
      return nil
    }
    return hour * 60 + minute
  }
}

extension UInt64 {
  /// Whether a number is in the set.
  fileprivate func has(_ number: Int) -> Bool { self >> UInt64(number) & 1 == 1 }

  /// The lowest number of the set within a range.
  fileprivate func first(from low: Int, to high: Int) -> Int? {
    guard low <= high else { return nil }
    let rest = self >> UInt64(low)
    let found = low + rest.trailingZeroBitCount
    return rest != 0 && found <= high ? found : nil
  }
}
