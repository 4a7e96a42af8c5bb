import Wire

/// Walks through time from one planned time to the next, and between them through stretches in which the clocks of a zone
/// are equally far from UTC.
struct EventWalk {
  var planned: PlannedTimes
  var zone: TimeZoneRules
  /// What becomes of times that clocks change; nil where they happen whenever a clock shows them.
  var fixed: FixedTimes?

  /// What becomes of fixed times.
  struct FixedTimes {
    /// Whether one that clocks skip happens at the next moment there is.
    var movesSkipped: Bool
    /// Whether one that clocks show twice happens the first time.
    var first: Bool
    /// And the second time.
    var second: Bool
  }

  /// How far ahead changes of the clocks are looked for at a time.
  private static let window: Int64 = 8 * 86_400

  /// The instants from one second to another, in order, at most so many.
  func instants(from: Int64, to: Int64, limit: Int) -> [Int64] {
    var found: [Int64] = []
    var now = from
    while now <= to, found.count < limit {
      // Clocks show nothing from here on that is earlier by more than they can be behind UTC, and nothing earlier than this
      // time can be moved here.
      let (earliest, latest) = (now - TimeZoneRules.furthest, (found.last ?? from) + planned.horizon)
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
    if fixed?.movesSkipped == true, hasSkipped(before: stretch), found.last != stretch.start {
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
    guard first <= last, !planned.excluded.contains(WallTime(seconds: last + 1).day) else { return false }
    var wall = first
    while let next = planned.next(from: wall, through: last) {
      if zone.occurrences(of: WallTime(seconds: next)).isEmpty { return true }
      wall = next + 1
    }
    return false
  }

  /// Whether a time that clocks show at a moment is to happen then: also when they show it at another moment too.
  private func isMeant(_ moment: Int64, _ wall: Int64) -> Bool {
    guard let fixed, !(fixed.first && fixed.second) else { return true }
    let occurrences = zone.occurrences(of: WallTime(seconds: wall))
    return (fixed.first ? occurrences.first : occurrences.last) == Timestamp(seconds: moment)
  }
}
