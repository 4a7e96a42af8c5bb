/// The arithmetic of a sliding window.
public enum BudgetRule {
  /// What a unit is kept beyond its window: clocks do not run alike, and a provider may count in whole seconds.
  public static let margin: Duration = .seconds(1)

  /// When a unit is free again whose thing was made at `moment` at the latest.
  ///
  /// The provider counts from the moment at which it made the thing. That lies between our reservation and its answer, so
  /// that counted from the answer our window never ends before the provider's.
  public static func end(madeBy moment: Timestamp, window: Duration) -> Timestamp {
    moment + window + margin
  }

  /// How long after its end a unit of ours is remembered, for ``learnedEnds(_:window:requested:ours:at:)``.
  public static func memory(of window: Duration) -> Duration { window / 2 }

  /// How soon at least a limit is tried again that a unit of ours may still count against.
  public static let answerTimeout: Duration = .seconds(5)

  /// How many of the first in line are told their turns anew in every commit that changes the units or the line.
  ///
  /// Nobody else needs to be. As many as there are units have their turns by the units that are taken now; each of the
  /// others waits for one that somebody of these takes first, and in that commit it is one of the first itself. So the
  /// job whose turn is next always knows when, no unit lies idle while somebody waits for it, and a line of ten thousand
  /// costs a commit no more rows than a short one. What the others were told may be a little early, and changes when
  /// they come to the head. Of a large budget a fixed number will do for the same reason: they take their units one
  /// after the other, each in a commit.
  public static func heads(of size: Int) -> Int { min(max(size, 1), 50) }

  /// The moment at which a unit is free for somebody, when all before them take theirs as soon as they can.
  ///
  /// - Parameters:
  ///   - ahead: how many come before.
  ///   - ends: when the units that are taken now will be free again, in any order.
  ///   - size: how many units there are.
  ///   - window: how long a unit is taken.
  ///   - now: the instant of the question.
  public static func slot(
    ahead: Int, ends: [Timestamp], size: Int, window: Duration, at now: Timestamp
  ) -> Timestamp {
    slots(max(0, ahead) + 1, ends: ends, size: size, window: window, at: now).last ?? now
  }

  /// The same for each of the first `count` in line.
  public static func slots(
    _ count: Int, ends: [Timestamp], size: Int, window: Duration, at now: Timestamp
  ) -> [Timestamp] {
    var free = max(0, size - ends.count)
    // Of more than there are units, the last ones to end hold them.
    var taken = ends.sorted()[...]
    if taken.count > size { taken = taken.dropFirst(taken.count - max(size, 1)) }
    var slots: [Timestamp] = []
    // When those before are through with theirs: `slots[next] + window`.
    var next = 0
    for _ in 0..<max(0, count) {
      let later = next < slots.count ? slots[next] + window : nil
      if free > 0 {
        free -= 1
        slots.append(now)
      } else if let end = taken.first, later.map({ end <= $0 }) ?? true {
        taken = taken.dropFirst()
        slots.append(end)
      } else if let later {
        slots.append(later)
        next += 1
      } else {
        slots.append(now + window)
      }
    }
    return slots
  }

  /// When the units end that may have been taken while nobody looked: as late as ones that are taken now.
  /// - Parameters:
  ///   - taken: how many are known to be taken.
  ///   - size: how many units there are.
  ///   - window: how long a unit is taken.
  ///   - now: the instant of the look.
  public static func unseenEnds(_ taken: Int, of size: Int, window: Duration, at now: Timestamp) -> [Timestamp] {
    Array(repeating: end(madeBy: now, window: window), count: max(0, size - taken))
  }

  /// When the units end that the provider counts and we do not, given that it counts `missing` more than we do.
  ///
  /// It may go on counting some of ours whose windows ended a while ago, for clocks differ: those are tried again after
  /// ``answerTimeout``, and after about twice as long each time that it was too early. The others somebody else must have
  /// taken, and nobody tells when. They are taken to have come evenly over the window, so that the first try comes soon,
  /// one job makes it, and a wrong guess costs one request.
  /// - Parameters:
  ///   - missing: how many units are taken that nobody knows of.
  ///   - window: how long a unit is taken.
  ///   - requested: when the provider said when to come back, none ends before.
  ///   - ours: when units of ours ended, within the ``memory(of:)`` of the window.
  ///   - now: the instant of the refusal.
  public static func learnedEnds(
    _ missing: Int, window: Duration, requested: Duration?, ours: [Timestamp] = [], at now: Timestamp
  ) -> [Timestamp] {
    guard missing > 0 else { return [] }
    let asked = max(min(requested ?? .zero, window), .milliseconds(1))
    // The longer ago one ended, the less it can be the cause: then it is as if others had taken it.
    let late = ours.filter { $0 <= now && now - $0 < memory(of: window) }.sorted(by: >).prefix(missing)
      .map { end in max(asked, min(answerTimeout + (now - end), memory(of: window))) }
    let others = missing - late.count
    let step = window / (others + 1)
    let first = requested == nil ? step : late.isEmpty ? asked : max(asked, step)
    let spread = (0..<others).map { index in max(first, min(first + step * index, window)) }
    return (late + spread).map { now + $0 }.sorted()
  }
}
