import Glibc
import Testing
import Wire

@Suite("A time by the wall clock")
struct LocalTimeTests {
  @Test(
    "is one instant at noon, whose text says which, and the blank and the seconds are free",
    arguments: ["2026-12-05 12:00", "2026-12-05T12:00", "2026-12-05 12:00:00"])
  func noon(text: String) throws {
    let found = try #require(LocalTime(text))
    #expect(found.candidates.count == 1)
    let candidate = try #require(found.candidates.first)
    #expect(InternetTime.milliseconds(candidate.text) == candidate.milliseconds)
    #expect(candidate.text.hasPrefix("2026-12-05T12:00:00"))
  }

  @Test(
    "is no other text, and no day that does not exist",
    arguments: ["2026-12-05", "20:15", "2026-02-30 12:00", "2026-12-05 24:00", "2026-12-05T12:00Z", "tomorrow", ""])
  func none(text: String) {
    #expect(LocalTime(text) == nil)
  }
}
