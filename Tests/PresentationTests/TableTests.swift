import Presentation
import Settings
import Testing

@Suite("What a terminal shows")
struct TableTests {
  private func terminal(_ columns: Int, _ environment: [String: String] = [:]) -> Terminal {
    Terminal(isTerminal: columns > 0, columns: columns) { environment[$0] }
  }

  private var table: Table {
    var table = Table([.init("ID", isNumber: true), .init("SUBJECT", minimum: 8), .init("WHY", minimum: 6)])
    table.add(["7", "fra1:live:pitch-001-s3", "no such application"])
    table.add(["123", "short", ""])
    return table
  }

  @Test("a table fits the width: later columns give way first, but keep their minimum; numbers stand at the right")
  func fits() {
    #expect(
      table.rendered(for: terminal(35, ["TERM": "dumb"])) == """
         ID  SUBJECT                 WHY
          7  fra1:live:pitch-001-s3  no su…
        123  short
        """)
    let narrow = table.rendered(for: terminal(21, ["TERM": "dumb"])).split(separator: "\n")
    #expect(narrow[1] == "  7  fra1:li…  no su…")
  }

  @Test("without a terminal nothing is cut")
  func piped() {
    #expect(table.rendered(for: terminal(0)).contains("fra1:live:pitch-001-s3  no such application"))
  }

  @Test("the width is the terminal's own, else COLUMNS, else 80")
  func width() {
    #expect(terminal(120, ["COLUMNS": "40"]).width == 120)
    #expect(Terminal(isTerminal: true, columns: 0) { $0 == "COLUMNS" ? "40" : nil }.width == 40)
    #expect(Terminal(isTerminal: true, columns: 0) { _ in nil }.width == 80)
    #expect(terminal(0, ["COLUMNS": "40"]).width == nil)
  }

  @Test(
    "colour: NO_COLOR, then FORCE_COLOR, then a terminal that is not dumb",
    arguments: [
      (80, [:], true), (0, [:], false), (80, ["TERM": "dumb"], false), (80, ["NO_COLOR": "1"], false),
      (80, ["NO_COLOR": ""], true), (0, ["FORCE_COLOR": "1"], true), (0, ["FORCE_COLOR": "0"], false),
      (0, ["FORCE_COLOR": "1", "NO_COLOR": "1"], false), (80, ["FORCE_COLOR": "1", "TERM": "dumb"], true),
    ])
  func colour(columns: Int, environment: [String: String], wanted: Bool) {
    #expect(terminal(columns, environment).hasColour == wanted)
  }

  @Test("foreign text cannot steer the terminal: controls and marks that turn text around become blanks")
  func plain() {
    #expect(PlainText.oneLine("a\u{1B}[2Jb\nc\u{202E}d\u{9B}e") == "a [2Jb c d e")
  }

  @Test("notes and help of an error are broken between words, further lines indented; what it quotes of a file is not")
  func diagnostic() {
    let words = "one two three four five six seven eight nine ten"
    let quoted = " --> f.csv:1:2\n  |\n1 | \(words)\n  |  ^"
    let error = "error[RD0303]: \(words)\n\(quoted)\n  = note: \(words)\n  = help: short"
    let lines = terminal(40, ["TERM": "dumb"]).diagnostic(error).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "error[RD0303]: one two three four five", "  six seven eight nine ten", " --> f.csv:1:2", "  |",
        "1 | \(words)", "  |  ^", "  = note: one two three four", "          five six seven eight nine ten",
        "  = help: short",
      ], "\(lines)")
    #expect(terminal(0, [:]).diagnostic(error) == error)
  }

  @Test("an address is never broken or cut, in a cell, in a note and in a sentence; what stands beside it gives way")
  func addresses() {
    let url = "https://customer.cloudfront.example.com/" + String(repeating: "segment/", count: 9) + "playlist.m3u8"
    var table = Table([.init("ID"), .init("SUBJECT", minimum: 8), .init("URL", minimum: 6)], note: "WHY")
    table.add(["7", "a subject that is long enough to be cut", .init(url)], note: .init("see \(url) and more"))
    for columns in [40, 80] {
      let shown = terminal(columns, ["TERM": "dumb"])
      let text = table.rendered(for: shown)
      #expect(text.ranges(of: url).count == 2, "\(text)")
      #expect(text.contains("a subj") && text.contains("…"))
      let sentence = shown.paragraph("the playlist is \(url), as the account says")
      #expect(sentence.contains(url + ","), "\(sentence)")
      #expect(sentence.split(separator: "\n").count == 3, "\(sentence)")
    }
  }
}
