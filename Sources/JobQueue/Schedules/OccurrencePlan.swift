import Wire

/// What a scheduler has to do for one event: a pure computation, so that every scheduler decides the same.
///
/// Each look takes the event's instants from where the previous one stopped up to a horizon ahead, and compares them
/// with what is recorded. So it makes no difference how long nobody looked, how many look, or where the clock was set
/// meanwhile.
package struct OccurrencePlan: Sendable, Hashable {
  /// Occurrences whose jobs are to be enqueued.
  package private(set) var enqueued: [Occurrence] = []
  /// Occurrences that are only to be recorded: nothing was or will be started for them.
  package private(set) var recorded: [Occurrence] = []
  /// Occurrences that were planned, but no longer are: their jobs are to be cancelled, if they have not started.
  package private(set) var withdrawn: [Occurrence] = []
  /// Every instant up to here is accounted for; the next look starts here.
  package private(set) var accountedThrough: Timestamp

  /// The maximum number of instants in one look: the rest is left to the next look, so that a scheduler that was away
  /// for a year does not write a huge commit.
  package static let most = 500

  /// Looks at an event.
  /// - Parameters:
  ///   - event: the event.
  ///   - schedule: its schedule.
  ///   - zone: the rules of the schedule's zone.
  ///   - accounted: where the previous look stopped.
  ///   - known: the recorded occurrences of the event after ``start(of:accounted:at:)``, by key.
  ///   - horizon: how far ahead of their times jobs are enqueued.
  ///   - now: the time of the look.
  package init(
    of event: ScheduledEvent, in schedule: Schedule, _ zone: TimeZoneRules, accounted: Timestamp,
    known: [String: Occurrence], horizon: Duration, at now: Timestamp
  ) {
    let start = Self.start(of: schedule, accounted: accounted, at: now)
    let through = now + horizon + event.lead
    let instants =
      schedule.removedAt == nil
      ? event.timing.instants(after: start, through: through, limit: Self.most, in: zone) : []
    let end = instants.count < Self.most ? through : instants.last ?? through
    accountedThrough = min(end, now)
    let lastDue = (instants + known.values.map(\.planned)).filter { $0 <= now }.max()
    for planned in instants {
      let new = Occurrence(of: event, in: schedule.name, planned: planned, decidedAt: now)
      add(known[new.key] ?? new, isNew: known[new.key] == nil, event, schedule, isLastDue: planned == lastDue, now)
    }
    let stillPlanned = Set(instants)
    for occurrence in known.values where occurrence.state == .planned && occurrence.planned > now {
      guard occurrence.planned <= end else { continue }
      if let pause = schedule.pause {
        withdrawn.append(occurrence.withdrawn(Self.paused(pause), at: now))
      } else if !stillPlanned.contains(occurrence.planned) {
        let why = schedule.removedAt == nil ? "the schedule was changed" : "the schedule was removed"
        withdrawn.append(occurrence.withdrawn(why, at: now))
      }
    }
    withdrawn.sort { $0.planned < $1.planned }
  }

  /// The instant from which a look starts; if the clock was set back, it covers again what is now in the future.
  package static func start(of schedule: Schedule, accounted: Timestamp?, at now: Timestamp) -> Timestamp {
    let defined = schedule.definedAt - .milliseconds(1)
    return max(defined, min(accounted ?? defined, now))
  }

  private mutating func add(
    _ occurrence: Occurrence, isNew: Bool, _ event: ScheduledEvent, _ schedule: Schedule, isLastDue: Bool,
    _ now: Timestamp
  ) {
    // Missed or withdrawn, but in the future: the clock was set back, or the pause ended in time.
    let isRevived = !isNew && occurrence.planned > now && (occurrence.state == .missed || occurrence.isWithdrawn)
    guard isNew || isRevived else { return }
    if let pause = schedule.pause {
      if isNew, occurrence.planned <= now { recorded.append(occurrence.ended(.skipped, Self.paused(pause), at: now)) }
      return
    }
    if isRevived { return enqueued.append(occurrence.revived(at: now)) }
    let delay = now - occurrence.planned
    guard delay > ScheduledEvent.CatchUp.tolerance else { return enqueued.append(occurrence) }
    if delay > event.catchUp.longest {
      recorded.append(
        occurrence.ended(.missed, "nothing could be started at its time or soon enough after it", at: now))
    } else if event.catchUp.mode == .latest, !isLastDue {
      recorded.append(occurrence.ended(.missed, Self.overtaken, at: now))
    } else {
      enqueued.append(occurrence)
    }
  }

  /// Why a late occurrence does not start although its window is open.
  static let overtaken = "a later one was due before it could start, and only the latest one is made up for"

  private static func paused(_ pause: Schedule.Pause) -> String {
    "the schedule is paused" + (pause.reason.map { ": \($0)" } ?? "")
  }
}
