/// The arithmetic of a sliding window.
public enum BudgetRule {
  /// The moment at which a unit is free for somebody, when all before them take theirs as soon as they can.
  ///
  /// - Parameters:
  ///   - ahead: how many come before.
  ///   - ends: when the units that are taken now will be free again, in any order.
  public static func slot(
    ahead: Int, ends: [Timestamp], size: Int, window: Duration, at now: Timestamp
  ) -> Timestamp {
    var free = max(0, size - ends.count)
    // Of more than there are units, the last ones to end hold them.
    var taken = ends.sorted()[...]
    if taken.count > size { taken = taken.dropFirst(taken.count - max(size, 1)) }
    var later: [Timestamp] = []
    var next = 0
    var slot = now
    for _ in 0...max(0, ahead) {
      if free > 0 {
        free -= 1
        slot = now
      } else if let end = taken.first, next == later.count || end <= later[next] {
        taken = taken.dropFirst()
        slot = end
      } else if next < later.count {
        slot = later[next]
        next += 1
      } else {
        slot = now + window
      }
      later.append(slot + window)
    }
    return slot
  }

  /// When the units end that others must have taken, given that the provider counts `missing` more than we do.
  ///
  /// Nobody tells when they were taken. They are taken to have come evenly over the window, so that the first try comes
  /// soon, one job makes it, and a wrong guess costs one request.
  /// - Parameter requested: when the provider said when to come back, the first ends then.
  public static func learnedEnds(
    _ missing: Int, window: Duration, requested: Duration?, at now: Timestamp
  ) -> [Timestamp] {
    guard missing > 0 else { return [] }
    let step = window / (missing + 1)
    let first = max(min(requested ?? step, window), .milliseconds(1))
    return (0..<missing).map { index in
      now + max(first, min(first + step * index, window))
    }
  }
}
