import CSQLite
import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

/// A process may die between any two statements. What its files hold at that moment is copied here before each statement
/// of each verb, and opened as the next process would open it.
@Suite("Death between any two statements")
struct StatementDeathTests {
  /// A verb, after which something must be different.
  struct Verb: Sendable, CustomTestStringConvertible {
    let name: String
    let run: @Sendable (SQLiteJobStore) async throws -> Void
    var testDescription: String { name }
  }

  /// One story, in which each verb finds what the ones before it left.
  static let story = [
    Verb(name: "announce") { store in
      try await store.announce(
        WorkerRecord(
          id: worker, host: "h", pid: 1, processStart: "1", startedAt: at(0), seenAt: at(0), queues: ["default"]))
    },
    Verb(name: "enqueue") { store in
      var jobs = (0..<4).map { NewJob(kind: "k\($0)", queue: "default", uniqueKey: "u\($0)", labels: ["n": "\($0)"]) }
      jobs[3].parents = [.batch(0), .batch(1)]
      jobs.append(NewJob(kind: "later", runAt: at(60)))
      _ = try await store.enqueue(jobs, at: at(0))
    },
    Verb(name: "lease") { _ = try await $0.lease(request(3), at: at(1)) },
    Verb(name: "write") { store in
      let entries: [JournalEntry] = [
        .intent(effect: "e"), .checkpoint(key: "c", json: "1"), .notes([Note(at: at(2), text: "n")]),
      ]
      try await store.write(entries, under: lease(1), at: at(2))
    },
    Verb(name: "extend") { _ = try await $0.extend([lease(1), lease(2)], by: .seconds(90), at: at(3)) },
    Verb(name: "complete") { store in
      let failure = Failure(code: "f", message: "m")
      let completions = [
        Completion(lease: lease(1), outcome: .done(output: "1"), notes: [Note(at: at(4), text: "done")]),
        Completion(lease: lease(2), outcome: .done(output: "2")),
        Completion(lease: lease(3), outcome: .retry(at: at(9), failure, why: "backoff")),
      ]
      _ = try await store.complete(completions, at: at(4))
    },
    Verb(name: "promote") { _ = try await $0.promoteDue(at: at(70), limit: 10) },
    Verb(name: "lease again") { _ = try await $0.lease(request(2), at: at(71)) },
    Verb(name: "reap") { _ = try await $0.reap(gone: [worker], crashLimit: 1, limit: 10, at: at(72)) },
    Verb(name: "retry") { _ = try await $0.retry([JobID(3), JobID(4)], at: at(73)) },
    Verb(name: "cancel") { _ = try await $0.cancel((1...5).map { JobID($0) }, why: "w", at: at(74)) },
    Verb(name: "prune") { _ = try await $0.prune(finishedBefore: at(1000), limit: 10) },
    Verb(name: "retire") { try await $0.retire([worker]) },
  ]

  @Test("leaves the file as it was before the verb or as it is after it, never in between")
  func everyStatement() async throws {
    try await withStore { store, directory in
      for verb in Self.story {
        let copies = Copies(of: directory)
        let before = try dump(directory.database)
        try await store.writer.perform("watch") { connection in copies.begin(connection.handle) }
        try await verb.run(store)
        try await store.writer.perform("watch") { connection in copies.end(connection.handle) }
        let after = try dump(directory.database)
        #expect(before != after, "\(verb.name) did nothing")
        let seen = try copies.files.map { try dump($0) }
        #expect(seen.count > 2, "\(verb.name)")
        #expect(seen.first == before, "\(verb.name)")
        for (index, state) in seen.enumerated() {
          #expect(state == before || state == after, "\(verb.name), before statement \(index)")
        }
      }
    }
  }

  private static func request(_ count: Int) -> LeaseRequest {
    LeaseRequest(owner: worker, limits: [.init(queue: "default", count: count)])
  }

  private static func lease(_ job: Int64) -> Lease { Lease(job: JobID(job), owner: worker, token: 1) }

  /// Every row of every table.
  private func dump(_ path: String) throws -> [String: [[String]]] {
    let names = try RawDatabase.rows(of: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", in: path)
    var tables: [String: [[String]]] = ["check": try RawDatabase.rows(of: "PRAGMA integrity_check", in: path)]
    for name in names.compactMap(\.first) {
      tables[name] = try RawDatabase.rows(of: "SELECT * FROM \(name) ORDER BY 1, 2", in: path)
    }
    return tables
  }
}

// @unchecked is sound: it is used by the store's writing thread while a verb runs, and by the test before and after.
/// Copies of a database's file and log, one before each statement.
private final class Copies: @unchecked Sendable {
  private let source: TemporaryDirectory
  private let place: TemporaryDirectory?
  private(set) var files: [String] = []

  init(of source: TemporaryDirectory) {
    self.source = source
    place = try? TemporaryDirectory(in: TemporaryDirectory.fastest)
  }

  func begin(_ handle: OpaquePointer?) {
    sqlite3_trace_v2(
      handle, UInt32(SQLITE_TRACE_STMT),
      { _, copies, _, text in
        // Statements of triggers are told as comments; they are parts of the one that fired them.
        let text = text?.assumingMemoryBound(to: CChar.self)
        if let copies, text?.pointee != CChar(UInt8(ascii: "-")) {
          Unmanaged<Copies>.fromOpaque(copies).takeUnretainedValue().copy()
        }
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  func end(_ handle: OpaquePointer?) { sqlite3_trace_v2(handle, 0, nil, nil) }

  /// Closing these descriptors drops locks that SQLite holds in this process; nobody else uses this database.
  private func copy() {
    guard let place else { return }
    let name = "\(files.count)"
    for suffix in ["", "-wal"] {
      guard let bytes = try? source.read("queue.db\(suffix)") else { continue }
      try? place.write("\(name)\(suffix)", bytes)
    }
    files.append("\(place.path)/\(name)")
  }
}
