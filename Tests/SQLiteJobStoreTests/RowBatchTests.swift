import JobQueue
import Testing

@testable import SQLiteJobStore

@Suite("Batches of rows")
struct RowBatchTests {
  private struct Row: Equatable, Sendable {
    var number: Int64
    var text: String
    var other: String?
  }

  private static let texts = [
    "", "plain", "\"quoted\" \\ back", "line\nand\ttab\r", "a\u{0}b", "\u{1}\u{1f}\u{7f}", "Größe 漢字 🎬",
    String(repeating: "long ", count: 10_000), "\u{2028}",
  ]
  private static let numbers: [Int64] = [0, 1, -1, .max, .min, 42, 1 << 40, 7, 8]
  private static let rows = zip(numbers, texts).map { number, text in
    Row(number: number, text: text, other: number > 1 ? text : nil)
  }

  private static func read<Result: Sendable>(
    _ body: @escaping @Sendable (Connection) throws -> Result
  ) async throws -> Result {
    try await withStore { store, _ in try await store.writer.perform("read", body) }
  }

  @Test("what is put in comes out as it was, in its order, also at a second use of the statement")
  func roundTrip() async throws {
    let read = try await Self.read { connection in
      try (0..<2).map { _ in
        let batch = RowBatch(Self.rows) { ($0.number, $0.text, $0.other) }
        return try connection.all("SELECT c0, c1, c2, rowid FROM rows(?1)", batch) { row in
          (Row(number: try row.next(), text: try row.next(), other: try row.next()), try row.next(Int.self))
        }
      }
    }
    for rows in read {
      #expect(rows.map(\.0) == Self.rows)
      #expect(rows.map(\.1) == Array(Self.rows.indices))
    }
  }

  @Test("a batch that nothing else holds lives as long as its statement runs, and no longer")
  func life() async throws {
    try await Self.read { connection in
      weak var seen: RowBatch?
      let sum = try connection.first("SELECT sum(length(c0)) FROM rows(?1)", Self.watched(&seen)) { try $0.next(Int.self) }
      #expect(sum == Self.texts.reduce(0) { $0 + ($1 == "a\u{0}b" ? 1 : $1.unicodeScalars.count) })
      #expect(seen == nil)
    }
  }

  private static func watched(_ seen: inout RowBatch?) -> RowBatch {
    let batch = RowBatch(texts) { $0 }
    seen = batch
    return batch
  }

  @Test("a column that the batch lacks is NULL; an empty batch, and what is no batch, has no rows")
  func nothing() async throws {
    try await Self.read { connection in
      let one = RowBatch([1]) { $0 }
      #expect(try connection.value("SELECT c7 IS NULL FROM rows(?1)", one) == true)
      #expect(try connection.value("SELECT count(*) FROM rows(?1)", RowBatch(width: 3)) == 0)
      #expect(try connection.value("SELECT count(*) FROM rows(?1)", "rundown-rows") == 0)
      #expect(throws: SQLiteFailure.self) { try connection.value("SELECT count(*) FROM rows", as: Int.self) }
    }
  }

  @Test("may stand on either side of a join and be read again for every row of the other")
  func joins() async throws {
    let pairs = try await Self.read { connection in
      let (some, others) = (RowBatch([1, 2, 3]) { $0 }, RowBatch([3, 2]) { $0 })
      return try connection.all("SELECT a.c0, b.c0 FROM rows(?1) a CROSS JOIN rows(?2) b ON a.c0 >= b.c0", some, others) {
        [try $0.next(Int.self), try $0.next(Int.self)]
      }
    }
    #expect(pairs == [[2, 2], [3, 3], [3, 2]])
  }
}
