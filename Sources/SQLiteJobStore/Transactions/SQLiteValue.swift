import CSQLite

/// A value of an application's own table.
public enum SQLiteValue: Sendable, Hashable {
  /// NULL
  case null
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction.
  case real(Double)
  /// Text.
  case text(String)
  /// Bytes.
  case blob([UInt8])

  /// The whole number; nil for anything else.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// The number, whole or not; nil for anything else.
  public var real: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    case .null, .text, .blob: nil
    }
  }

  /// The text; nil for anything else.
  public var text: String? { if case .text(let value) = self { value } else { nil } }

  /// The bytes; nil for anything else.
  public var blob: [UInt8]? { if case .blob(let value) = self { value } else { nil } }
}

extension SQLiteValue: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
  /// NULL
  public init(nilLiteral: ()) { self = .null }

  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }

  /// A number with a fraction.
  public init(floatLiteral value: Double) { self = .real(value) }

  /// Text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// 1 or 0, which is how SQLite stores it.
  public init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
}

extension SQLiteValue {
  /// Binds the value; the first parameter has index 1.
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch self {
    case .null: sqlite3_bind_null(statement, index)
    case .integer(let value): sqlite3_bind_int64(statement, index, value)
    case .real(let value): sqlite3_bind_double(statement, index, value)
    case .text(let value): value.bind(to: statement, at: index)
    case .blob(let value):
      value.withUnsafeBytes { bytes in
        // Without any bytes there is no address, and SQLite would treat that as NULL.
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
        return sqlite3_bind_blob64(statement, index, start, UInt64(bytes.count), copiedText)
      }
    }
  }

  /// Reads the value; the first column has index 0.
  static func read(from statement: OpaquePointer, at column: Int32) -> SQLiteValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT: return .text(String.read(from: statement, at: column))
    case SQLITE_BLOB:
      guard let start = sqlite3_column_blob(statement, column) else { return .blob([]) }
      return .blob(Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))))
    default: return .null
    }
  }
}

/// A row from a statement of an application.
public struct SQLiteRow: Sendable, Hashable {
  /// The names of the columns, from the left.
  public let columns: [String]
  /// Their values.
  public let values: [SQLiteValue]

  /// The value of a column, counted from 0.
  public subscript(index: Int) -> SQLiteValue { values[index] }

  /// The value of the first column with a name; nil if there is none.
  public subscript(column: String) -> SQLiteValue? { columns.firstIndex(of: column).map { values[$0] } }
}
