import Glibc
import JobQueue
import Testing
import Wire

/// A second opinion that is not always right: each disagreement is of a kind that is known and named.
@Suite("When a cron expression comes, beside the package cronsim")
struct CronsimComparisonTests {
  private static let isExhaustive = getenv("RUNDOWN_EXHAUSTIVE").map { String(cString: $0) } == "1"
  private static let seeds: [Int] = isExhaustive ? (0..<10).map { _ in .random(in: 1...1_000_000) } : [11]
  private static let count = 800

  /// Why cronsim 2.8 says something else.
  private enum Difference: String {
    case noAnswer = "it does not end its search around some changes of clocks"
    case openRange = "it takes a range of one number with a step, 1-1/8, for one without an end"
    case secondTime = "asked from the second of two equal times on, it answers for the first, which is over"
    case oddChange =
      "it looks for regular times by whole hours, and misses some where clocks change at or by another distance"
    case oddSecond = "it knows whole minutes only, and clocks changed within one"
    case noMidnight = "it begins a day at its midnight, also where clocks skip it"
  }

  @Test("is the same, but for differences of known kinds, which are few")
  func secondOpinion() throws {
    var zones: [String: TimeZoneRules] = [:]
    for seed in Self.seeds {
      var (unexplained, explained, same) = ([String](), [Difference: Int](), 0)
      let lines = try ScheduleCase.lines(
        "cronsim_opinion.py", "\(seed) \(Self.count) 2", python: ".tools/cronsim/bin/python")
      for line in lines {
        guard let given = try ScheduleCase(line) else {
          same += 1
          continue
        }
        let zone = try zones[given.zone] ?? TimeZoneRules(tzif: ZoneFile.read(given.zone, limit: 1 << 18))
        zones[given.zone] = zone
        let found = given.found(in: zone)
        if given.hasAnswer, given.expected == found {
          same += 1
        } else if let difference = Self.difference(given, zone, found) {
          explained[difference, default: 0] += 1
        } else {
          unexplained.append("\(line)\n  but found \(found)")
        }
      }
      #expect(lines.count == Self.count, "seed \(seed)")
      #expect(unexplained.isEmpty, "seed \(seed):\n\(unexplained.prefix(5).joined(separator: "\n"))")
      #expect(same > Self.count * 9 / 10, "seed \(seed): \(explained.map { "\($1) times \($0.rawValue)" })")
    }
  }

  private static func difference(_ given: ScheduleCase, _ zone: TimeZoneRules, _ found: [Int64]) -> Difference? {
    if !given.hasAnswer { return .noAnswer }
    if hasOpenRange(given.moments) { return .openRange }
    let after = Timestamp(milliseconds: given.after * 1000)
    if given.timing.isFixed {
      let times = zone.occurrences(of: zone.wallTime(at: after))
      if times.count > 1, times.last == after { return .secondTime }
      return found.contains { $0 % 60 != 0 } ? .oddSecond : nil
    }
    // What clocks show just before and just after their changes, which are all at a whole or a half minute.
    let from = (given.after - 86_400) / 30 * 30
    var (edges, last) = ([Int64](), zone.offset(at: Timestamp(milliseconds: from * 1000)))
    for second in stride(from: from + 30, through: given.through, by: 30) {
      let offset = zone.offset(at: Timestamp(milliseconds: second * 1000))
      if offset != last { edges += [second + last, second + offset] }
      last = offset
    }
    if edges.contains(where: { $0 % 3600 != 0 }) { return .oddChange }
    let days = (given.after / 86_400 - 2)...(given.through / 86_400 + 2)
    return days.contains { zone.occurrences(of: WallTime(seconds: $0 * 86_400)).isEmpty } ? .noMidnight : nil
  }

  private static func hasOpenRange(_ expression: String) -> Bool {
    expression.split { $0 == " " || $0 == "," }.contains { part in
      guard let step = part.firstIndex(of: "/") else { return false }
      let ends = part[..<step].split(separator: "-").map(number)
      return ends.count == 2 && ends[0] == ends[1]
    }
  }

  private static func number(_ word: Substring) -> Int? {
    let names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    let name = word.uppercased()
    return Int(word) ?? names.firstIndex(of: name) ?? months.firstIndex(of: name).map { $0 + 1 }
  }
}
