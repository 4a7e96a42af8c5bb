import CFaultVFS
import CSQLite
import Glibc

/// The content of a database, read without the faults: by SQLite itself, with the system's own VFS.
package struct DatabaseView: Sendable, Hashable {
  /// A number that only databases with the same rows share; nil for a missing file and for one without tables.
  package let digest: UInt64?
  /// The same without the store's own name, which differs from one store to the next.
  package let namelessDigest: UInt64?

  /// The view of a missing or empty file.
  package static let empty = DatabaseView(digest: nil, namelessDigest: nil)

  /// What another process saw.
  package init(digest: UInt64?, namelessDigest: UInt64?) {
    self.digest = digest
    self.namelessDigest = namelessDigest
  }

  /// Reads a database, which others may have open; its log is not changed.
  package static func look(at path: String) throws -> DatabaseView {
    try withConnection(path) { try view(of: $0) } ?? .empty
  }

  /// The same, with its pages, to be written as a separate file; no pages if it is empty.
  package static func copy(of path: String) throws -> (view: DatabaseView, pages: [UInt8]) {
    let copied = try withConnection(path) { connection in
      let view = try view(of: connection)
      return (view, view == .empty ? [] : try pages(of: connection, path))
    }
    return copied ?? (.empty, [])
  }

  /// Checks a file found after a power loss, reading it as the next process would.
  /// - Returns: what is wrong with it, nil if nothing is, and its content.
  package static func examine(_ path: String) throws -> (problem: String?, view: DatabaseView) {
    let found = try withConnection(path) { connection in
      let problem = try problem(of: connection)
      return (problem, problem == nil ? try view(of: connection) : .empty)
    }
    return found ?? (nil, .empty)
  }

  /// Runs `body` with a plain connection, whose memory never fails; nil if there is no file.
  private static func withConnection<Result>(_ path: String, _ body: (Connection) throws -> Result) throws -> Result? {
    cfault_suspend_allocations(1)
    defer { cfault_suspend_allocations(0) }
    guard access(path, F_OK) == 0 else { return nil }
    let connection = try Connection(path)
    cfault_keep_log(connection.handle)
    return try body(connection)
  }

  private static func view(of connection: Connection) throws -> DatabaseView {
    guard try connection.rows("SELECT 1 FROM sqlite_schema LIMIT 1").isEmpty == false else { return .empty }
    return try connection.digests()
  }

  private static func pages(of connection: Connection, _ path: String) throws -> [UInt8] {
    var size: sqlite3_int64 = 0
    guard let copy = sqlite3_serialize(connection.handle, "main", &size, 0) else {
      throw FaultKitError(words: "\(path) cannot be copied")
    }
    defer { sqlite3_free(copy) }
    var pages = Array(UnsafeRawBufferPointer(start: copy, count: Int(size)))
    // A separate file, without a log: the numbers of the format's read and write version.
    if pages.count > 19 { (pages[18], pages[19]) = (1, 1) }
    return pages
  }

  private static func problem(of connection: Connection) throws -> String? {
    let integrity = try connection.rows("PRAGMA integrity_check")
    guard integrity == ["ok"] else { return "integrity: \(integrity.joined(separator: ", "))" }
    let orphans = try connection.rows("PRAGMA foreign_key_check")
    return orphans.isEmpty ? nil : "rows belong to no job: \(orphans.joined(separator: ", "))"
  }

  /// The jobs of a queue file that others may have open, each as one word.
  package static func jobs(of path: String) throws -> [String] {
    let connection = try Connection(path)
    cfault_keep_log(connection.handle)
    guard try !connection.rows("SELECT 1 FROM sqlite_schema WHERE name = 'job'").isEmpty else { return [] }
    return try connection.rows("SELECT id || '/' || kind || '/' || state FROM job ORDER BY id")
  }

  /// Runs a script in a file, with the default VFS.
  package static func execute(_ script: String, in path: String) throws {
    try Connection(path, vfs: nil, flags: SQLITE_OPEN_CREATE).execute(script)
  }
}

/// A plain connection.
final class Connection {
  let handle: OpaquePointer

  init(_ path: String, vfs: String? = "unix", flags: Int32 = 0) throws {
    var opened: OpaquePointer?
    let result = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | flags, vfs)
    guard result == SQLITE_OK, let opened else {
      sqlite3_close_v2(opened)
      throw FaultKitError(words: "\(path) cannot be opened: \(String(cString: sqlite3_errstr(result)))")
    }
    handle = opened
    sqlite3_busy_timeout(handle, 10_000)
  }

  deinit { sqlite3_close_v2(handle) }

  func execute(_ script: String) throws {
    guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  /// The first column of each row.
  func rows(_ sql: String) throws -> [String] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw failure }
    var rows: [String] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: rows.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "NULL")
      case SQLITE_DONE: return rows
      default: throw failure
      }
    }
  }

  func digests() throws -> DatabaseView {
    var whole: UInt64 = 0
    var nameless: UInt64 = 0
    guard cfault_digest(handle, &whole, &nameless) == SQLITE_OK else { throw failure }
    return DatabaseView(digest: whole, namelessDigest: nameless)
  }

  private var failure: FaultKitError { FaultKitError(words: String(cString: sqlite3_errmsg(handle))) }
}
