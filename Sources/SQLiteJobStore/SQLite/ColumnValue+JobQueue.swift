import CSQLite
import JobQueue

// The engine's own types in columns: as plain numbers and texts.

extension JobID: ColumnValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    rawValue.bind(to: statement, at: index)
  }

  func add(to batch: inout RowBatch) {
    rawValue.add(to: &batch)
  }

  static func read(from statement: OpaquePointer, at column: Int32) -> JobID {
    JobID(Int64.read(from: statement, at: column))
  }
}

extension WorkerID: ColumnValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    rawValue.bind(to: statement, at: index)
  }

  func add(to batch: inout RowBatch) {
    rawValue.add(to: &batch)
  }

  static func read(from statement: OpaquePointer, at column: Int32) -> WorkerID {
    WorkerID(String.read(from: statement, at: column))
  }
}

extension Timestamp: ColumnValue {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    milliseconds.bind(to: statement, at: index)
  }

  func add(to batch: inout RowBatch) {
    milliseconds.add(to: &batch)
  }

  static func read(from statement: OpaquePointer, at column: Int32) -> Timestamp {
    Timestamp(milliseconds: Int64.read(from: statement, at: column))
  }
}

/// A word from a fixed list.
protocol ColumnWord: ColumnValue, RawRepresentable where RawValue == String {}

extension ColumnWord {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    rawValue.bind(to: statement, at: index)
  }

  func add(to batch: inout RowBatch) {
    rawValue.add(to: &batch)
  }

  /// - Throws: ``SQLiteFailure`` "corrupt" for a word that our code cannot have written.
  static func read(from statement: OpaquePointer, at column: Int32) throws -> Self {
    guard let word = Self(rawValue: String.read(from: statement, at: column)) else {
      throw SQLiteFailure(code: SQLITE_CORRUPT)
    }
    return word
  }
}

extension JobState: ColumnWord {}
extension AttemptOutcome: ColumnWord {}
extension EffectOrigin: ColumnWord {}
extension Gate.State: ColumnWord {}
