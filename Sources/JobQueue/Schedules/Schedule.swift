/// Work that is to be done at planned moments: what a scheduler makes jobs of.
///
/// A schedule is a record of the store, and knows nothing of what its jobs do. It is never deleted, so that what was
/// planned by it can always be explained; ``removedAt`` ends it.
package struct Schedule: Sendable, Hashable, Codable {
  /// The records' collection; the key is the name.
  package static let collection = "schedules"

  /// Its name, unique in the queue.
  package var name: String
  /// The IANA name of the time zone in which its times are written, such as `Europe/Berlin`.
  package var zone: String
  /// What happens, each with its times.
  package var events: [ScheduledEvent]
  /// Labels of its jobs.
  package var labels: [String: String]
  /// When it was last defined: what was planned for earlier moments is not made up for.
  package var definedAt: Timestamp
  /// Set while nothing is to be started.
  package var pause: Pause?
  /// When somebody removed it; nil while it holds.
  package var removedAt: Timestamp?

  /// Why a schedule starts nothing, and since when.
  package struct Pause: Sendable, Hashable, Codable {
    /// Since when.
    package var since: Timestamp
    /// In an operator's words; nil when none were given.
    package var reason: String?

    /// Says so.
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

  /// The event of this name.
  package func event(_ name: String) -> ScheduledEvent? { events.first { $0.name == name } }

  /// Keeps it under its name.
  package func write() throws -> RecordWrite { try RecordWrite(Self.collection, name, labels: labels, self) }
}
