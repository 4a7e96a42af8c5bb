import CSQLite
import JobQueue

/// A value that can be bound to a statement's parameter.
protocol BoundValue {
  /// Binds the value; the first parameter has index 1.
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

/// A value that can be bound to a statement's parameter, be in a batch of rows and be read from a row's column.
protocol ColumnValue: BoundValue {
  /// Adds the value to a row of a batch.
  func add(to batch: inout RowBatch)
  /// Reads the value; the first column has index 0.
  static func read(from statement: OpaquePointer, at column: Int32) throws -> Self
}

extension Int64: ColumnValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self)
  }

  func add(to batch: inout RowBatch) {
    batch.add(integer: self)
  }

  static func read(from statement: OpaquePointer, at column: Int32) -> Int64 {
    sqlite3_column_int64(statement, column)
  }
}

extension Int: ColumnValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, Int64(self))
  }

  func add(to batch: inout RowBatch) {
    batch.add(integer: Int64(self))
  }

  static func read(from statement: OpaquePointer, at column: Int32) -> Int {
    Int(sqlite3_column_int64(statement, column))
  }
}

extension Bool: ColumnValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self ? 1 : 0)
  }

  func add(to batch: inout RowBatch) {
    batch.add(integer: self ? 1 : 0)
  }

  static func read(from statement: OpaquePointer, at column: Int32) -> Bool {
    sqlite3_column_int64(statement, column) != 0
  }
}

extension String: ColumnValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    var text = self
    return text.withUTF8 { bytes in
      // An empty string may have no address, and SQLite would treat that as NULL.
      guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, copiedText) }
      return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        sqlite3_bind_text(statement, index, $0, Int32(clamping: bytes.count), copiedText)
      }
    }
  }

  func add(to batch: inout RowBatch) {
    batch.add(text: self)
  }

  static func read(from statement: OpaquePointer, at column: Int32) -> String {
    guard let start = sqlite3_column_text(statement, column) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }
}

extension Optional: BoundValue where Wrapped: BoundValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    self?.bind(to: statement, at: index) ?? sqlite3_bind_null(statement, index)
  }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
  func add(to batch: inout RowBatch) {
    if let self { self.add(to: &batch) } else { batch.addNull() }
  }

  static func read(from statement: OpaquePointer, at column: Int32) throws -> Wrapped? {
    guard sqlite3_column_type(statement, column) != SQLITE_NULL else { return nil }
    return try Wrapped.read(from: statement, at: column)
  }
}

/// SQLITE_TRANSIENT, a cast that C macros can express and Swift's importer cannot: the library copies what is bound.
let copiedText = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
