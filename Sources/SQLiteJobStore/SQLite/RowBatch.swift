import CSQLite

/// Rows that are bound to one parameter of a statement, which reads them from the table `rows(?1)`: so one statement
/// handles many jobs, and nothing is written as text and parsed again in between.
struct RowBatch: BoundValue, Sendable {
  /// How many columns there are; they are named `c0`, `c1`, …
  static let columns = 16

  /// A value; for a text, its position among all texts.
  fileprivate enum Cell {
    case null
    case integer(Int64)
    case text(start: Int, count: Int)
  }

  /// How many values each row has.
  let width: Int
  private var cells: [Cell] = []
  /// All texts, one after the other.
  private var texts: [UInt8] = []

  /// An empty batch.
  /// - Parameters:
  ///   - width: how many values each row has.
  ///   - rows: how many rows are expected.
  init(width: Int, rows: Int = 0) {
    precondition(width <= Self.columns)
    self.width = width
    cells.reserveCapacity(width * rows)
  }

  /// One row for each element.
  init<Element, each Value: ColumnValue>(
    _ elements: some Collection<Element>, _ row: (Element) throws -> (repeat each Value)
  ) rethrows {
    var width = 0
    for _ in repeat (each Value).self { width += 1 }
    self.init(width: width, rows: elements.count)
    for element in elements {
      let values = try row(element)
      add(repeat each values)
    }
  }

  /// Whether there are no rows.
  var isEmpty: Bool { cells.isEmpty }

  /// Adds a row, which has the same width as all others.
  mutating func add<each Value: ColumnValue>(_ values: repeat each Value) {
    for value in repeat each values { value.add(to: &self) }
    assert(cells.count.isMultiple(of: width))
  }

  /// Adds the next value of a row.
  mutating func addNull() { cells.append(.null) }

  /// Adds the next value of a row.
  mutating func add(integer: Int64) { cells.append(.integer(integer)) }

  /// Adds the next value of a row.
  mutating func add(text: String) {
    let start = texts.count
    texts.append(contentsOf: text.utf8)
    cells.append(.text(start: start, count: texts.count - start))
  }

  /// Binds each value of the first row separately, to ?1, ?2, …
  func bindFirstRow(to statement: OpaquePointer) -> Int32 {
    for (index, cell) in zip(Int32(1)..., cells.prefix(width)) {
      let result =
        switch cell {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
        case .text(let start, let count):
          texts.withUnsafeBytes { bytes in
            // Without any text there is no address, and SQLite would treat that as NULL.
            let text = bytes.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
            return text.map { sqlite3_bind_text(statement, index, $0, Int32(clamping: count), copiedText) }
              ?? sqlite3_bind_text(statement, index, "", 0, copiedText)
          }
        }
      guard result == SQLITE_OK else { return result }
    }
    return SQLITE_OK
  }

  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    let bound = Unmanaged.passRetained(BoundRows(width: width, cells: cells, texts: texts)).toOpaque()
    // Released when the statement's parameters are cleared, or immediately if this fails.
    return sqlite3_bind_pointer(statement, index, bound, BoundRows.pointerType) { bound in
      if let bound { Unmanaged<BoundRows>.fromOpaque(bound).release() }
    }
  }
}

/// A batch while it is bound: its texts do not move.
final class BoundRows {
  /// Tells SQLite that a pointer refers to this class. Lives as long as the process.
  static var pointerType: UnsafePointer<CChar> {
    UnsafeRawPointer(typeName.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  private static let typeName: StaticString = "rundown-rows"

  /// How many rows there are.
  let count: Int
  private let width: Int
  private let cells: [RowBatch.Cell]
  private let texts: UnsafePointer<CChar>

  fileprivate init(width: Int, cells: [RowBatch.Cell], texts: [UInt8]) {
    self.width = width
    self.cells = cells
    count = cells.count / width
    let copy = UnsafeMutableRawPointer.allocate(byteCount: max(1, texts.count), alignment: 1)
    texts.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { copy.copyMemory(from: start, byteCount: bytes.count) }
    }
    self.texts = UnsafePointer(copy.assumingMemoryBound(to: CChar.self))
  }

  deinit {
    texts.deallocate()
  }

  /// Passes a value to SQLite, which need not copy it: the statement's parameter keeps this object alive.
  func setResult(of context: OpaquePointer?, row: Int, column: Int) {
    guard column < width else { return sqlite3_result_null(context) }
    switch cells[row * width + column] {
    case .null: sqlite3_result_null(context)
    case .integer(let integer): sqlite3_result_int64(context, integer)
    case .text(let start, let count): sqlite3_result_text(context, texts + start, Int32(clamping: count), nil)
    }
  }
}
