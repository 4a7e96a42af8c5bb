import JobQueue
import JobQueueTestKit
import Testing
import Wire

@Suite("A cron expression")
struct CronExpressionTests {
  private static func times(_ text: String, from: String, count: Int = 4) throws -> [String] {
    let expression = try CronExpression(text)
    var (wall, found) = (try #require(WallTime(from)), [String]())
    while found.count < count,
      let next = expression.next(from: wall, through: WallTime(seconds: wall.seconds + (1 << 32)))
    {
      found.append(String(InternetTime.text(next.seconds).dropLast(4)))
      wall = WallTime(seconds: next.seconds + 1)
    }
    return found
  }

  @Test("matches numbers, names, ranges, lists and steps; Sunday is 0 and 7")
  func fields() throws {
    #expect(
      try Self.times("30 18 * * MON-FRI", from: "2026-11-27T18:30")
        == ["2026-11-27T18:30", "2026-11-30T18:30", "2026-12-01T18:30", "2026-12-02T18:30"])
    #expect(
      try Self.times("*/20 9-17/8 * jan,Feb *", from: "2026-11-28T00:00", count: 7).suffix(4)
        == ["2027-01-01T17:00", "2027-01-01T17:20", "2027-01-01T17:40", "2027-01-02T09:00"])
    let sundays = try Self.times("0 6 * * 0", from: "2026-11-28T00:00")
    #expect(sundays == ["2026-11-29T06:00", "2026-12-06T06:00", "2026-12-13T06:00", "2026-12-20T06:00"])
    for spelling in ["7", "SUN", "sun", "*/7", "0,7", "00"] {
      #expect(try Self.times("0 6 * * \(spelling)", from: "2026-11-28T00:00") == sundays, "\(spelling)")
    }
    for spelling in ["SAT-SUN", "6-7", "0,6", "SAT,SUN", "7,SAT", "6,0"] {
      #expect(
        try Self.times("0 6 * * \(spelling)", from: "2026-11-28T07:00")
          == ["2026-11-29T06:00", "2026-12-05T06:00", "2026-12-06T06:00", "2026-12-12T06:00"], "\(spelling)")
    }
  }

  @Test("takes one of the two days where neither begins with a star, else both")
  func days() throws {
    #expect(
      try Self.times("0 0 13 * FRI", from: "2026-11-01T00:00")
        == ["2026-11-06T00:00", "2026-11-13T00:00", "2026-11-20T00:00", "2026-11-27T00:00"])
    #expect(
      try Self.times("0 0 */12 * FRI", from: "2026-11-01T00:00", count: 3)
        == ["2026-11-13T00:00", "2026-12-25T00:00", "2027-01-01T00:00"])
    #expect(
      try Self.times("0 0 1,15 * */3", from: "2026-11-01T00:00", count: 3)
        == ["2026-11-01T00:00", "2026-11-15T00:00", "2027-05-01T00:00"])
    #expect(
      try Self.times("0 0 29 2 *", from: "2026-11-01T00:00", count: 2) == ["2028-02-29T00:00", "2032-02-29T00:00"])
    #expect(
      try Self.times("0 0 29 2 */7", from: "2026-11-01T00:00", count: 2) == ["2032-02-29T00:00", "2060-02-29T00:00"])
  }
}

