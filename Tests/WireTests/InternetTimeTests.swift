import Foundation
import Testing
import Wire

@Suite("Instants of RFC 3339")
struct InternetTimeTests {
  @Test(
    "are read to the millisecond",
    arguments: [
      // Section 5.8 gives the first four; `date -u -d TEXT +%s` says the others.
      ("1985-04-12T23:20:50.52Z", 482_196_050_520), ("1996-12-19T16:39:57-08:00", 851_042_397_000),
      ("1990-12-31T23:59:60Z", 662_688_000_000), ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
      ("2027-01-15 09:00:00+0100", 1_800_000_000_000), ("2000-02-29t12:00:00z", 951_825_600_000),
      ("1969-12-31T23:59:59.999Z", -1),
    ])
  func instants(text: String, milliseconds: Int64) {
    #expect(InternetTime.milliseconds(text) == milliseconds)
  }

  @Test("seconds are rounded down, also before 1970")
  func seconds() {
    #expect(InternetTime.seconds("1994-11-06T08:49:37.999Z") == 784_111_777)
    #expect(InternetTime.seconds("1969-12-31T23:59:59.999Z") == -1)
    #expect(InternetTime.seconds("1969-12-31T23:59:59Z") == -1)
  }

  @Test(
    "a day that does not exist, a time without its offset and anything else is refused",
    arguments: [
      "", "yesterday", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
      "2026-04-31T00:00:00Z", "2026-12-05T24:00:00Z", "2026-12-05T20:60:00Z", "2026-12-05T20:15:61Z",
      "2026-12-05T20:15:00", "2026-12-05", "2026-12-05T20:15:00Zz", "2026-12-05T20:15:00.Z", "2026-12-05T20:15:00+1:00",
      "2026-12-05T20:15:00.1234567890Z", "+026-12-05T20:15:00Z", "2026-1２-05T20:15:00Z",
    ])
  func noInstants(text: String) {
    #expect(InternetTime.milliseconds(text) == nil)
  }

  @Test("agree with Foundation on every day of eight centuries, both ways")
  func calendar() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    for day in stride(from: -135_000 as Int64, through: 157_000, by: 13) {
      let parts = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
      let found = CalendarDay(daysSince1970: day)
      // Foundation's calendar is Julian before October 1582; this begins in 1600.
      #expect(found.year == parts.year.map(Int64.init) && found.month == parts.month.map(Int64.init), "day \(day)")
      #expect(found.day == parts.day.map(Int64.init), "day \(day)")
      #expect(found.daysSince1970 == day)
    }
  }

  @Test("are written in the basic format")
  func basic() {
    #expect(InternetTime.basic(0) == "19700101T000000Z")
    #expect(InternetTime.basic(784_111_777) == "19941106T084937Z")
    #expect(InternetTime.basic(951_782_400) == "20000229T000000Z")
    #expect(InternetTime.basic(-1) == "19691231T235959Z")
  }
}
