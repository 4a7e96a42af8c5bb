import Glibc
package import JobQueue

/// Moments as a person reads them: seen from one moment, in one time zone. Programs get ``TimeText/exact(_:)``.
package struct TimeFormat: Sendable {
  /// Whose clock is shown.
  package enum Zone: Sendable {
    case utc
    /// The zone of this process, by `TZ` or the machine's own.
    case local
  }

  /// The moment from which it is seen.
  package let now: Timestamp
  private let zone: Zone

  /// Creates a format.
  package init(now: Timestamp, zone: Zone) {
    self.now = now
    self.zone = zone
    // `localtime_r` need not look for the zone by itself.
    if zone == .local { tzset() }
  }

  /// `2026-11-21 05:32:44 CET`, in UTC `2026-11-21 04:32:44Z`.
  package func absolute(_ moment: Timestamp) -> String {
    let (day, time) = split(moment)
    return "\(day) \(time)"
  }

  /// `05:32:44 CET`, with the day in front when it is not today's.
  package func clock(_ moment: Timestamp) -> String {
    let (day, time) = split(moment)
    return day == split(now).day ? time : "\(day) \(time)"
  }

  /// `05:32:44 CET (in 40s)`; of another day without the span, which would say less than the date.
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

  /// The zone's name as it stands behind a time.
  private func name(of parts: tm) -> String {
    let name = parts.tm_zone.map { String(cString: $0) } ?? ""
    if zone == .utc || (parts.tm_gmtoff == 0 && (name.isEmpty || name == "UTC" || name == "UCT")) { return "Z" }
    return " " + name
  }

  private func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
