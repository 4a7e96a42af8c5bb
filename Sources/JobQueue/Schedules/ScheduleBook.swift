/// The schedules of a store and the states of their occurrences.
package struct ScheduleBook: Sendable {
  private let store: any QueryStore

  /// Creates one that reads from a store.
  package init(_ store: any QueryStore) { self.store = store }

  /// Every schedule, sorted by name; including removed ones.
  package func schedules() async throws -> [Schedule] {
    try await store.allRecords(RecordQuery(Schedule.collection)).map { try Self.read($0) }
  }

  /// The schedule with this name.
  package func schedule(_ name: String) async throws -> Schedule? {
    try await store.records(RecordQuery(Schedule.collection, key: name)).first.map { try Self.read($0) }
  }

  /// The occurrence with this key.
  package func occurrence(_ key: String) async throws -> Occurrence? {
    try await store.records(RecordQuery(Occurrence.collection, key: key)).first.map { try Self.read($0) }
  }

  /// An event's occurrences after an instant, sorted by time.
  package func occurrences(_ schedule: String, _ event: String, after: Timestamp) async throws -> [Occurrence] {
    let prefix = Occurrence.prefix(schedule, event)
    let bound = Occurrence.key(schedule, event, after)
    return try await store.allRecords(RecordQuery(Occurrence.collection, prefix: prefix, after: bound))
      .map { try Self.read($0) }
  }

  /// All occurrences in a state.
  package func occurrences(in state: Occurrence.State) async throws -> [Occurrence] {
    let labels = [Occurrence.stateLabel: state.rawValue]
    return try await store.allRecords(RecordQuery(Occurrence.collection, labels: labels)).map { try Self.read($0) }
  }

  /// The jobs of an occurrence, the main one first.
  package func jobs(of occurrence: Occurrence) async throws -> [Job] {
    let main = try await mainJob(of: occurrence)
    let all = try await store.allJobs(JobQuery(labels: [OccurrenceLabel.occurrence: occurrence.key]))
    return all.filter { $0.id == main } + all.filter { $0.id != main }.sorted { $0.id < $1.id }
  }

  /// The number of its main job; nil if its jobs are not enqueued yet.
  package func mainJob(of occurrence: Occurrence) async throws -> JobID? {
    try await store.records(RecordQuery(Occurrence.guards, key: occurrence.guardKey)).first?.job
  }

  /// An occurrence in the state that follows from its jobs, which a scheduler may not have recorded yet.
  package func current(_ occurrence: Occurrence, at now: Timestamp) async throws -> Occurrence {
    guard occurrence.state == .planned, let main = try await mainJob(of: occurrence) else { return occurrence }
    return OccurrenceEnd.of(occurrence, try await store.jobs(JobQuery(ids: [main])).first, at: now) ?? occurrence
  }

  /// The time up to which an event's instants are accounted for; nil if nobody looked yet.
  func accounted(_ schedule: String, _ event: String) async throws -> Timestamp? {
    let key = Occurrence.prefix(schedule, event)
    return try await store.records(RecordQuery(Self.accounts, key: key)).first.map { try Self.read($0) }
  }

  /// The write that records up to when an event's instants are accounted for.
  static func account(_ schedule: String, _ event: String, through: Timestamp) throws -> RecordWrite {
    try RecordWrite(accounts, Occurrence.prefix(schedule, event), through)
  }

  private static let accounts = "schedule-accounts"

  private static func read<Value: Decodable>(_ record: Record) throws -> Value {
    do {
      return try JSONText.decode(Value.self, from: record.value)
    } catch {
      throw JobStoreError(
        code: .corrupt, operation: "read a schedule", target: "record \(record.collection)/\(record.key)",
        cause: "it does not have the shape that this version writes",
        hint: "a newer version of the program may have written it: update this one")
    }
  }
}
