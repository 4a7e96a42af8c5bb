import Presentation
import Testing

@Suite("Cells of a CSV file")
struct CSVTextTests {
  @Test("hold nothing that a spreadsheet would run, and read as one cell each")
  func record() {
    #expect(CSVText.record(["=1+1", "a,b", "-x", "plain"]) == #"'=1+1,"a,b",'-x,plain"#)
    // A comma or quote with a combining mark behind it is one character to Swift, and still two cells to a reader.
    #expect(CSVText.record([",\u{301}", "\"\u{301}"]) == "\",\u{301}\",\"\"\"\u{301}\"")
  }
}
