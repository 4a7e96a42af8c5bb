import JobQueue
import JobQueueTestKit
import Testing
import Wire

@Suite("The rules of a time zone")
struct TimeZoneTests {
  private static func zone(_ name: String) throws -> TimeZoneRules {
    try TimeZoneRules(tzif: try ZoneFile.read(name, limit: TimeZoneRules.maximumBytes))
  }

  private static func moment(_ text: String) throws -> Timestamp {
    Timestamp(milliseconds: try #require(InternetTime.milliseconds(text)))
  }

  private static func wall(_ text: String) throws -> WallTime { try #require(WallTime(text)) }

  @Test("say what a clock means in winter and in summer, in this year and far behind the file's last change")
  func offsets() throws {
    let berlin = try Self.zone("Europe/Berlin")
    #expect(berlin.reading(of: try Self.wall("2026-12-05T18:00")) == .once(try Self.moment("2026-12-05T17:00:00Z")))
    #expect(berlin.reading(of: try Self.wall("2099-07-05 18:00:30")) == .once(try Self.moment("2099-07-05T16:00:30Z")))
    #expect(berlin.offset(at: try Self.moment("2026-12-05T17:00:00Z")) == 3600)
    #expect(berlin.wallTime(at: try Self.moment("2099-07-05T16:00:30Z")) == (try Self.wall("2099-07-05T18:00:30")))
  }

  @Test("take a time that does not exist for the next one that does, and of two the first", arguments: [2026, 2077])
  func changes(year: Int) throws {
    let berlin = try Self.zone("Europe/Berlin")
    let (spring, autumn) = year == 2026 ? ("03-29", "10-25") : ("03-28", "10-31")
    let skipped = TimeZoneRules.Reading.skipped(try Self.moment("\(year)-\(spring)T01:00:00Z"))
    #expect(berlin.reading(of: try Self.wall("\(year)-\(spring)T02:00")) == skipped)
    #expect(berlin.reading(of: try Self.wall("\(year)-\(spring)T02:59:59")) == skipped)
    let late = try Self.moment("\(year)-\(spring)T01:00:00Z")
    #expect(berlin.reading(of: try Self.wall("\(year)-\(spring)T03:00")) == .once(late))
    let twice = try Self.moment("\(year)-\(autumn)T00:00:00Z")
    #expect(berlin.reading(of: try Self.wall("\(year)-\(autumn)T02:00")) == .twice(twice))
    #expect(
      berlin.reading(of: try Self.wall("\(year)-\(autumn)T03:00"))
        == .once(try Self.moment("\(year)-\(autumn)T02:00:00Z")))
  }

  @Test("know a day that was left out, half hours, and a summer that begins in the other half of the year")
  func rareZones() throws {
    let apia = try Self.zone("Pacific/Apia")
    #expect(apia.reading(of: try Self.wall("2011-12-30T12:00")) == .skipped(try Self.moment("2011-12-30T10:00:00Z")))
    let lordHowe = try Self.zone("Australia/Lord_Howe")
    #expect(lordHowe.offset(at: try Self.moment("2050-01-01T00:00:00Z")) == 11 * 3600)
    #expect(lordHowe.offset(at: try Self.moment("2050-07-01T00:00:00Z")) == 37_800)
  }

  @Test("a wall time is only what all people read alike")
  func wallTimes() {
    for text in [
      "2026-12-05", "05.12.2026 18:00", "12/5/2026 18:00", "2026-13-05T18:00", "2026-02-29T18:00", "2026-12-05T24:00",
      "2026-12-05T18:00Z", "2026-12-05T18:60", "2026-12-05t18:00", "+026-12-05T18:00", "",
    ] {
      #expect(WallTime(text) == nil, "\(text)")
    }
    #expect(WallTime("2028-02-29T18:00") != nil)
  }

  @Test("names that lead elsewhere, to a folder, to this machine's own zone or to nothing are no zones")
  func names() {
    for name in [
      "../etc/passwd", "/etc/passwd", "Europe/../Europe/Berlin", "Europe", "Europe/", "Europe//Berlin", "localtime", "",
      ".",
      "Europe/Berlin\0", "Mars/Base", String(repeating: "a", count: 200), "-x",
    ] {
      #expect(throws: ZoneFile.Failure.self, "\(name)") { try ZoneFile.read(name, limit: 1 << 18) }
    }
    #expect(throws: TimeZoneFileError.self) { try TimeZoneRules(tzif: Array("# version".utf8)) }
    #expect(ZoneFile.names().contains("Europe/Berlin"))
  }

  @Test("a file that is cut or changed anywhere is refused or read, and never ends the program")
  func brokenFiles() throws {
    let bytes = try ZoneFile.read("Europe/Dublin", limit: 1 << 18)
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: TimeZoneFileError.self) { try TimeZoneRules(tzif: Array(bytes.prefix(count))) }
    }
    var random = SeededRandom(seed: 9636)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= UInt8.random(in: 1...255, using: &random)
      guard let zone = try? TimeZoneRules(tzif: changed) else { continue }
      _ = zone.reading(of: try Self.wall("2060-03-27T01:30"))
    }
  }

  /// Made by hand, as RFC 9636 has them: each with one type and a rule.
  private static func file(_ rule: String, version: Character = "3") -> [UInt8] {
    func header(_ types: UInt8) -> [UInt8] {
      Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15 + 19) + [types, 0, 0, 0, 4]
    }
    let block: [UInt8] = [0, 0, 0, 0, 0, 0] + Array("UTC\0".utf8)
    return (header(1) + block) + (header(1) + block) + Array("\n\(rule)\n".utf8)
  }

  @Test("read each form of a footer's rule")
  func footers() throws {
    let summer = try Self.moment("2030-07-01T00:00:00Z")
    let winter = try Self.moment("2030-01-01T12:00:00Z")
    for (rule, inWinter, inSummer) in [
      ("EST5EDT,M3.2.0,M11.1.0", -18_000, -14_400), ("<+0330>-3:30<+0430>,J80/0,J264/0", 12_600, 16_200),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600), ("XXX3EDT4,0/0,J365/23", -14_400, -14_400),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3600), ("UTC0", 0, 0), ("AAA-5:45:30", 20_730, 20_730),
      ("AAA0BBB-2,99,M8.1.1/167", 0, 7200),
    ] {
      let zone = try TimeZoneRules(tzif: Self.file(rule))
      #expect(zone.offset(at: winter) == Int64(inWinter), "\(rule)")
      #expect(zone.offset(at: summer) == Int64(inSummer), "\(rule)")
    }
    for rule in [
      "EST5EDT", "E5", "EST", "EST25", "EST5EDT,M13.1.0,M11.1.0", "EST5EDT,M3.2.0", "EST5EDT,M3.6.0,M11.1.0", "EST5,x",
    ] {
      #expect(throws: TimeZoneFileError.self, "\(rule)") { try TimeZoneRules(tzif: Self.file(rule)) }
    }
    for version: Character in ["2", "4"] {
      #expect(try TimeZoneRules(tzif: Self.file("UTC0", version: version)).offset(at: winter) == 0)
    }
  }
}
