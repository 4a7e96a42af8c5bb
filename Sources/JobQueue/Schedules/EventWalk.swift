import Wire

/// Steps from one planned time to the next, and between them through stretches in which a zone's offset from UTC is
/// constant.
struct EventWalk {
  var planned: PlannedTimes
  var zone: TimeZoneRules
  /// The rules for fixed times when clocks change; nil for times that happen whenever a clock shows them.
  var fixed: FixedTimes?

  /// The rules for fixed times.
  struct FixedTimes {
    /// Whether a time that clocks skip happens at the next valid time.
    var movesSkipped: Bool
    /// Whether a time that clocks show twice happens the first time.
    var first: Bool
    /// Whether it happens the second time.
    var second: Bool
  }

  /// How far ahead to look for clock changes in one step.
  private static let window: Int64 = 8 * 86_400

  /// The instants from one second to another, in order, up to `limit` of them.
  func instants(from: Int64, to: Int64, limit: Int) -> [Int64] {
    var found: [Int64] = []
    var now = from
    while now <= to, found.count < limit {
      // From here on, clocks show nothing earlier than now minus their largest distance from UTC, and nothing earlier
      // than that can be moved here.
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

  /// Whether a planned time was skipped when clocks were put forward at the start of a stretch.
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

  /// Whether a time that clocks show at a given instant is to happen then, considering that they may show it at another
  /// instant too.
  private func isMeant(_ moment: Int64, _ wall: Int64) -> Bool {
    guard let fixed, !(fixed.first && fixed.second) else { return true }
    let occurrences = zone.occurrences(of: WallTime(seconds: wall))
    return (fixed.first ? occurrences.first : occurrences.last) == Timestamp(seconds: moment)
  }
}
