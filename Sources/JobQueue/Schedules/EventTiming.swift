package import Wire

/// When the events of a schedule happen: times of a local clock, and what becomes of those that clocks skip or show twice.
///
/// A time is *planned* by what the clock on the wall is to show; a zone makes an instant of it. Single instants, and cron
/// expressions whose minute and hour both begin with something else than `*`, are *fixed*: ``gap`` and ``overlap`` say what
/// becomes of them when clocks change. All other expressions mean a distance, such as every 15 minutes: they happen
/// whenever a clock shows a matching time, so twice where it shows the time twice, and not at all where it skips it.
package struct EventTiming: Sendable, Hashable {
  /// The planned times.
  package enum Moments: Sendable, Hashable {
    /// These, in any order; one that is there twice happens once.
    case instants([WallTime])
    /// Whatever matches.
    case cron(CronExpression)
  }

  /// What becomes of a fixed time that clocks skip.
  package enum GapPolicy: String, Sendable, Hashable, CaseIterable {
    /// It happens at the next moment there is, the one at which clocks are put forward; several such times are one event.
    case nextValid = "next-valid"
    /// It does not happen.
    case skip
  }

  /// What becomes of a fixed time that clocks show twice.
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
  /// Of a fixed time that clocks skip.
  package var gap: GapPolicy
  /// Of a fixed time that clocks show twice.
  package var overlap: OverlapPolicy
  /// Nothing happens before this time; shown twice, it means the first.
  package var startsAt: WallTime?
  /// Nothing happens after this time, but at it; shown twice, it means the second.
  package var endsAt: WallTime?
  /// How many events happen in all, counted from ``startsAt``, for a cron expression without one from 1970 on. What is
  /// excluded does not count. At least 1 and at most ``maximumCount``: each look counts them.
  package var count: Int?

  /// The largest ``count``; a larger one counts as this.
  package static let maximumCount = 10_000

  /// Timing by its parts.
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

  /// The instants in (after, through], in order, at most so many.
  ///
  /// A cron expression by which nothing happens for 100 years has ended; so has everything with the year 9999.
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

  /// The first instant after a moment; nil when there is none.
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

  /// The last of so many instants; nil when there are fewer.
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

  /// The years 1 to 9999, which is what people can write.
  private static let earliest = CalendarDay(year: 1, month: 1, day: 1).daysSince1970 * 86_400
  private static let latest = CalendarDay(year: 10_000, month: 1, day: 1).daysSince1970 * 86_400 - 1
}
