import Wire

/// A planned instant of a schedule's event, and what became of it. It is a record of the store, and outlives its jobs.
package struct Occurrence: Sendable, Hashable, Codable {
  /// The records' collection.
  package static let collection = "occurrences"
  /// The collection of the records which show that an occurrence's jobs were enqueued. Only the scheduler that writes
  /// such a record first, in the commit that enqueues the jobs, enqueues them. Its job is the main one.
  package static let guards = "occurrence-jobs"

  /// The schedule's name.
  package var schedule: String
  /// The event's name.
  package var event: String
  /// The planned instant.
  package var planned: Timestamp
  /// The planned instant plus the event's jitter: the jobs' offsets count from here.
  package var at: Timestamp
  /// From when on it is too late to start.
  package var latest: Timestamp
  /// What became of it.
  package var state: State
  /// Why, in a sentence; nil while it is planned, and if it was done on time.
  package var reason: String?
  /// When its state was last recorded.
  package var decidedAt: Timestamp
  /// How often it was planned again after its jobs were withdrawn, for example by a pause that ended in time.
  package var revivals = 0
  /// Whether the schedule withdrew it, not a person: if it is planned again, it happens after all.
  package var isWithdrawn = false

  /// What becomes of a planned instant.
  package enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// Its jobs are enqueued, and the main one has not ended.
    case planned
    /// Its main job did its work on time.
    case done
    /// Its main job did its work, but late.
    case late
    /// It was tried and failed.
    case failed
    /// A person, or the schedule's own rule, decided against it.
    case skipped
    /// It should have started, but did not.
    case missed
  }

  /// Creates a planned occurrence.
  package init(of event: ScheduledEvent, in schedule: String, planned: Timestamp, decidedAt: Timestamp) {
    self.schedule = schedule
    self.event = event.name
    self.planned = planned
    at = planned + Self.jitter(of: event, in: schedule, planned)
    latest = planned + event.catchUp.longest
    state = .planned
    self.decidedAt = decidedAt
  }

  /// Its unique name: the schedule, the event, the planned instant. The keys of an event sort by time.
  package var key: String { Self.key(schedule, event, planned) }

  /// The key of an event's occurrence at an instant.
  static func key(_ schedule: String, _ event: String, _ planned: Timestamp) -> String {
    prefix(schedule, event) + InternetTime.text(planned.wholeSeconds)
  }

  /// The key of the record which shows that its jobs were enqueued.
  package var guardKey: String { "\(key)#\(revivals)" }

  /// The common prefix of the keys of an event's occurrences.
  package static func prefix(_ schedule: String, _ event: String) -> String { "\(schedule)/\(event)/" }

  /// With another state.
  package func ended(_ state: State, _ reason: String?, at now: Timestamp) -> Occurrence {
    var ended = self
    (ended.state, ended.reason, ended.decidedAt) = (state, reason, now)
    ended.isWithdrawn = false
    return ended
  }

  /// Planned again.
  func revived(at now: Timestamp) -> Occurrence {
    var revived = ended(.planned, nil, at: now)
    revived.revivals += 1
    return revived
  }

  /// No longer planned by its schedule.
  package func withdrawn(_ reason: String, at now: Timestamp) -> Occurrence {
    var withdrawn = ended(.skipped, reason, at: now)
    withdrawn.isWithdrawn = true
    return withdrawn
  }

  /// The write that stores it under its key.
  package func write() throws -> RecordWrite {
    let labels = [
      OccurrenceLabel.schedule: schedule, OccurrenceLabel.event: event, Self.stateLabel: state.rawValue,
    ]
    return try RecordWrite(Self.collection, key, labels: labels, self)
  }

  /// The label of its record that contains its state.
  package static let stateLabel = "state"

  /// Always the same for the same instant; at most what the event allows.
  private static func jitter(of event: ScheduledEvent, in schedule: String, _ planned: Timestamp) -> Duration {
    guard event.jitterSeconds > 0 else { return .zero }
    // FNV-1a: good enough to spread names, and the same in every process.
    let hash = "\(schedule)/\(event.name)/\(planned.milliseconds)".utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return .milliseconds(Int64(hash >> 1) % (Int64(event.jitterSeconds) * 1000 + 1))
  }
}
