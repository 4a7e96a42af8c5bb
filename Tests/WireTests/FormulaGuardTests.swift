import Testing
import Wire

@Suite("The guard against formulas")
struct FormulaGuardTests {
  @Test("what is guarded for a spreadsheet comes back as it was, whatever it is")
  func roundTrip() {
    let signs: [Character] = ["'", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "a", "\u{301}"]
    var texts = [""]
    for _ in 0..<4 {
      texts += texts.flatMap { text in signs.map { text + String($0) } }
      texts = Array(Set(texts))
    }
    for text in texts {
      let guarded = FormulaGuard.added(to: text)
      #expect(
        FormulaGuard.removed(from: guarded).unicodeScalars.elementsEqual(text.unicodeScalars),
        "\(text.debugDescription)")
      #expect(!"=+-@\t\r\n＝＋－＠".unicodeScalars.contains(guarded.unicodeScalars.first ?? "a"))
    }
  }
}
