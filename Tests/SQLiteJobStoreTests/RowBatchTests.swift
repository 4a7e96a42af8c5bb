import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("Batches of rows")
struct RowBatchTests {
  struct Row: Equatable, Sendable {
    var number: Int64
    var text: String
    var other: String?
  }

  private static let texts = [
    "", "plain", "\"quoted\" \\ back", "line\nand\ttab\r", "a\u{0}b", "\u{1}\u{1f}\u{7f}", "Größe 漢字 🎬",
    String(repeating: "long ", count: 10_000), "\u{2028}",
  ]
  private static let numbers: [Int64] = [0, 1, -1, .max, .min, 42, 1 << 40, 7, 8]
  static let rows = zip(numbers, texts).map { number, text in
    Row(number: number, text: text, other: number > 1 ? text : nil)
  }

  private static func read(_ body: @escaping @Sendable (Connection) throws -> Void) async throws {
    try await withStore { store, _ in try await store.writer.perform("read") { try body($0) } }
  }

  private static func column(_ numbers: Int...) -> RowBatch {
    var batch = RowBatch(width: 1)
    for number in numbers { batch.add(number) }
    return batch
  }

  @Test("what is put in comes out as it was, in its order, also at a second use of the statement")
  func roundTrip() async throws {
    try await Self.read { connection in
      for _ in 0..<2 {
        var places: [Int] = []
        // Nobody but the statement holds the batch.
        let rows = try connection.all(
          "SELECT c0, c1, c2, rowid FROM rows(?1)", RowBatch(Self.rows) { ($0.number, $0.text, $0.other) }
        ) { row in
          let read = Row(number: try row.next(), text: try row.next(), other: try row.next())
          places.append(try row.next())
          return read
        }
        #expect(rows == Self.rows)
        #expect(places == Array(Self.rows.indices))
      }
    }
  }

  @Test("a row may also be bound value by value, before others", arguments: rows.indices)
  func oneRow(index: Int) async throws {
    let row = Self.rows[index]
    try await Self.read { connection in
      try connection.execute("CREATE TEMP TABLE one (number INTEGER, text TEXT, other TEXT, last INTEGER)")
      let batch = RowBatch([row]) { ($0.number, $0.text, $0.other) }
      #expect(try connection.insert("INSERT INTO one VALUES (?1, ?2, ?3, ?4)", row: batch, 5) == 1)
      let read = try connection.first("SELECT * FROM one") {
        (Row(number: try $0.next(), text: try $0.next(), other: try $0.next()), try $0.next(Int.self))
      }
      #expect(read?.0 == row && read?.1 == 5)
      let none = try connection.insert("INSERT INTO one SELECT ?1, ?2, ?3, ?4 WHERE false", row: batch, 5)
      #expect(none == nil)
    }
  }

  @Test("a column that the batch lacks is NULL; an empty batch, and what is no batch, has no rows")
  func nothing() async throws {
    try await Self.read { connection in
      let lacks: Bool? = try connection.value("SELECT c7 IS NULL FROM rows(?1)", Self.column(1))
      let empty: Int? = try connection.value("SELECT count(*) FROM rows(?1)", Self.column())
      let other: Int? = try connection.value("SELECT count(*) FROM rows(?1)", "rundown-rows")
      #expect(lacks == true)
      #expect(empty == 0)
      #expect(other == 0)
      #expect(throws: SQLiteFailure.self) { _ = try connection.value("SELECT count(*) FROM rows", as: Int.self) }
    }
  }

  @Test("may stand on either side of a join and be read again for every row of the other")
  func joins() async throws {
    try await Self.read { connection in
      let sql = "SELECT a.c0, b.c0 FROM rows(?1) a CROSS JOIN rows(?2) b ON a.c0 >= b.c0"
      let pairs = try connection.all(sql, Self.column(1, 2, 3), Self.column(3, 2)) {
        [try $0.next(Int.self), try $0.next(Int.self)]
      }
      #expect(pairs == [[2, 2], [3, 3], [3, 2]])
    }
  }
}
