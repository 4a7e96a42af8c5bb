import Testing

@testable import SQLiteJobStore

@Suite("Lists for SQLite")
struct JSONListTests {
  @Test("What is put in comes out of json_each as it was")
  func roundTrip() async throws {
    let texts = [
      "", "plain", "\"quoted\" \\ back", "line\nand\ttab\r", "\u{1}\u{1f}\u{7f}", "Größe 漢字 🎬", #"{"a":"\n \u0041"}"#,
      "\u{2028}",
    ]
    let numbers: [Int64] = [0, 1, -1, .max, .min, 42, 1 << 40, 7]
    var list = JSONList()
    for (number, text) in zip(numbers, texts) { list.add(list: number, text) }
    let text = list.text
    try await withStore { store, _ in
      let rows = try await store.writer.perform("read") { connection in
        try connection.all("SELECT value ->> 0, value ->> 1 FROM json_each(?1) ORDER BY key", text) { row in
          Pair(number: try row.next(), text: try row.next())
        }
      }
      #expect(rows == zip(numbers, texts).map { Pair(number: $0, text: $1) })
    }
  }

  @Test("An empty list is one")
  func empty() {
    #expect(JSONList().text == "[]" && JSONList().isEmpty)
  }

  private struct Pair: Equatable, Sendable {
    var number: Int64
    var text: String
  }
}
