internal import CSQLite

/// Rows that are bound to one parameter of a statement, which reads them from the table `rows(?1)`: so one statement
/// handles many jobs, and neither side parses or copies a text for it.
///
/// Not Sendable: it belongs to one thread at a time, and takes no more rows once it was bound.
final class RowBatch: BoundValue {
  /// The columns are named `c0`, `c1`, …; so many there are.
  static let columns = 16

  /// What tells SQLite that a pointer is one to a batch.
  static let pointerType: StaticString = "rundown-rows"

  private enum Cell {
    case null
    case integer(Int64)
    /// In `texts`.
    case text(start: Int, count: Int)
  }

  private let width: Int
  private var cells: [Cell] = []
  /// All texts one after the other, at an address that stays while the batch is bound.
  private var texts: UnsafeMutableRawBufferPointer
  private var textsEnd = 0

  /// An empty batch.
  /// - Parameters:
  ///   - width: how many values each row has.
  ///   - rows: how many rows are expected.
  init(width: Int, rows: Int = 0) {
    precondition(width <= Self.columns)
    self.width = width
    cells.reserveCapacity(width * rows)
    texts = .allocate(byteCount: max(64, 32 * width * rows), alignment: 1)
  }

  deinit {
    texts.deallocate()
  }

  /// How many rows there are.
  var count: Int { cells.count / width }

  /// Whether there is no row.
  var isEmpty: Bool { cells.isEmpty }

  /// Adds a row, which has the width of all.
  func add<each Value: ColumnValue>(_ values: repeat each Value) {
    for value in repeat each values { value.add(to: self) }
    assert(cells.count.isMultiple(of: width))
  }

  /// Adds the next value of a row.
  func addNull() { cells.append(.null) }

  /// Adds the next value of a row.
  func add(integer: Int64) { cells.append(.integer(integer)) }

  /// Adds the next value of a row.
  func add(text: String) {
    var text = text
    text.withUTF8 { bytes in
      reserve(bytes.count)
      UnsafeMutableRawBufferPointer(rebasing: texts[textsEnd...]).copyMemory(from: UnsafeRawBufferPointer(bytes))
      cells.append(.text(start: textsEnd, count: bytes.count))
      textsEnd += bytes.count
    }
  }

  /// Hands a value to SQLite, which need not copy it: the statement keeps the batch.
  func tell(_ context: OpaquePointer?, row: Int, column: Int) {
    guard column < width else { return sqlite3_result_null(context) }
    switch cells[row * width + column] {
    case .null: sqlite3_result_null(context)
    case .integer(let integer): sqlite3_result_int64(context, integer)
    case .text(let start, let count):
      let text = texts.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
      sqlite3_result_text(context, text, Int32(clamping: count), nil)
    }
  }

  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    let batch = Unmanaged.passRetained(self).toOpaque()
    return Self.pointerType.utf8Start.withMemoryRebound(to: CChar.self, capacity: Self.pointerType.utf8CodeUnitCount) {
      // Let go when the statement's parameters are cleared.
      sqlite3_bind_pointer(statement, index, batch, $0) { batch in
        if let batch { Unmanaged<RowBatch>.fromOpaque(batch).release() }
      }
    }
  }

  private func reserve(_ count: Int) {
    guard textsEnd + count > texts.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * (textsEnd + count), alignment: 1)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: texts[..<textsEnd]))
    texts.deallocate()
    texts = larger
  }
}

extension RowBatch {
  /// One row for each element.
  convenience init<Element, each Value: ColumnValue>(
    _ elements: some Collection<Element>, _ row: (Element) -> (repeat each Value)
  ) {
    var width = 0
    for _ in repeat (each Value).self { width += 1 }
    self.init(width: width, rows: elements.count)
    for element in elements { add(repeat each row(element)) }
  }
}
