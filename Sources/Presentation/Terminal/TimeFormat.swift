import Glibc
package import JobQueue

/// Times for people: relative to one time, in one time zone. Programs get ``TimeText/exact(_:)``.
package struct TimeFormat: Sendable {
  /// Whose clock is shown.
  package enum Zone: Sendable {
    case utc
    /// The zone of this process, from `TZ` or the machine's setting.
    case local
  }

  /// The time that relative times refer to.
  package let now: Timestamp
  private let zone: Zone

  /// Creates a format.
  package init(now: Timestamp, zone: Zone) {
    self.now = now
    self.zone = zone
    // `localtime_r` is not required to read the zone itself.
    if zone == .local { tzset() }
  }

  /// `2026-11-21 05:32:44 CET`, in UTC `2026-11-21 04:32:44Z`.
  package func absolute(_ moment: Timestamp) -> String {
    let (day, time) = split(moment)
    return "\(day) \(time)"
  }

  /// `05:32:44 CET`, preceded by the day unless it is today.
  package func clock(_ moment: Timestamp) -> String {
    let (day, time) = split(moment)
    return day == split(now).day ? time : "\(day) \(time)"
  }

  /// `05:32:44 CET (in 40s)`; on another day without the span, which would add nothing to the date.
  package func slot(_ moment: Timestamp) -> String {
    let (day, time) = split(moment)
    return day == split(now).day ? "\(time) (\(relative(moment)))" : "\(day) \(time)"
  }

  /// `3m12s ago`, `in 12s`.
  package func relative(_ moment: Timestamp) -> String { TimeText.relative(moment, to: now) }

  private func split(_ moment: Timestamp) -> (day: String, time: String) {
    let (whole, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: 1000)
    var seconds = time_t(rest < 0 ? whole - 1 : whole)
    var parts = tm()
    switch zone {
    case .utc: gmtime_r(&seconds, &parts)
    case .local: localtime_r(&seconds, &parts)
    }
    let day = "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return (day, "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))\(name(of: parts))")
  }

  /// The name of the zone as it follows a time.
  private func name(of parts: tm) -> String {
    let name = parts.tm_zone.map { String(cString: $0) } ?? ""
    if zone == .utc || (parts.tm_gmtoff == 0 && (name.isEmpty || name == "UTC" || name == "UCT")) { return "Z" }
    return " " + name
  }

  private func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