@Suite("A text that is no cron expression")
struct CronProblemTests {
  @Test(
    "is refused in one sentence with the field, the part that is wrong, and what to write",
    arguments: [
      ("0 24 * * *", #"hour "24": hours are 0 to 23"#),
      ("60 0 * * *", #"minute "60": minutes are 0 to 59"#),
      ("0 0 0 * *", #"day of month "0": days of a month are 1 to 31"#),
      ("0 0 * 1,13 *", #"month "13": months are 1 to 12 or JAN to DEC"#),
      ("0 0 * * 8", #"day of week "8": days of the week are 0 to 7 (Sunday is both) or SUN to SAT"#),
      (
        "0 18 * * MON-FRIDAY",
        ##"day of week "MON-FRIDAY": "FRIDAY" is not known here; days of the week are 0 to 7 (Sunday is both) or SUN to SAT, with "*", ",", "-" and "/""##
      ),
      (
        "0 0 L * *",
        ##"day of month "L": "L" is not known here; days of a month are 1 to 31, with "*", ",", "-" and "/""##
      ),
      (
        "0 22-2 * * *",
        #"hour "22-2": a range goes from the lower number to the higher one; write "22-23,0-2""#
      ),
      (
        "0 0 * * FRI-MON",
        #"day of week "FRI-MON": a range goes from the lower number to the higher one; write "5-6,0-1""#
      ),
      (
        "5/15 * * * *",
        #"minute "5/15": a step needs a range: programs differ in what they take this for; write "5-59/15""#
      ),
      ("*/0 * * * *", #"minute "*/0": the step behind "/" is no number from 1 to 59; write it as in "*/15""#),
      ("0 */24 * * *", #"hour "*/24": the step behind "/" is no number from 1 to 23; write it as in "*/2""#),
      ("0 1,,2 * * *", #"hour "1,,2": there is nothing on one side of a comma; write it as in "1,2""#),
      ("0 1- * * *", #"hour "1-": a number is missing; hours are 0 to 23"#),
      (
        "0 0 31 2,APR *",
        #"day of month "31": month "2,APR" never has this day; February has at most 29 days; April, June, September and November have 30"#
      ),
      ("@daily", #""@daily": names for whole expressions are not known; write "0 0 * * *""#),
      (
        "0 0 * * * 2027",
        #""0 0 * * * 2027": it has 6 fields, not five; write minute, hour, day of month, month, day of week, such as "30 18 * * MON-FRI"; there is none for seconds or years"#
      ),
      (
        "18:30",
        #""18:30": it has 1 field, not five; write minute, hour, day of month, month, day of week, such as "30 18 * * MON-FRI""#
      ),
    ])
  func sentences(text: String, sentence: String) {
    let problem = #expect(throws: CronProblem.self) { try CronExpression(text) }
    #expect(problem?.description == sentence)
  }

  @Test("what a hint says to write is read")
  func hints() throws {
    for text in ["0 22-23,0-2 * * *", "5-59/15 * * * *", "0 0 * * 5-6,0-1"] { _ = try CronExpression(text) }
    for name in ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "@DAILY"] {
      let problem = #expect(throws: CronProblem.self) { try CronExpression(name) }
      let fields = try #require(problem?.hint?.split(separator: "\"").dropFirst().first)
      _ = try CronExpression(String(fields))
    }
  }

  @Test("is short, whatever was given, and no text ends the program")
  func anyText() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    let pieces = [
      "*", "/", "-", ",", " ", "  ", "\t", "\n", "0", "1", "7", "59", "60", "99999999999999999999", "MON", "jan",
      "SUN-SUN",
      "*/1", "é", "\u{301}", "\u{1B}[2J", "\0", "#", "L", "?", "@reboot", "-1", "+1", "٣", "０", "😀",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...16, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)] + (Bool.random(using: &random) ? " " : "")
      }.joined()
      do throws(CronProblem) {
        let read = try CronExpression(text)
        // What is read comes, and can be written down and read again.
        #expect(
          read.next(from: WallTime(seconds: 0), through: WallTime(seconds: 41 * 366 * 86_400)) != nil,
          "seed \(seed): \(text)")
        #expect((try? CronExpression(read.description)) == read, "seed \(seed): \(text)")
      } catch {
        #expect(error.description.utf8.count < 500, "seed \(seed): \(error)")
      }
    }
    let problem = #expect(throws: CronProblem.self) { try CronExpression(String(repeating: "1,", count: 100_000)) }
    #expect((problem?.description.count ?? 0) < 200)
  }
}
