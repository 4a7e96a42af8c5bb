/// The five fields of a cron expression, in order.
package enum CronField: Int, Sendable, Hashable, CaseIterable {
  case minute, hour, dayOfMonth, month, dayOfWeek

  /// Its name for people.
  package var title: String {
    switch self {
    case .minute: "minute"
    case .hour: "hour"
    case .dayOfMonth: "day of month"
    case .month: "month"
    case .dayOfWeek: "day of week"
    }
  }

  /// The numbers that may be written. Sunday is 0 and 7.
  var range: ClosedRange<Int> {
    switch self {
    case .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...7
    }
  }

  /// The names that may be written, starting with that of the lowest number.
  var names: [String] {
    switch self {
    case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    default: []
    }
  }

  /// `hours are 0 to 23`.
  var rule: String {
    switch self {
    case .minute: "minutes are 0 to 59"
    case .hour: "hours are 0 to 23"
    case .dayOfMonth: "days of a month are 1 to 31"
    case .month: "months are 1 to 12 or JAN to DEC"
    case .dayOfWeek: "days of the week are 0 to 7 (Sunday is both) or SUN to SAT"
    }
  }
}
