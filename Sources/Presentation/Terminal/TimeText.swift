import FoundationEssentials
package import JobQueue

/// Times for programs, and durations for people. Times for people: ``TimeFormat``.
package enum TimeText {
  /// `2026-11-21T04:32:44.123Z`, for JSON.
  package static func exact(_ moment: Timestamp) -> String {
    date(moment).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// `3m ago`, `in 12s`.
  package static func relative(_ moment: Timestamp, to now: Timestamp) -> String {
    let difference = now - moment
    return difference < .zero ? "in \(span(.zero - difference))" : "\(span(difference)) ago"
  }

  /// `350ms`, `12s`, `3m12s`, `2h05m`, `4d`.
  package static func span(_ duration: Duration) -> String {
    let milliseconds = duration.wholeMilliseconds
    let seconds = milliseconds / 1000
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    switch seconds {
    case ..<1: return "\(milliseconds)ms"
    case ..<60: return "\(seconds)s"
    case ..<3600: return "\(seconds / 60)m\(two(seconds % 60))s"
    case ..<86400: return "\(seconds / 3600)h\(two(seconds / 60 % 60))m"
    default: return "\(seconds / 86400)d"
    }
  }

  private static func date(_ moment: Timestamp) -> Date {
    Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)
  }
}
