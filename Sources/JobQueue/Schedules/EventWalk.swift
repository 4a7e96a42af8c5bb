import Wire

/// Walks through time from one planned time to the next, and between them through stretches in which the clocks of a zone
/// are equally far from UTC.
struct EventWalk {
  private let timing: EventTiming
  private let zone: TimeZoneRules
  private let planned: PlannedTimes

  init(timing: EventTiming, zone: TimeZoneRules) {
    (self.timing, self.zone) = (timing, zone)
    planned = PlannedTimes(timing)
  }

  /// How far ahead changes of the clocks are looked for at a time.
  private static let window: Int64 = 8 * 86_400
  /// 100 years without an event are the end of a cron expression: what it plans comes within 40, also 29 February on a
  /// Sunday, but it may be planned for skipped or excluded times only.
  private static let horizon: Int64 = 36_525 * 86_400

  /// The instants from one second to another, in order, at most so many.
  func instants(from: Int64, to: Int64, limit: Int) -> [Int64] {
    var found: [Int64] = []
    var now = from
    while now <= to, found.count < limit {
      // Clocks show nothing from here on that is earlier by more than they can be behind UTC, and nothing earlier than this
      // time can be moved here.
      let (earliest, latest) = (now - TimeZoneRules.furthest, (found.last ?? from) + Self.horizon)
      guard let wall = planned.next(from: earliest, through: latest) else { break }
      now = max(now, wall - TimeZoneRules.furthest)
      let end = min(to, now + Self.window - 1)
      guard now <= end else { break }
      for stretch in zone.stretches(from: now, through: end) {
        add(stretch, to: &found, limit: limit)
        if found.count >= limit { break }
      }
      now = end + 1
    }
    return found
  }

  private func add(_ stretch: TimeZoneRules.Stretch, to found: inout [Int64], limit: Int) {
    if timing.isFixed, timing.gap == .nextValid, hasSkipped(before: stretch), found.last != stretch.start {
      found.append(stretch.start)
    }
    var wall = stretch.start + stretch.offset
    while found.count < limit, let next = planned.next(from: wall, through: stretch.end + stretch.offset) {
      let moment = next - stretch.offset
      if isMeant(moment, next), found.last != moment { found.append(moment) }
      wall = next + 1
    }
  }

  /// Whether a time was planned that was skipped when clocks were put forward at the start of a stretch.
  private func hasSkipped(before stretch: TimeZoneRules.Stretch) -> Bool {
    let (first, last) = (stretch.start + stretch.offsetBefore, stretch.start + stretch.offset - 1)
    guard first <= last, !timing.excluded.contains(WallTime(seconds: last + 1).day) else { return false }
    var wall = first
    while let next = planned.next(from: wall, through: last) {
      if zone.occurrences(of: WallTime(seconds: next)).isEmpty { return true }
      wall = next + 1
    }
    return false
  }

  /// Whether a time that clocks show at a moment is to happen then: also when they show it at another moment too.
  private func isMeant(_ moment: Int64, _ wall: Int64) -> Bool {
    guard timing.isFixed, timing.overlap != .both else { return true }
    let occurrences = zone.occurrences(of: WallTime(seconds: wall))
    return (timing.overlap == .first ? occurrences.first : occurrences.last) == Timestamp(seconds: moment)
  }
}

/// The times for which something is planned, in seconds of a local clock, without the excluded days.
private struct PlannedTimes {
  private let excluded: Set<CalendarDay>
  private let expression: CronExpression?
  private let times: [Int64]

  init(_ timing: EventTiming) {
    excluded = timing.excluded
    switch timing.moments {
    case .instants(let times): (expression, self.times) = (nil, times.map(\.seconds).sorted())
    case .cron(let expression): (self.expression, times) = (expression, [])
    }
  }

  /// The first one, not before one time and, by a cron expression, not after another.
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
    return low < times.count ? times[low] : nil
  }
}
