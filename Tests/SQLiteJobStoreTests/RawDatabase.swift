import CSQLite

/// The SQLite library itself, for what the store would never do.
enum RawDatabase {
  struct Failure: Error {
    let words: String
  }

  /// Runs a script in a file.
  static func execute(_ script: String, in path: String) throws {
    _ = try rows(of: script, in: path)
  }

  /// Runs several statements in a file.
  static func script(_ script: String, in path: String) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open(path, &handle) == SQLITE_OK, sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
      throw Failure(words: String(cString: sqlite3_errmsg(handle)))
    }
  }

  /// The rows of a statement, each as its columns' texts.
  static func rows(of sql: String, in path: String) throws -> [[String]] {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open(path, &handle) == SQLITE_OK, let handle else { throw Failure(words: "cannot open \(path)") }
    sqlite3_busy_timeout(handle, 10_000)
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw Failure(words: String(cString: sqlite3_errmsg(handle)))
    }
    var rows: [[String]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append(
          (0..<sqlite3_column_count(statement)).map { column in
            sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
          })
      case SQLITE_DONE: return rows
      default: throw Failure(words: String(cString: sqlite3_errmsg(handle)))
      }
    }
  }
}
