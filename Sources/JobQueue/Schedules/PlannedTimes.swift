import Wire

/// The times for which something is planned, in seconds of a local clock, without the excluded days.
struct PlannedTimes {
  /// Days for which nothing is planned.
  let excluded: Set<CalendarDay>
  private let expression: CronExpression?
  private let times: [Int64]

  init(_ times: [WallTime], excluded: Set<CalendarDay>) {
    (expression, self.times, self.excluded) = (nil, times.map(\.seconds).sorted(), excluded)
  }

  init(_ expression: CronExpression, excluded: Set<CalendarDay>) {
    (self.expression, times, self.excluded) = (expression, [], excluded)
  }

  /// The span without a planned time after which nothing more is expected. A cron expression ends after 100 years
  /// without an event: its times come at least every 40 years, even 29 February on a Sunday, but may all be skipped or
  /// excluded. Single times may be any distance ahead.
  var horizon: Int64 { (expression == nil ? 4_000_000 : 36_525) * 86_400 }

  /// The first planned time from one time through another.
  func next(from: Int64, through last: Int64) -> Int64? {
    var from = from
    while let wall = any(from: from, through: last) {
      let day = WallTime(seconds: wall).day
      guard excluded.contains(day) else { return wall }
      from = (day.daysSince1970 + 1) * 86_400
    }
    return nil
  }

  private func any(from: Int64, through last: Int64) -> Int64? {
    if let expression {
      return expression.next(from: WallTime(seconds: from), through: WallTime(seconds: last))?.seconds
    }
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < from { low = middle + 1 } else { high = middle }
    }
    return low < times.count && times[low] <= last ? times[low] : nil
  }
}
