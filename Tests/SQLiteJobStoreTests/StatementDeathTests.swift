import CSQLite
import Glibc
import JobQueue
import Testing

@testable import SQLiteJobStore

/// A process may die between any two statements. What its files hold at that moment is copied here before each statement
/// of each verb, and opened as the next process would open it.
@Suite("Death between any two statements")
struct StatementDeathTests {
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

  /// Every row of every table but those that tell how the log and the file belong together, which are no part of a verb.
  private func dump(_ path: String) throws -> [String: [[String]]] {
    let names = try RawDatabase.rows(of: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", in: path)
    var tables: [String: [[String]]] = ["check": try RawDatabase.rows(of: "PRAGMA integrity_check", in: path)]
    for name in names.compactMap(\.first) {
      let kept = name == "meta" ? " WHERE key NOT IN ('log', 'closed')" : ""
      tables[name] = try RawDatabase.rows(of: "SELECT * FROM \(name)\(kept) ORDER BY 1, 2", in: path)
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
