import FoundationEssentials
import JobQueue
import Testing

@testable import Presentation

/// Screens as they are, in `Screens/`. `RUNDOWN_RECORD=1` writes them anew: then look at them with your own eyes.
@Suite("What an operator sees")
struct ScreenTests {
  @Test("no line is longer than the terminal, however narrow", arguments: [40, 60, 80, 100, 120, 200])
  func width(columns: Int) throws {
    let terminal = Screens.terminal(columns)
    for (name, text) in try Screens.all(terminal) + ManifestScreens().all(terminal) + ScheduleScreens().all(terminal) {
      for line in text.split(separator: "\n") {
        #expect(DisplayWidth.of(String(line)) <= columns, "\(name): \(line)")
      }
    }
  }

  @Test("the screens are as they were looked at", arguments: [80, 120])
  func golden(columns: Int) throws {
    let terminal = Screens.terminal(columns)
    for (name, text) in try Screens.all(terminal) + ManifestScreens().all(terminal) + ScheduleScreens().all(terminal) {
      let file = name.replacing("--", with: "").replacing(" ", with: "-").replacing("--", with: "-")
      let path = Self.folder + "/\(file)-\(columns).txt"
      if ProcessInfo.processInfo.environment["RUNDOWN_RECORD"] == "1" {
        try Data((text + "\n").utf8).write(to: URL(filePath: path))
      }
      let known = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
      #expect(text + "\n" == known, "\(name) at \(columns)")
    }
  }

  private static var folder: String {
    let file = #filePath
    return String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) + "/Screens"
  }

  @Test("without a terminal each job, gate and budget is one line with its whole reason")
  func piped() {
    let terminal = Screens.terminal(0)
    let list = JobTable.rendered(Screens.jobs, Screens.gates, wide: false, times: Screens.times, for: terminal)
    #expect(list.split(separator: "\n").count == Screens.jobs.count + 1)
    #expect(list.contains(Screens.denied.message))
    let gates = GateTable.rendered(Screens.gates, times: Screens.times, for: terminal)
    #expect(gates.split(separator: "\n").count == Screens.gates.count + 1)
  }

  @Test("a page has as many lines as the terminal, and says how many are missing")
  func page() {
    let text = (1...30).map { "line \($0)" }.joined(separator: "\n")
    let terminal = Terminal(isTerminal: true, columns: 80, rows: 24) { _ in nil }
    let lines = terminal.page(text).split(separator: "\n")
    #expect(lines.count == 23)
    #expect(lines.last == "… 8 more lines")
    #expect(terminal.page("line 1\nline 2") == "line 1\nline 2")
  }

  @Test(
    "the width of a text is that on a screen, and a text is cut and broken by it",
    arguments: [("abc", 3), ("カメラ", 6), ("e\u{301}", 1), ("🎥", 2), ("", 0), ("…", 1), ("＝", 2)])
  func displayWidth(text: String, cells: Int) {
    #expect(DisplayWidth.of(text) == cells)
    for width in 1...8 {
      #expect(DisplayWidth.of(DisplayWidth.cut(text + text, to: width)) <= width)
      for line in DisplayWidth.wrapped("\(text) \(text)\(text) x", to: max(2, width)) {
        #expect(DisplayWidth.of(line) <= max(2, width), "\(line)")
      }
    }
  }

  @Test("a text is broken between words; blanks inside of a line stay, and a last line that is cut says so")
  func wrapped() {
    #expect(DisplayWidth.wrapped("one  two three", to: 8) == ["one  two", "three"])
    #expect(DisplayWidth.wrapped("abcdefghij k", to: 4) == ["abcd", "efgh", "ij k"])
    #expect(DisplayWidth.wrapped("one two three four", to: 5, most: 2) == ["one", "two…"])
    #expect(DisplayWidth.wrapped("", to: 5) == [""])
  }
}
