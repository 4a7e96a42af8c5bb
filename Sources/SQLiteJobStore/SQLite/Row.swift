import CSQLite

/// The current row of a statement, read column by column from the left.
struct Row {
  private let statement: OpaquePointer
  private var column: Int32 = 0

  init(of statement: OpaquePointer) {
    self.statement = statement
  }

  /// The next column's value.
  mutating func next<Value: ColumnValue>(_ type: Value.Type = Value.self) throws -> Value {
    defer { column += 1 }
    return try Value.read(from: statement, at: column)
  }
}
