import JobQueue
import JobQueueTestKit
import Testing
import Wire

@Suite("When events of a schedule happen")
struct EventTimingTests {
  private static func zone(_ name: String) throws -> TimeZoneRules {
    try TimeZoneRules(tzif: try ZoneFile.read(name, limit: TimeZoneRules.maximumBytes))
  }

  private static func moment(_ text: String) throws -> Timestamp {
    Timestamp(milliseconds: try #require(InternetTime.milliseconds(text)))
  }

  private static func wall(_ text: String) throws -> WallTime { try #require(WallTime(text)) }
  private static func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }
  private static func cron(_ text: String) throws -> EventTiming.Moments { .cron(try CronExpression(text)) }

  /// In the clock of the zone, with its distance from UTC in minutes.
  private static func times(
    _ timing: EventTiming, in name: String, from: String, to: String, limit: Int = 100
  ) throws -> [String] {
    let zone = try zone(name)
    return timing.instants(after: try moment(from), through: try moment(to), limit: limit, in: zone).map {
      let wall = InternetTime.text(zone.wallTime(at: $0).seconds)
      return "\(wall.dropFirst(5).dropLast(4)) \(zone.offset(at: $0) / 60)"
    }
  }

  private static func spring(_ timing: EventTiming) throws -> [String] {
    try times(timing, in: "Europe/Berlin", from: "2026-03-28T12:00:00Z", to: "2026-03-30T12:00:00Z")
  }

  private static func autumn(_ timing: EventTiming) throws -> [String] {
    try times(timing, in: "Europe/Berlin", from: "2026-10-24T12:00:00Z", to: "2026-10-26T12:00:00Z")
  }

  @Test("a fixed time that clocks skip is moved to the next moment there is, or left out if so asked")
  func gap() throws {
    let timing = EventTiming(try Self.cron("30 2 * * *"))
    #expect(try Self.spring(timing) == ["03-29T03:00 120", "03-30T02:30 120"])
    #expect(try Self.spring(EventTiming(timing.moments, gap: .skip)) == ["03-30T02:30 120"])
    let single = EventTiming(.instants([try Self.wall("2026-03-29T02:59:59"), try Self.wall("2026-03-29T02:30")]))
    #expect(try Self.spring(single) == ["03-29T03:00 120"])
  }

  @Test("several times that are moved to one moment, or for which it was planned, are one event")
  func oneOfSeveral() throws {
    #expect(
      try Self.spring(EventTiming(try Self.cron("0,20,40 2,3 29 3 *")))
        == ["03-29T03:00 120", "03-29T03:20 120", "03-29T03:40 120"])
  }

