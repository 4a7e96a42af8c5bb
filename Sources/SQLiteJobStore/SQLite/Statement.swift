import CSQLite

/// A prepared statement, kept for the life of its connection and used by its thread only.
final class Statement {
  private let connection: OpaquePointer
  private let handle: OpaquePointer

  /// Compiles one statement.
  init(_ sql: String, on connection: OpaquePointer) throws {
    self.connection = connection
    var prepared: OpaquePointer?
    let result = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard result == SQLITE_OK, let prepared else {
      throw SQLiteFailure(of: connection)
    }
    handle = prepared
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// How many steps SQLite's virtual machine has taken for it.
  var steps: Int { Int(sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 0)) }

  /// Binds values to the parameters ?1, ?2, …
  func bind<each Value: BoundValue>(_ values: repeat each Value) throws {
    var index: Int32 = 0
    for value in repeat each values {
      index += 1
      try check(value.bind(to: handle, at: index))
    }
  }

  /// Binds the values of a batch's first row to ?1, ?2, …, and the others to the parameters after them.
  func bind<each Value: BoundValue>(row: RowBatch, _ values: repeat each Value) throws {
    try check(row.bindFirstRow(to: handle))
    var index = Int32(row.width)
    for value in repeat each values {
      index += 1
      try check(value.bind(to: handle, at: index))
    }
  }

  /// Binds a list of values to the parameters ?1, ?2, …; for statements that are built for one query.
  func bind(list: [any ColumnValue]) throws {
    for (index, value) in list.enumerated() {
      try check(value.bind(to: handle, at: Int32(index + 1)))
    }
  }

  /// Runs the statement to its end; `body` gets every row.
  func forEachRow(_ body: (inout Row) throws -> Void) throws {
    defer {
      sqlite3_reset(handle)
      // Bound text is a copy that would otherwise stay in memory until the next use.
      sqlite3_clear_bindings(handle)
    }
    while true {
      switch sqlite3_step(handle) {
      case SQLITE_ROW:
        var row = Row(of: handle)
        try body(&row)
      case SQLITE_DONE: return
      default: throw SQLiteFailure(of: connection)
      }
    }
  }

  private func check(_ result: Int32) throws {
    guard result == SQLITE_OK else {
      throw SQLiteFailure(of: connection)
    }
  }
}
