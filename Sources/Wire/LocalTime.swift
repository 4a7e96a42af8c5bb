import Glibc

/// A local time of day, without an offset, in the time zone of this process (`TZ`, or the machine's own).
package struct LocalTime: Sendable, Hashable {
  /// A time that such a text may mean.
  package struct Candidate: Sendable, Hashable {
    /// Since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64
    /// The same with its offset, `2026-12-05T20:15:00+01:00`.
    package let text: String
  }

  /// What the text may mean: nothing if clocks are put forward past it, two times if they are put back over it.
  package let candidates: [Candidate]

  /// Reads `2026-12-05 20:15`, also with a `T` as separator and with seconds; nil for any other text, and for a day
  /// that does not exist.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 16 || bytes.count == 19, "Tt ".utf8.contains(bytes[10]) else { return nil }
    // With an offset it is a complete RFC 3339 time, or not a time at all.
    let whole = String(decoding: bytes, as: UTF8.self) + (bytes.count == 16 ? ":00Z" : "Z")
    guard let asUTC = InternetTime.seconds(whole) else { return nil }
    var wanted = tm()
    var seconds = time_t(asUTC)
    gmtime_r(&seconds, &wanted)
    tzset()
    var found: [Candidate] = []
    // Summer and winter time, and whatever else the zone has: the one that shows these digits is meant.
    for isSummer in [Int32(0), 1, -1] {
      var asked = wanted
      asked.tm_isdst = isSummer
      var instant = mktime(&asked)
      var shown = tm()
      localtime_r(&instant, &shown)
      guard Self.digits(shown) == Self.digits(wanted) else { continue }
      let candidate = Candidate(
        milliseconds: Int64(instant) * 1000, text: Self.text(wanted, minutes: shown.tm_gmtoff / 60))
      if !found.contains(candidate) { found.append(candidate) }
    }
    candidates = found.sorted { $0.milliseconds < $1.milliseconds }
  }

  private static func digits(_ time: tm) -> [Int32] {
    [time.tm_year, time.tm_mon, time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec]
  }

  private static func text(_ time: tm, minutes: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(Int(time.tm_year) + 1900)-\(two(Int(time.tm_mon) + 1))-\(two(Int(time.tm_mday)))"
    let clock = [time.tm_hour, time.tm_min, time.tm_sec].map { two(Int($0)) }.joined(separator: ":")
    let offset = abs(minutes)
    return "\(date)T\(clock)\(minutes < 0 ? "-" : "+")\(two(offset / 60)):\(two(offset % 60))"
  }
}
