import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("A file of an older program")
struct MigrationTests {
  /// A file as the first version wrote it, with a ready, a running and a completed job.
  private func first() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    func job(_ state: String, _ columns: String, _ values: String) -> String {
      """
      INSERT INTO job (kind, queue, state, priority, payload, payload_version, run_at, created_at, updated_at, max_attempts\(columns))
      VALUES ('work', 'default', '\(state)', 0, '{}', 1, 5, 5, 5, 12\(values))
      """
    }
    let script = [
      Schema.migrations[0], "INSERT INTO meta VALUES ('identity', 'old-file')", job("ready", "", ""),
      job("running", ", token, lease_owner, lease_expires_at, leased_at", ", 1, 'w', 9000, 5"),
      job("completed", ", finished_at, output", ", 6, '7'"), "PRAGMA application_id = \(Schema.applicationID)",
      "PRAGMA user_version = 1",
    ]
    try RawDatabase.script(script.joined(separator: ";\n"), in: directory.database)
    chmod(directory.database, 0o600)
    return directory
  }

  @Test("is brought up with every job, and goes on")
  func broughtUp() async throws {
    let directory = try first()
    let store = try await SQLiteJobStore.open(at: directory.database)
    #expect(store.identity == "old-file")
    let jobs = try await store.jobs(JobQuery())
    #expect(jobs.map(\.state) == [.completed, .running, .ready])
    #expect(jobs.allSatisfy { $0.gate == nil && $0.concurrencyKey == nil })
    let request = LeaseRequest(owner: WorkerID("x"), limits: [.init(queue: "default", count: 9)])
    #expect(try await store.lease(request, at: at(10)).map(\.job.id) == [JobID(1)])
    #expect(try await store.status().count(.running) == 2)
    #expect(try await store.gates() == [])
    await store.close()
    #expect(try RawDatabase.rows(of: "PRAGMA user_version", in: directory.database) == [["\(Schema.migrations.count)"]])
    #expect(try RawDatabase.rows(of: "PRAGMA integrity_check", in: directory.database) == [["ok"]])
  }

  @Test("is copied and checked as it is, and is not listed before it is brought up")
  func copied() async throws {
    let directory = try first()
    let copy = "\(directory.path)/copy.db"
    var options = SQLiteJobStore.Options()
    options.readOnly = true
    let refused = await #expect(throws: JobStoreError.self) {
      _ = try await SQLiteJobStore.open(at: directory.database, options: options)
    }
    #expect(refused?.hint?.contains("open it once for writing") == true)
    options.mayBeOlder = true
    let store = try await SQLiteJobStore.open(at: directory.database, options: options)
    #expect(store.identity == "old-file")
    #expect(try await store.problems() == [])
    #expect(try await store.backUp(to: copy).jobs == 3)
    await store.close()
    for path in [directory.database, copy] {
      #expect(try RawDatabase.rows(of: "PRAGMA user_version", in: path) == [["1"]])
      #expect(try await SQLiteJobStore.problems(ofFileAt: path) == [])
    }
    let target = "\(directory.path)/restored.db"
    let restored = try await SQLiteJobStore.restore(copy, to: target, by: Operator("ana"), at: at(8))
    #expect(restored.jobs == 3 && restored.held == 2)
    // Nothing that was never a queue is one because it may be older.
    try directory.write("empty.db", [])
    await #expect(throws: JobStoreError.self) {
      _ = try await SQLiteJobStore.open(at: "\(directory.path)/empty.db", options: options)
    }
  }
}
