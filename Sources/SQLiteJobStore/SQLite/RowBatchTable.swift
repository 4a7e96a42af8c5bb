import CSQLite

/// The table `rows(?1)` of a connection: the content of a ``RowBatch``, `c0`, `c1`, … of each row. Its `rowid` is the
/// row's number, from 0.
enum RowBatchTable {
  /// Registers the table with a connection. It exists for statements only and leaves nothing in the file.
  static func register(on connection: OpaquePointer) -> Int32 {
    sqlite3_create_module_v2(connection, "rows", module.address, nil, nil)
  }

  private static let declaration =
    "CREATE TABLE rows (" + (0..<RowBatch.columns).map { "c\($0), " }.joined() + "batch HIDDEN)"

  /// The hidden column for the table's argument.
  private static let argument = Int32(RowBatch.columns)

  private struct Cursor {
    /// SQLite's part, which must come first.
    var base = sqlite3_vtab_cursor()
    /// Borrowed: the statement's parameter keeps it for as long as the statement runs.
    var rows: Unmanaged<BoundRows>?
    var row = 0
    var count = 0
  }

  // @unchecked is sound: the module is written once, before anybody reads it, and never again.
  private struct Module: @unchecked Sendable {
    let address: UnsafeMutablePointer<sqlite3_module>
  }

  /// Lives as long as the process, since connections refer to it.
  private static let module: Module = {
    var module = sqlite3_module()
    module.xConnect = { connection, _, _, _, made, _ in
      let result = sqlite3_declare_vtab(connection, declaration)
      guard result == SQLITE_OK else { return result }
      let table = UnsafeMutablePointer<sqlite3_vtab>.allocate(capacity: 1)
      table.initialize(to: sqlite3_vtab())
      made?.pointee = table
      return SQLITE_OK
    }
    module.xDisconnect = { table in
      table?.deallocate()
      return SQLITE_OK
    }
    module.xBestIndex = { _, plan in plan.map(choose) ?? SQLITE_ERROR }
    module.xOpen = { _, made in
      let cursor = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
      cursor.initialize(to: Cursor())
      made?.pointee = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    }
    module.xClose = { cursor in
      UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self).deallocate()
      return SQLITE_OK
    }
    module.xFilter = { cursor, _, _, count, values in
      guard let cursor = RowBatchTable.cursor(cursor) else { return SQLITE_ERROR }
      let rows = count == 1 ? boundRows(values?.pointee) : nil
      // Anything but a batch, such as text, has no rows.
      cursor.pointee.rows = rows
      cursor.pointee.row = 0
      cursor.pointee.count = rows?.takeUnretainedValue().count ?? 0
      return SQLITE_OK
    }
    module.xNext = { cursor in
      RowBatchTable.cursor(cursor)?.pointee.row += 1
      return SQLITE_OK
    }
    module.xEof = { cursor in
      RowBatchTable.cursor(cursor).map { $0.pointee.row < $0.pointee.count ? 0 : 1 } ?? 1
    }
    module.xColumn = { cursor, context, column in
      guard let cursor = RowBatchTable.cursor(cursor) else { return SQLITE_ERROR }
      let row = cursor.pointee.row
      cursor.pointee.rows?.takeUnretainedValue().setResult(of: context, row: row, column: Int(column))
      return SQLITE_OK
    }
    module.xRowid = { cursor, row in
      row?.pointee = RowBatchTable.cursor(cursor).map { sqlite3_int64($0.pointee.row) } ?? 0
      return SQLITE_OK
    }
    let address = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    address.initialize(to: module)
    return Module(address: address)
  }()

  private static func cursor(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<Cursor>? {
    UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self)
  }

  private static func boundRows(_ value: OpaquePointer?) -> Unmanaged<BoundRows>? {
    sqlite3_value_pointer(value, BoundRows.pointerType).map { Unmanaged.fromOpaque($0) }
  }

  /// The only way to read the table: from its first row to its last, with the batch as argument.
  private static func choose(_ plan: UnsafeMutablePointer<sqlite3_index_info>) -> Int32 {
    let constraints = UnsafeBufferPointer(start: plan.pointee.aConstraint, count: Int(plan.pointee.nConstraint))
    let index = constraints.firstIndex {
      $0.iColumn == argument && $0.op == UInt8(SQLITE_INDEX_CONSTRAINT_EQ) && $0.usable != 0
    }
    guard let index else { return SQLITE_CONSTRAINT }
    plan.pointee.aConstraintUsage[index].argvIndex = 1
    plan.pointee.aConstraintUsage[index].omit = 1
    plan.pointee.estimatedCost = 100
    plan.pointee.estimatedRows = 100
    return SQLITE_OK
  }
}
