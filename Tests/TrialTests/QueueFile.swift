import CSQLite
import FoundationEssentials

/// One view of a queue file as SQLite alone shows it: all that is read is of the same moment.
final class QueueFile {
  struct Failure: Error {
    let words: String
  }

  private let handle: OpaquePointer

  init(_ path: String) throws {
    handle = try Self.open(path)
    try Self.run("BEGIN", on: handle)
  }

  deinit { sqlite3_close_v2(handle) }

  /// The one value of a statement's one row.
  func value(_ sql: String) throws -> String {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, sqlite3_step(statement) == SQLITE_ROW,
      let text = sqlite3_column_text(statement, 0)
    else { throw Failure(words: String(cString: sqlite3_errmsg(handle))) }
    return String(cString: text)
  }

  /// Rows that a statement gives as one JSON array.
  func rows<Row: Decodable>(_ type: Row.Type, _ sql: String) throws -> [Row] {
    try JSONDecoder().decode([Row].self, from: Data(try value(sql).utf8))
  }

  /// The one value of a statement's one row, in a view of its own.
  static func value(_ sql: String, in path: String) throws -> String { try QueueFile(path).value(sql) }

  /// Does what the store would never do.
  static func execute(_ sql: String, in path: String) throws {
    let handle = try open(path)
    defer { sqlite3_close_v2(handle) }
    try run(sql, on: handle)
  }

  private static func open(_ path: String) throws -> OpaquePointer {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else {
      sqlite3_close_v2(handle)
      throw Failure(words: "cannot open \(path)")
    }
    sqlite3_busy_timeout(handle, 10_000)
    return handle
  }

  private static func run(_ sql: String, on handle: OpaquePointer) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw Failure(words: String(cString: sqlite3_errmsg(handle)))
    }
  }
}
