import FoundationEssentials
import JobQueue
import Testing
import Wire

@Suite("docs/learn/schedules-time.md")
struct SchedulesPageTests {
  private static func page() throws -> String {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try String(contentsOfFile: "\(root)/docs/learn/schedules-time.md", encoding: .utf8)
  }

  /// What stands between backticks.
  private static func code(_ text: Substring) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map { String($0.element) }
  }

  @Test("says of each example what happens when clocks change")
  func examples() throws {
    let zone = try TimeZoneRules(tzif: try ZoneFile.read("Europe/Berlin", limit: TimeZoneRules.maximumBytes))
    let rows = try Self.page().split(separator: "\n").map { $0.split(separator: "|") }
      .filter { $0.count == 3 && $0[0].hasPrefix(" `") }
    #expect(rows.count == 7)
    for row in rows {
      let words = Self.code(row[0])
      var timing = EventTiming(.cron(try CronExpression(try #require(words.first))))
      for word in words.dropFirst() {
        let parts = word.split(separator: " ").map(String.init)
        switch parts[0] {
        case "gap:": timing.gap = try #require(EventTiming.GapPolicy(rawValue: parts[1]))
        case "overlap:": timing.overlap = try #require(EventTiming.OverlapPolicy(rawValue: parts[1]))
        default: Issue.record("\(word)")
        }
      }
      for (day, cell) in [("2026-03-29", row[1]), ("2026-10-25", row[2])] {
        let from = zone.reading(of: try #require(WallTime("\(day)T01:00"))).timestamp
        let to = zone.reading(of: try #require(WallTime("\(day)T04:00"))).timestamp
        let times = timing.instants(
          after: from - .milliseconds(1), through: to - .milliseconds(1), limit: 100, in: zone
        ).map { moment in
          let wall = zone.wallTime(at: moment)
          let all = zone.occurrences(of: wall)
          let time = InternetTime.text(wall.seconds).dropFirst(11).dropLast(4)
          return all.count == 1 ? "\(time)" : "\(time) (\(moment == all[0] ? "1st" : "2nd"))"
        }
        #expect(cell == " \(times.isEmpty ? "nothing" : times.joined(separator: ", ")) ", "\(words) on \(day)")
      }
    }
  }

  @Test("names expressions that are read, and spellings that are refused")
  func expressions() throws {
    let text = try Self.page()
    let refused = try #require(text.split(separator: "\n").first { $0.hasPrefix("What other programs") })
    for field in Self.code(refused) {
      #expect(throws: CronProblem.self, "\(field)") {
        try CronExpression(field == "@daily" ? field : "0 \(field) \(field) * *")
      }
    }
    let whole = Self.code(text[...]).filter { $0.split(separator: " ").count == 5 }
    #expect(whole.count > 8)
    for expression in whole { _ = try CronExpression(expression) }
  }
}
