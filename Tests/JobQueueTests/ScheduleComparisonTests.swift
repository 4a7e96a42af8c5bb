import Glibc
import JobQueue
import Testing
import Wire

@Suite("When events of a schedule happen, beside a count by the minute in Python")
struct ScheduleComparisonTests {
  /// In its long form, also with seeds of chance.
  private static let isExhaustive = getenv("RUNDOWN_EXHAUSTIVE").map { String(cString: $0) } == "1"
  private static let seeds: [Int] = isExhaustive ? (0..<10).map { _ in .random(in: 1...1_000_000) } : [1]

  @Test("is the same for all kinds of expressions, times, zones and bounds, around changes of clocks and over years")
  func evaluator() throws {
    var zones: [String: TimeZoneRules] = [:]
    for seed in Self.seeds {
      var (wrong, count, moments): ([String], Int, Int) = ([], 0, 0)
      for line in try ScheduleCase.lines("evaluator.py", "\(seed) 2500 60") {
        count += 1
        guard let given = try ScheduleCase(line) else { continue }
        let zone = try zones[given.zone] ?? TimeZoneRules(tzif: ZoneFile.read(given.zone, limit: 1 << 18))
        zones[given.zone] = zone
        let found = given.found(in: zone)
        moments += found.count
        if found != given.expected { wrong.append("\(line)\n  but found \(found)") }
        // Step by step the same as at once.
        if !given.isShort { continue }
        var (step, now) = ([Int64](), given.after)
        while step.count < given.limit,
          let next = given.timing.next(after: Timestamp(milliseconds: now * 1000), in: zone),
          next.milliseconds <= given.through * 1000
        {
          now = next.milliseconds / 1000
          step.append(now)
        }
        if step != found { wrong.append("\(line)\n  but step by step \(step)") }
      }
      #expect(count == 2560 && moments > 8000, "seed \(seed): \(count) cases, \(moments) moments")
      #expect(wrong.isEmpty, "seed \(seed), \(wrong.count) wrong:\n\(wrong.prefix(5).joined(separator: "\n"))")
    }
  }
}
