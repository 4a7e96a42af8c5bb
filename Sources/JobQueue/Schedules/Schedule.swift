/// Work to be done at planned times, for which a scheduler creates jobs.
///
/// A schedule is a record of the store, and knows nothing about the work of its jobs. It is never deleted, so that its
/// plans can always be explained; ``removedAt`` ends it.
package struct Schedule: Sendable, Hashable, Codable {
  /// The records' collection; the key is the name.
  package static let collection = "schedules"

  /// Its name, unique in the queue.
  package var name: String
  /// The IANA name of the time zone of its times, such as `Europe/Berlin`.
  package var zone: String
  /// What happens, each with its times.
  package var events: [ScheduledEvent]
  /// Labels of its jobs.
  package var labels: [String: String]
  /// When it was last defined: times planned before that are not caught up on.
  package var definedAt: Timestamp
  /// Set while nothing is to be started.
  package var pause: Pause?
  /// When a person removed it; nil while it is in effect.
  package var removedAt: Timestamp?

  /// Why a schedule starts nothing, and since when.
  package struct Pause: Sendable, Hashable, Codable {
    /// When the pause began.
    package var since: Timestamp
    /// The operator's reason; nil if none was given.
    package var reason: String?

    /// Creates a pause.
    package init(since: Timestamp, reason: String?) { (self.since, self.reason) = (since, reason) }
  }

  /// Creates a schedule.
  package init(
    name: String, zone: String, events: [ScheduledEvent], labels: [String: String] = [:], definedAt: Timestamp
  ) {
    (self.name, self.zone, self.events, self.labels, self.definedAt) = (name, zone, events, labels, definedAt)
  }

  /// Whether its events may start.
  package var isActive: Bool { pause == nil && removedAt == nil }

  /// The event with this name.
  package func event(_ name: String) -> ScheduledEvent? { events.first { $0.name == name } }

  /// The write that stores it under its name.
  package func write() throws -> RecordWrite { try RecordWrite(Self.collection, name, labels: labels, self) }
}
