/// Conversions between seconds since 1970 (UTC) and the spellings of time that are AWS' own.
enum AWSTime {
  /// `YYYYMMDDThhmmssZ`, as SigV4 wants it.
  static func basic(_ seconds: Int64) -> String {
    let day = Int64(floorDivision(seconds, 86_400))
    let rest = seconds - day * 86_400
    let (year, month, dayOfMonth) = civil(fromDays: day)
    return pad(year, 4) + pad(month, 2) + pad(dayOfMonth, 2) + "T" + pad(rest / 3600, 2) + pad(rest / 60 % 60, 2)
      + pad(rest % 60, 2) + "Z"
  }

  /// ISO 8601 in UTC: `2026-11-20T12:34:56Z`, with or without a fraction, `+00:00` allowed.
  static func parseISO8601(_ text: String) -> Int64? {
    let halves = text.split(separator: "T")
    guard halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "-")
    var clock = halves[1]
    guard clock.hasSuffix("Z") || clock.hasSuffix("+00:00") else { return nil }
    clock = clock.prefix { $0 != "Z" && $0 != "+" && $0 != "." }
    guard date.count == 3, let year = Int64(date[0]), let month = Int64(date[1]), let day = Int64(date[2]) else {
      return nil
    }
    return seconds(year: year, month: month, day: day, clock: clock)
  }

  private static func seconds(year: Int64, month: Int64, day: Int64, clock: Substring) -> Int64? {
    let parts = clock.split(separator: ":")
    guard (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day), parts.count == 3,
      let hour = Int64(parts[0]), let minute = Int64(parts[1]), let second = Int64(parts[2]),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    return days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar. The year starts in March so that the leap day is last.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivision(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivision(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func floorDivision(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
