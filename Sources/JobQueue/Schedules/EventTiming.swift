package import Wire

/// When the events of a schedule happen: times of a local clock, and what to do with those that clocks skip or show
/// twice.
///
/// A *planned* time is what a wall clock is to show; with a time zone it becomes an instant. Single instants, and cron
/// expressions in which neither the minute nor the hour begins with `*`, are *fixed*: ``gap`` and ``overlap`` apply to
/// them when clocks change. All other expressions mean a distance, such as every 15 minutes: they happen whenever a
/// clock shows a matching time, so twice if it shows the time twice, and not at all if it skips it.
package struct EventTiming: Sendable, Hashable {
  /// The planned times.
  package enum Moments: Sendable, Hashable {
    /// These, in any order; one that is listed twice happens once.
    case instants([WallTime])
    /// Every time that matches.
    case cron(CronExpression)
  }

  /// What happens to a fixed time that clocks skip.
  package enum GapPolicy: String, Sendable, Hashable, CaseIterable {
    /// It happens at the next valid time, when clocks are put forward; several such times are one event.
    case nextValid = "next-valid"
    /// It does not happen.
    case skip
  }

  /// What happens to a fixed time that clocks show twice.
  package enum OverlapPolicy: String, Sendable, Hashable, CaseIterable {
    /// It happens the first time.
    case first
    /// It happens the second time.
    case second
    /// It happens both times: two events.
    case both
  }

  /// The planned times.
  package var moments: Moments
  /// Local dates on which nothing happens: neither what is planned for them nor what would be moved to them.
  package var excluded: Set<CalendarDay>
  /// The rule for a fixed time that clocks skip.
  package var gap: GapPolicy
  /// The rule for a fixed time that clocks show twice.
  package var overlap: OverlapPolicy
  /// Nothing happens before this time. If clocks show it twice, the first one is meant.
  package var startsAt: WallTime?
  /// Nothing happens after this time, but it may happen at it. If clocks show it twice, the second one is meant.
  package var endsAt: WallTime?
  /// How many events happen in total, counted from ``startsAt`` or, for a cron expression without it, from 1970 on.
  /// Excluded events do not count. At least 1 and at most ``maximumCount``, because each look counts them.
  package var count: Int?

  /// The largest ``count``; a larger one is treated as this.
  package static let maximumCount = 10_000

  /// Creates timing from its parts.
  package init(
    _ moments: Moments, excluded: Set<CalendarDay> = [], gap: GapPolicy = .nextValid, overlap: OverlapPolicy = .first,
    startsAt: WallTime? = nil, endsAt: WallTime? = nil, count: Int? = nil
  ) {
    (self.moments, self.excluded, self.gap, self.overlap) = (moments, excluded, gap, overlap)
    (self.startsAt, self.endsAt, self.count) = (startsAt, endsAt, count)
  }

  /// Whether ``gap`` and ``overlap`` matter.
  package var isFixed: Bool {
    switch moments {
    case .instants: true
    case .cron(let expression): expression.isFixed
    }
  }

  /// The instants in (after, through], in order, up to `limit` of them.
  ///
  /// A cron expression that yields no event for 100 years has ended; everything ends with the year 9999.
  package func instants(after: Timestamp, through: Timestamp, limit: Int, in zone: TimeZoneRules) -> [Timestamp] {
    guard limit > 0, count.map({ $0 > 0 }) ?? true else { return [] }
    var (from, to) = (max(after.wholeSeconds + 1, Self.earliest), min(through.wholeSeconds, Self.latest))
    if let startsAt { from = max(from, zone.reading(of: startsAt).timestamp.wholeSeconds) }
    if let endsAt {
      let last = zone.occurrences(of: endsAt).last ?? zone.reading(of: endsAt).timestamp
      to = min(to, last.wholeSeconds)
    }
    if let count, let last = last(of: min(count, Self.maximumCount), in: zone) { to = min(to, last) }
    return walk(in: zone).instants(from: from, to: to, limit: limit)
      .map { Timestamp(seconds: $0) }
  }

  /// The first instant after a given one; nil if there is none.
  package func next(after: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
    instants(after: after, through: Timestamp(milliseconds: .max), limit: 1, in: zone).first
  }

  private func walk(in zone: TimeZoneRules) -> EventWalk {
    let planned: PlannedTimes
    switch moments {
    case .instants(let times): planned = PlannedTimes(times, excluded: excluded)
    case .cron(let expression): planned = PlannedTimes(expression, excluded: excluded)
    }
    let fixed = EventWalk.FixedTimes(
      movesSkipped: gap == .nextValid, first: overlap != .second, second: overlap != .first)
    return EventWalk(planned: planned, zone: zone, fixed: isFixed ? fixed : nil)
  }

  /// The last of `count` instants; nil if there are fewer.
  private func last(of count: Int, in zone: TimeZoneRules) -> Int64? {
    var all = self
    all.count = nil
    let start = startsAt == nil && isCron ? Timestamp(milliseconds: -1) : Timestamp(milliseconds: .min)
    let found = all.instants(after: start, through: Timestamp(milliseconds: .max), limit: count, in: zone)
    return found.count == count ? found.last?.wholeSeconds : nil
  }

  private var isCron: Bool {
    guard case .cron = moments else { return false }
    return true
  }

  /// The years 1 to 9999, which are those that people can write.
  private static let earliest = CalendarDay(year: 1, month: 1, day: 1).daysSince1970 * 86_400
  private static let latest = CalendarDay(year: 10_000, month: 1, day: 1).daysSince1970 * 86_400 - 1
}
