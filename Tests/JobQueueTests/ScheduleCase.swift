import Glibc
import JobQueue
import Testing
import Wire

/// A line of `Tests/schedules/evaluator.py`.
struct ScheduleCase {
  var zone: String
  var after: Int64
  var through: Int64
  var limit: Int
  /// An expression, or times behind `at`.
  var moments: String
  var timing: EventTiming
  /// Whether there was one within the time limit.
  var hasAnswer: Bool
  /// Seconds since 1970.
  var expected: [Int64]

  /// Nil for an expression that is said never to come, and that is refused for it.
  init?(_ line: Substring) throws {
    let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    try #require(words.count == 12, "\(line)")
    (zone, moments) = (words[0], words[4])
    (after, through) = (try #require(Int64(words[1])), try #require(Int64(words[2])))
    limit = try #require(Int(words[3]))
    func list(_ text: String) -> [String] { text == "-" ? [] : text.split(separator: ",").map(String.init) }
    let planned: EventTiming.Moments
    if moments.hasPrefix("at ") {
      planned = .instants(try list(String(moments.dropFirst(3))).map { try #require(WallTime($0)) })
    } else if words[11] == "never" {
      let problem = #expect(throws: CronProblem.self, "\(line)") { try CronExpression(words[4]) }
      #expect(problem?.field == .dayOfMonth, "\(line)")
      return nil
    } else {
      planned = .cron(try CronExpression(moments))
    }
    timing = EventTiming(
      planned, excluded: Set(try list(words[7]).map { try #require(CalendarDay($0)) }),
      gap: try #require(EventTiming.GapPolicy(rawValue: words[5])),
      overlap: try #require(EventTiming.OverlapPolicy(rawValue: words[6])), startsAt: WallTime(words[8]),
      endsAt: WallTime(words[9]), count: Int(words[10]))
    hasAnswer = words[11] != "timeout"
    expected = hasAnswer ? try list(words[11]).map { try #require(Int64($0)) } : []
  }

  /// Whether walking through it one by one takes little time.
  var isShort: Bool { expected.count <= 12 }

  /// What our own rule says, in seconds since 1970.
  func found(in zone: TimeZoneRules) -> [Int64] {
    timing.instants(
      after: Timestamp(milliseconds: after * 1000), through: Timestamp(milliseconds: through * 1000), limit: limit,
      in: zone
    ).map { $0.milliseconds / 1000 }
  }

  /// What a script of Tests/schedules prints, line by line. Python reads the same files of zones as we do.
  static func lines(_ script: String, _ arguments: String, python: String = "python3") throws -> [Substring] {
    let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let program = python.contains("/") ? "\(root)/\(python)" : python
    let command =
      "PYTHONTZPATH=\(ZoneFile.folder) PYTHONDONTWRITEBYTECODE=1 \(program) \(root)/Tests/schedules/\(script) \(arguments)"
    let stream = try #require(popen(command, "re"))
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
    #expect(pclose(stream) == 0)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
}