  @Test("a fixed time that clocks show twice happens the first time, or the second, or both, as asked")
  func overlap() throws {
    let moments = try Self.cron("30 2 * * *")
    #expect(try Self.autumn(EventTiming(moments)) == ["10-25T02:30 120", "10-26T02:30 60"])
    #expect(try Self.autumn(EventTiming(moments, overlap: .second)) == ["10-25T02:30 60", "10-26T02:30 60"])
    #expect(
      try Self.autumn(EventTiming(moments, overlap: .both))
        == ["10-25T02:30 120", "10-25T02:30 60", "10-26T02:30 60"])
    let single = EventTiming(.instants([try Self.wall("2026-10-25T02:30")]), overlap: .both)
    #expect(try Self.autumn(single) == ["10-25T02:30 120", "10-25T02:30 60"])
  }

  @Test(
    "what recurs at a distance happens whenever clocks show a time of it, whatever is asked for fixed ones",
    arguments: EventTiming.OverlapPolicy.allCases)
  func distance(overlap: EventTiming.OverlapPolicy) throws {
    let half = EventTiming(try Self.cron("*/30 1-3 29 3 *"), overlap: overlap)
    #expect(
      try Self.spring(half) == ["03-29T01:00 60", "03-29T01:30 60", "03-29T03:00 120", "03-29T03:30 120"])
    let hourly = EventTiming(try Self.cron("15 * 25 10 *"), overlap: overlap)
    #expect(
      try Self.autumn(hourly).prefix(5)
        == ["10-25T00:15 120", "10-25T01:15 120", "10-25T02:15 120", "10-25T02:15 60", "10-25T03:15 60"])
    #expect(try Self.spring(EventTiming(try Self.cron("30 */2 29 3 *"), gap: .nextValid)).count == 11)
  }

  @Test("on a day that a zone leaves out, each fixed time of it is one event at the beginning of the next day")
  func leftOutDay() throws {
    let (from, to) = ("2011-12-29T00:00:00Z", "2011-12-31T12:00:00Z")
    func apia(_ timing: EventTiming) throws -> [String] {
      try Self.times(timing, in: "Pacific/Apia", from: from, to: to)
    }
    let timing = EventTiming(try Self.cron("0 9,18 * * *"))
    #expect(
      try apia(timing) == [
        "12-28T18:00 -600", "12-29T09:00 -600", "12-29T18:00 -600", "12-31T00:00 840", "12-31T09:00 840",
        "12-31T18:00 840",
      ])
    #expect(try apia(EventTiming(try Self.cron("0 9 30 12 *"), gap: .skip)) == [])
    #expect(try apia(EventTiming(try Self.cron("0 9 30 12 *"), excluded: [try Self.day("2011-12-30")])) == [])
    #expect(try apia(EventTiming(try Self.cron("0 9 30 12 *"), excluded: [try Self.day("2011-12-31")])) == [])
  }

  @Test("half an hour, a quarter and a change at midnight are followed too")
  func rareChanges() throws {
    #expect(
      try Self.times(
        EventTiming(try Self.cron("45 1 * * *"), overlap: .both), in: "Australia/Lord_Howe",
        from: "2026-04-03T15:00:00Z", to: "2026-04-05T12:00:00Z")
        == ["04-05T01:45 660", "04-05T01:45 630"])
    #expect(
      try Self.times(
        EventTiming(try Self.cron("50 2 * * *")), in: "Pacific/Chatham", from: "2026-09-26T00:00:00Z",
        to: "2026-09-27T00:00:00Z") == ["09-27T03:45 825"])
    #expect(
      try Self.times(
        EventTiming(try Self.cron("0 0 * * SUN")), in: "America/Santiago", from: "2026-09-05T12:00:00Z",
        to: "2026-09-07T12:00:00Z") == ["09-06T01:00 -180"])
  }

  @Test("nothing happens on excluded dates, before the start, after the end, and when as many have happened as asked")
  func bounds() throws {
    var timing = EventTiming(
      try Self.cron("30 18 * * MON-FRI"), excluded: [try Self.day("2026-12-24"), try Self.day("2026-12-25")],
      startsAt: try Self.wall("2026-12-22T18:30"), endsAt: try Self.wall("2026-12-29T18:30"))
    func times(_ from: String = "2026-12-01T00:00:00Z") throws -> [String] {
      try Self.times(timing, in: "Europe/Berlin", from: from, to: "2027-01-01T00:00:00Z")
    }
    #expect(try times() == ["12-22T18:30 60", "12-23T18:30 60", "12-28T18:30 60", "12-29T18:30 60"])
    timing.count = 3
    #expect(try times() == ["12-22T18:30 60", "12-23T18:30 60", "12-28T18:30 60"])
    #expect(try times("2026-12-23T12:00:00Z") == ["12-23T18:30 60", "12-28T18:30 60"])
    let berlin = try Self.zone("Europe/Berlin")
    #expect(timing.next(after: try Self.moment("2026-12-28T17:30:00Z"), in: berlin) == nil)
    #expect(
      timing.next(after: try Self.moment("2026-12-28T17:29:59.999Z"), in: berlin)
        == (try Self.moment("2026-12-28T17:30:00Z")))
    #expect(
      timing.instants(
        after: try Self.moment("2026-01-01T00:00:00Z"), through: try Self.moment("2025-01-01T00:00:00Z"), limit: 9,
        in: berlin) == [])
  }

  @Test("of single times all count that come after a moment, however far away, in order and each once")
  func singleTimes() throws {
    let berlin = try Self.zone("Europe/Berlin")
    let timing = EventTiming(
      .instants([
        try Self.wall("2350-01-01T00:00"), try Self.wall("2026-12-05T20:15"), try Self.wall("2026-12-05T20:15"),
      ]))
    let all = timing.instants(
      after: Timestamp(milliseconds: .min), through: Timestamp(milliseconds: .max), limit: 9, in: berlin)
    #expect(all == [try Self.moment("2026-12-05T19:15:00Z"), try Self.moment("2349-12-31T23:00:00Z")])
    #expect(timing.next(after: try Self.moment("2350-01-01T00:00:00Z"), in: berlin) == nil)
    #expect(EventTiming(.instants([])).next(after: Timestamp(milliseconds: .min), in: berlin) == nil)
  }

  @Test("what is planned only for times that clocks skip, or for excluded days, ends the search")
  func endOfSearch() throws {
    let berlin = try Self.zone("Europe/Berlin")
    let now = try Self.moment("2026-01-01T00:00:00Z")
    // 29 March is a Sunday only in years in which clocks are put forward on it.
    let skipped = EventTiming(try Self.cron("30 2 29 3 */7"), gap: .skip)
    #expect(skipped.next(after: now, in: berlin) == nil)
    let leapDays = (0..<500).map { CalendarDay(year: 2028 + 4 * $0, month: 2, day: 29) }
    let excluded = EventTiming(try Self.cron("0-59 0-23 29 2 *"), excluded: Set(leapDays))
    #expect(excluded.next(after: now, in: berlin) == nil)
    let sundays = EventTiming(try Self.cron("0 12 29 2 */7"))
    #expect(
      sundays.next(after: try Self.moment("2088-03-01T00:00:00Z"), in: berlin)
        == (try Self.moment("2128-02-29T11:00:00Z")))
  }

  @Test("a date is only what all people read alike, and is on the calendar")
  func dates() {
    #expect(CalendarDay("2028-02-29") == CalendarDay(year: 2028, month: 2, day: 29))
    for text in ["2026-02-29", "2026-13-01", "2026-1-01", "24.12.2026", "2026-12-24T", "2026/12/24", "０026-12-2", ""] {
      #expect(CalendarDay(text) == nil, "\(text)")
    }
  }
}
