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

  @Test("what is guarded for a spreadsheet comes back as it was, whatever it is")
  func roundTrip() {
    let signs: [Character] = ["'", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "a", "\u{301}"]
    var texts = [""]
    for _ in 0..<4 {
      texts += texts.flatMap { text in signs.map { text + String($0) } }
      texts = Array(Set(texts))
    }
    for text in texts {
      let guarded = CSVText.guarded(text)
      #expect(CSVText.unguarded(guarded).unicodeScalars.elementsEqual(text.unicodeScalars), "\(text.debugDescription)")
      #expect(!"=+-@\t\r\n＝＋－＠".unicodeScalars.contains(guarded.unicodeScalars.first ?? "a"))
    }
  }
}
