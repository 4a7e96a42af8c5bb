import Wire

/// The times for which something is planned, in seconds of a local clock, without the excluded days.
struct PlannedTimes {
  /// Nothing is planned for these.
  let excluded: Set<CalendarDay>
  private let expression: CronExpression?
  private let times: [Int64]

  init(_ times: [WallTime], excluded: Set<CalendarDay>) {
    (expression, self.times, self.excluded) = (nil, times.map(\.seconds).sorted(), excluded)
  }

  init(_ expression: CronExpression, excluded: Set<CalendarDay>) {
    (self.expression, times, self.excluded) = (expression, [], excluded)
  }

  /// How long nothing needs to be planned until it is taken that nothing comes any more. 100 years without an event are the
  /// end of a cron expression: what it plans comes within 40, also 29 February on a Sunday, but it may be planned for
  /// skipped or excluded times only. Single times may lie as far ahead as they like.
  var horizon: Int64 { (expression == nil ? 4_000_000 : 36_525) * 86_400 }

  /// The first one, not before one time and not after another.
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
