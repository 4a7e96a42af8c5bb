import JobQueue
import Manifests
import Settings
import Testing

@Suite("Spans and moments as a person writes them")
struct TextTests {
  @Test(
    "a span is a sum of numbers with units",
    arguments: [("500ms", 500), ("90s", 90_000), ("1h30m", 5_400_000), ("7d", 604_800_000), ("0s", 0)])
  func spans(text: String, milliseconds: Int) {
    #expect(DurationText.parse(text) == .milliseconds(milliseconds))
  }

  @Test("anything else is no span", arguments: ["", "5", "s", "-1s", "1 s", "1.5h", "99999999999999999999d", "37000d"])
  func noSpans(text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  /// RFC 3339, section 5.8 gives the first two; the others follow from the calendar.
  @Test(
    "a moment is RFC 3339 with an offset, or a span from now",
    arguments: [
      ("1985-04-12T23:20:50.52Z", 482_196_050_520), ("1996-12-19T16:39:57-08:00", 851_042_397_000),
      ("1970-01-01T00:00:00Z", 0), ("2000-02-29t12:00:00z", 951_825_600_000),
      ("2027-01-15 09:00:00+01:00", 1_800_000_000_000), ("+10m", 1_800_000_600_000),
    ])
  func moments(text: String, milliseconds: Int64) {
    #expect(MomentText.parse(text, now: Given.now) == Timestamp(milliseconds: milliseconds))
  }

  @Test(
    "a date that does not exist, a time without its offset and anything else is not a valid time",
    arguments: [
      "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z",
      "2026-12-05T24:00:00Z", "2026-12-05T20:15:00", "2026-12-05", "2026-12-05T20:15:00Zz", "2026-12-05T20:15:00+1:00",
      "+", "+10", "tomorrow", "",
    ])
  func noMoments(text: String) {
    #expect(MomentText.parse(text, now: Given.now) == nil)
  }
}
