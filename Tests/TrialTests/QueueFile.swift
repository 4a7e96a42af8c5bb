import CSQLite
import FoundationEssentials

/// A queue file as SQLite alone shows it.
enum QueueFile {
  struct Failure: Error {
    let words: String
  }

  /// The one value of a statement's one row.
  static func value(_ sql: String, in path: String) throws -> String {
    try opened(path) { handle in
      var statement: OpaquePointer?
      defer { sqlite3_finalize(statement) }
      guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, sqlite3_step(statement) == SQLITE_ROW,
        let text = sqlite3_column_text(statement, 0)
      else { throw Failure(words: String(cString: sqlite3_errmsg(handle))) }
      return String(cString: text)
    }
  }

  /// Rows that a statement gives as one JSON array.
  static func rows<Row: Decodable>(_ type: Row.Type, _ sql: String, in path: String) throws -> [Row] {
    try JSONDecoder().decode([Row].self, from: Data(try value(sql, in: path).utf8))
  }

  /// Does what the store would never do.
  static func execute(_ sql: String, in path: String) throws {
    try opened(path) { handle in
      guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
        throw Failure(words: String(cString: sqlite3_errmsg(handle)))
      }
    }
  }

  private static func opened<Result>(_ path: String, _ body: (OpaquePointer) throws -> Result) throws -> Result {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let handle else {
      throw Failure(words: "cannot open \(path)")
    }
    sqlite3_busy_timeout(handle, 10_000)
    return try body(handle)
  }
}
