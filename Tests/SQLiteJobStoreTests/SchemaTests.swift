import JobQueue
import JobQueueTestKit
import Testing

@testable import SQLiteJobStore

@Suite("What the file itself enforces")
struct SchemaTests {
  /// A row in a state, as the other columns must be for it.
  private func columns(_ state: JobState) -> [(name: String, value: String)] {
    let running = state == .running
    return [
      ("state", "'\(state.rawValue)'"), ("lease_owner", running ? "'w'" : "NULL"),
      ("lease_expires_at", running ? "1" : "NULL"), ("leased_at", running ? "1" : "NULL"),
      ("finished_at", state.isFinished ? "1" : "NULL"),
    ]
  }

  private func insertion(_ state: JobState) -> String {
    let columns = columns(state)
    return """
      INSERT INTO job (kind, queue, priority, payload, payload_version, run_at, created_at, updated_at, max_attempts,
        \(columns.map(\.name).joined(separator: ", ")))
      VALUES ('k', 'q', 0, '{}', 1, 0, 0, 0, 1, \(columns.map(\.value).joined(separator: ", ")))
      """
  }

  @Test("Exactly the transitions of the table of states are possible", arguments: JobState.allCases)
  func transitions(from: JobState) async throws {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    for to in JobState.allCases where to != from {
      try RawDatabase.execute(insertion(from), in: directory.database)
      let id = try #require(try RawDatabase.rows(of: "SELECT max(id) FROM job", in: directory.database).first?.first)
      let change = columns(to).map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
      let update = "UPDATE job SET \(change) WHERE id = \(id)"
      if from.mayBecome(to) {
        try RawDatabase.execute(update, in: directory.database)
      } else {
        #expect(throws: RawDatabase.Failure.self, "\(from) to \(to)") {
          try RawDatabase.execute(update, in: directory.database)
        }
      }
    }
  }

  @Test("Every case of the enums is a word that the newest schema takes, and no word beside them is")
  func words() async throws {
    let directory = try TemporaryDirectory()
    await (try SQLiteJobStore.open(at: directory.database)).close()
    try RawDatabase.execute(insertion(.ready), in: directory.database)
    for (number, outcome) in AttemptOutcome.allCases.enumerated() {
      try RawDatabase.execute(attempt(number: number, outcome: outcome.rawValue), in: directory.database)
    }
    for state in Gate.State.allCases { try RawDatabase.execute(gate(in: state.rawValue), in: directory.database) }
    for statement in [attempt(number: 99, outcome: "fine"), gate(in: "ajar")] {
      #expect(throws: RawDatabase.Failure.self) { try RawDatabase.execute(statement, in: directory.database) }
    }
  }

  private func attempt(number: Int, outcome: String) -> String {
    """
    INSERT INTO attempt (job, number, worker, started_at, ended_at, outcome)
    VALUES (1, \(number), 'w', 0, 0, '\(outcome)')
    """
  }

  private func gate(in state: String) -> String {
    "INSERT INTO gate (key, state, reason, by_person, closures) VALUES ('\(state)', '\(state)', 'r', 0, 0)"
  }

  @Test(
    "Rows that no store may write are refused",
    arguments: [
      "UPDATE job SET state = 'asleep'", "UPDATE job SET finished_at = 5", "UPDATE job SET lease_owner = 'w'",
      "UPDATE job SET leased_at = 5",
      "UPDATE job SET cancel_requested = 1", "UPDATE job SET token = -1",
      "UPDATE job SET payload = NULL", "INSERT INTO checkpoint VALUES (77, 'k', '1')",
      "INSERT INTO attempt (job, number, worker, started_at, ended_at, outcome) VALUES (1, 1, 'w', 0, 0, 'fine')",
      "INSERT INTO attempt (job, number, worker, started_at, outcome) VALUES (1, 1, 'w', 0, 'completed')",
    ])
  func refused(statement: String) async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    _ = try await store.enqueue([NewJob(kind: "a")], at: at(0))
    await #expect(throws: JobStoreError.self) { try await store.writer.perform("write") { try $0.execute(statement) } }
    await store.close()
  }

  @Test(
    "The counters, the next due and the oldest ready job are what looking at every row would find", arguments: 1...4)
  func counters(seed: UInt64) async throws {
    try await withStore { store, directory in
      var random = SeededRandom(seed: seed)
      var now = 0
      for _ in 0..<150 {
        now += Int.random(in: 0...3, using: &random)
        try await Self.step(store, at: at(now), &random)
      }
      let rows = try RawDatabase.rows(
        of: "SELECT queue, state, count(*) FROM job GROUP BY queue, state", in: directory.database)
      let status = try await store.status()
      let known = status.counts.flatMap { queue, states in states.map { [queue, $0.key, "\($0.value)"] } }
      #expect(Set(known) == Set(rows))
      let moments = try RawDatabase.rows(
        of:
          "SELECT min(CASE state WHEN 'ready' THEN run_at END), min(CASE state WHEN 'scheduled' THEN run_at END) FROM job",
        in: directory.database)
      let expected = [status.oldestReady, status.nextDue].map { $0.map { "\($0.milliseconds)" } ?? "NULL" }
      #expect(moments == [expected])
      try #expect(RawDatabase.rows(of: "PRAGMA integrity_check", in: directory.database) == [["ok"]])
      try #expect(RawDatabase.rows(of: "PRAGMA foreign_key_check", in: directory.database).isEmpty)
    }
  }

  private static let queues = ["a", "b"]

  /// One verb, by chance.
  private static func step(_ store: SQLiteJobStore, at now: Timestamp, _ random: inout SeededRandom) async throws {
    let some = JobID(Int64.random(in: 1...80, using: &random))
    switch Int.random(in: 0..<10, using: &random) {
    case 0...2:
      let queue = queues[Int.random(in: 0...1, using: &random)]
      let later = Bool.random(using: &random) ? nil : now + .seconds(Int.random(in: 1...9, using: &random))
      let priority = Int.random(in: 0...2, using: &random)
      _ = try await store.enqueue(
        [
          NewJob(kind: "k", queue: queue, priority: priority, runAt: later),
          NewJob(kind: "k", queue: queue, parents: [.batch(0)]),
        ], at: now)
    case 3...5:
      let limits = queues.map { LeaseRequest.QueueLimit(queue: $0, count: 2) }
      let outcomes: [Outcome?] = [
        .done(output: "1"), .dead(Failure(code: "c", message: "m")), .hold(why: "w"), .handBack(why: "w"),
        .snooze(until: now + .seconds(5), why: "w"), nil,
      ]
      for leased in try await store.lease(LeaseRequest(owner: worker, limits: limits), at: now) {
        guard let outcome = outcomes.randomElement(using: &random) ?? nil else { continue }
        _ = try await store.complete([Completion(lease: leased.lease, outcome: outcome)], at: now)
      }
    case 6: _ = try await store.promoteDue(at: now, limit: 5)
    case 7: _ = try await store.cancel([some], why: "w", at: now)
    case 8: _ = try await store.retry([some], at: now)
    default:
      _ = try await store.reap(gone: [worker], crashLimit: 2, limit: 3, at: now)
      _ = try await store.prune(finishedBefore: now - .seconds(20), limit: 3)
    }
  }
}
