/// The arithmetic of a sliding window.
public enum BudgetRule {
  /// How long a unit is kept beyond its window: clocks differ, and a provider may count in whole seconds.
  public static let margin: Duration = .seconds(1)

  /// When a unit is free again if its thing was created at `moment` at the latest.
  ///
  /// The provider counts from the time at which it created the thing. That lies between our reservation and its answer,
  /// so if we count from the answer, our window never ends before the provider's.
  public static func end(madeBy moment: Timestamp, window: Duration) -> Timestamp {
    moment + window + margin
  }

  /// How long after its end a unit of ours is remembered, for ``learnedEnds(_:window:requested:ours:at:)``.
  public static func memory(of window: Duration) -> Duration { window / 2 }

  /// The shortest wait before retrying at a limit against which a unit of ours may still count.
  public static let answerTimeout: Duration = .seconds(5)

  /// How many of the first in line get their turns recomputed in every commit that changes the units or the line.
  ///
  /// Nobody else needs it. The first jobs, as many as there are units, get their turns from the units that are taken
  /// now; each of the others waits for a unit that one of these takes first, and in that commit it becomes one of the
  /// first itself. So the job whose turn is next always knows when, no unit lies idle while a job waits for it, and
  /// with a line of ten thousand a commit writes no more rows than with a short one. The times given to the others may
  /// be a little early, and change when they get to the front. For a large budget a fixed number is enough for the same
  /// reason: jobs take their units one after the other, each in a commit.
  public static func heads(of size: Int) -> Int { min(max(size, 1), 50) }

  /// The time at which a unit is free for a job, if all jobs before it take theirs as soon as they can.
  ///
  /// - Parameters:
  ///   - ahead: how many jobs are before it.
  ///   - ends: when the units that are taken now will be free again, in any order.
  ///   - size: how many units there are.
  ///   - window: how long a unit is taken.
  ///   - now: the current time.
  public static func slot(
    ahead: Int, ends: [Timestamp], size: Int, window: Duration, at now: Timestamp
  ) -> Timestamp {
    slots(max(0, ahead) + 1, ends: ends, size: size, window: window, at: now).last ?? now
  }

  /// The same for each of the first `count` jobs in line.
  public static func slots(
    _ count: Int, ends: [Timestamp], size: Int, window: Duration, at now: Timestamp
  ) -> [Timestamp] {
    var free = max(0, size - ends.count)
    // If more are taken than there are units, the ones that end last hold them.
    var taken = ends.sorted()[...]
    if taken.count > size { taken = taken.dropFirst(taken.count - max(size, 1)) }
    var slots: [Timestamp] = []
    // When those before are done with theirs: `slots[next] + window`.
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

  /// The ends of the units that may have been taken while nobody looked: as late as if they were taken now.
  /// - Parameters:
  ///   - taken: how many are known to be taken.
  ///   - size: how many units there are.
  ///   - window: how long a unit is taken.
  ///   - now: the current time.
  public static func unseenEnds(_ taken: Int, of size: Int, window: Duration, at now: Timestamp) -> [Timestamp] {
    Array(repeating: end(madeBy: now, window: window), count: max(0, size - taken))
  }

  /// The ends of the units that the provider counts and we do not, if it counts `missing` more than we do.
  ///
  /// It may still count some of ours whose windows ended a while ago, because clocks differ: those are tried again
  /// after ``answerTimeout``, and after about twice as long each time that it was too early. The rest must have been
  /// taken by somebody else, at unknown times. They are assumed to be spread evenly over the window, so that the first
  /// try comes soon, is made by one job, and costs one request if the guess is wrong.
  /// - Parameters:
  ///   - missing: how many units are taken without our knowledge.
  ///   - window: how long a unit is taken.
  ///   - requested: if the provider said when to come back, none ends before that.
  ///   - ours: when units of ours ended, within the ``memory(of:)`` of the window.
  ///   - now: the time of the refusal.
  public static func learnedEnds(
    _ missing: Int, window: Duration, requested: Duration?, ours: [Timestamp] = [], at now: Timestamp
  ) -> [Timestamp] {
    guard missing > 0 else { return [] }
    let asked = max(min(requested ?? .zero, window), .milliseconds(1))
    // The longer ago a unit ended, the less likely it is the cause; eventually it counts as taken by others.
    let late = ours.filter { $0 <= now && now - $0 < memory(of: window) }.sorted(by: >).prefix(missing)
      .map { end in max(asked, min(answerTimeout + (now - end), memory(of: window))) }
    let others = missing - late.count
    let step = window / (others + 1)
    let first = requested == nil ? step : late.isEmpty ? asked : max(asked, step)
    let spread = (0..<others).map { index in max(first, min(first + step * index, window)) }
    return (late + spread).map { now + $0 }.sorted()
  }
}
