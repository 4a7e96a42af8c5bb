import Glibc
import JobQueue
import Testing
import Wire

@Suite("The rules of all time zones, beside Python's")
struct ZoneComparisonTests {
  /// A change of one zone's clocks.
  private struct Change {
    var moment: Int64
    var offset: Int64
    /// A time that a clock skipped or showed twice at this change, and what it means.
    var wall: Int64
    var meaning: Int64

    init?(_ text: Substring) {
      let numbers = text.split { ":=".contains($0) }.compactMap { Int64($0) }
      guard numbers.count == 4 else { return nil }
      (moment, offset, wall, meaning) = (numbers[0], numbers[1], numbers[2], numbers[3])
    }
  }

  /// In its long form Python looks at every third day of the zones, and every wall time at a change is compared.
  private static let isExhaustive = getenv("RUNDOWN_EXHAUSTIVE").map { String(cString: $0) } == "1"

  @Test("are the same from 1970 to 2100: each change of the clocks, and each time that they skip or show twice")
  func allZones() throws {
    let lines = try Self.python().split(separator: "\n")
    #expect(lines.count > 300)
    for line in lines {
      let words = line.split(separator: " ")
      let name = String(words[0])
      let zone = try TimeZoneRules(tzif: try ZoneFile.read(name, limit: TimeZoneRules.maximumBytes))
      var before = try #require(Int64(words[1]))
      var last: Int64 = 0
      var wrong: [String] = []
      for (index, word) in words.dropFirst(2).enumerated() {
        let change = try #require(Change(word))
        for (moment, offset) in [
          (last, before), ((last + change.moment) / 2, before), (change.moment - 1, before),
          (change.moment, change.offset),
        ] where zone.offset(at: Timestamp(milliseconds: moment * 1000)) != offset {
          wrong.append("\(moment)")
        }
        if Self.isExhaustive || index.isMultiple(of: 3) {
          let read = zone.reading(of: WallTime(seconds: change.wall)).timestamp.milliseconds / 1000
          if read != change.meaning { wrong.append("\(change.wall) read as \(read), not \(change.meaning)") }
        }
        (last, before) = (change.moment, change.offset)
      }
      #expect(wrong.isEmpty, "\(name): \(wrong.prefix(3))")
    }
  }

  /// What the script beside the others prints.
  private static func python() throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let stream = try #require(popen("python3 /\(root)/scripts/zones.py \(isExhaustive ? 3 : 10)", "re"))
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
    #expect(pclose(stream) == 0)
    return String(decoding: bytes, as: UTF8.self)
  }
}
