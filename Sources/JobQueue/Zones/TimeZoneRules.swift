/// The offset of one zone's clocks from UTC at any time: from its TZif file, and after the last change in it, from the
/// rule in the file's footer.
package struct TimeZoneRules: Sendable, Hashable {
  /// What a clock's display means.
  package enum Reading: Sendable, Hashable {
    /// The clock showed it once.
    case once(Timestamp)
    /// The clock never showed it, because it was put forward; the time of that change, which is the next valid time.
    case skipped(Timestamp)
    /// The clock showed it twice, because it was put back; the first time.
    case twice(Timestamp)

    /// The time.
    package var timestamp: Timestamp {
      switch self {
      case .once(let moment), .skipped(let moment), .twice(let moment): moment
      }
    }
  }

  /// Seconds east of UTC before the first change.
  let first: Int64
  /// The times of the changes, in seconds since 1970, ascending.
  let moments: [Int64]
  /// Seconds east of UTC after each change.
  let offsets: [Int64]
  /// What applies after the last change; nil if the file has no rule, so that nothing changes any more.
  let rule: PosixZoneRule?

  /// Seconds east of UTC at a given time.
  package func offset(at moment: Timestamp) -> Int64 { offset(atSecond: moment.wholeSeconds) }

  /// What a clock in this zone shows at a given time.
  package func wallTime(at moment: Timestamp) -> WallTime {
    WallTime(seconds: moment.wholeSeconds + offset(at: moment))
  }

  /// When a clock in this zone shows a time: the first of two such times; if there is none, the next valid time.
  package func reading(of wall: WallTime) -> Reading {
    let moments = occurrences(of: wall)
    if let moment = moments.first { return moments.count > 1 ? .twice(moment) : .once(moment) }
    let gap = changes(around: wall).first {
      $0.moment + $0.before <= wall.seconds && wall.seconds < $0.moment + $0.after
    }
    return .skipped(
      Timestamp(seconds: gap?.moment ?? wall.seconds - offset(atSecond: wall.seconds - Self.furthest)))
  }

  /// When a clock in this zone shows a time, in order: usually once, never if it is put forward over it, twice if it is
  /// put back over it.
  package func occurrences(of wall: WallTime) -> [Timestamp] {
    var offsets = Set([offset(atSecond: wall.seconds - Self.furthest)])
    for change in changes(around: wall) { offsets.insert(change.after) }
    return offsets.map { wall.seconds - $0 }.filter { $0 + offset(atSecond: $0) == wall.seconds }.sorted()
      .map { Timestamp(seconds: $0) }
  }

  /// A time span with a constant offset from UTC.
  struct Stretch {
    /// Its first second.
    var start: Int64
    /// Its last second.
    var end: Int64
    /// Seconds east of UTC.
    var offset: Int64
    /// Seconds east of UTC in the second before the start.
    var offsetBefore: Int64
  }

  /// The stretches between two times, in order. The first one may start earlier, and the last one may end later.
  func stretches(from: Int64, through last: Int64) -> [Stretch] {
    let changes = changes(from: from, to: last)
    var found = [
      Stretch(
        start: from, end: last, offset: offset(atSecond: from), offsetBefore: offset(atSecond: from - 1))
    ]
    for change in changes {
      found[found.count - 1].end = change.moment - 1
      found.append(Stretch(start: change.moment, end: last, offset: change.after, offsetBefore: change.before))
    }
    return found
  }

  /// RFC 9636, 3.2: offsets lie between -25 and 26 hours.
  static let furthest: Int64 = 26 * 3600

  private struct Change {
    var moment: Int64
    var before: Int64
    var after: Int64
  }

  func offset(atSecond second: Int64) -> Int64 {
    if let rule, moments.last.map({ second >= $0 }) ?? true { return rule.offset(at: second) }
    let index = index(after: second)
    return index == 0 ? first : offsets[index - 1]
  }

  /// The index of the first change that is later than a given time.
  private func index(after second: Int64) -> Int {
    var (low, high) = (0, moments.count)
    while low < high {
      let middle = (low + high) / 2
      if moments[middle] <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// No zone is further from UTC than ``furthest``, so the changes that matter for a time lie within that distance.
  private func changes(around wall: WallTime) -> [Change] {
    changes(from: wall.seconds - Self.furthest, to: wall.seconds + Self.furthest)
  }

  /// The changes after one time and up to another.
  private func changes(from: Int64, to: Int64) -> [Change] {
    var found = Array(moments[index(after: from)..<index(after: to)])
    if let rule {
      let last = moments.last ?? .min
      found += rule.changes(from: from, to: to).filter { $0 > last }
    }
    return found.map { Change(moment: $0, before: offset(atSecond: $0 - 1), after: offset(atSecond: $0)) }
      .filter { $0.before != $0.after }
  }
}

extension Timestamp {
  /// A timestamp from whole seconds since 1970; values beyond the limits of the type become the limits.
  init(seconds: Int64) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    self.init(milliseconds: overflow ? (seconds < 0 ? .min : .max) : product)
  }

  /// Whole seconds since 1970, rounded down.
  var wholeSeconds: Int64 {
    milliseconds >= 0 ? milliseconds / 1000 : -((-(milliseconds + 1)) / 1000) - 1
  }
}
