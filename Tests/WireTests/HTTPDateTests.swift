import Testing
import Wire

@Suite("Dates as servers write them")
struct HTTPDateTests {
  @Test(
    "a date is read to the second, in any year",
    arguments: [
      // The example of RFC 9110, 5.6.7, and what `date -u -d DATE +%s` says of the others.
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Wed, 31 Dec 2036 23:59:60 GMT", 2_114_380_800),
    ])
  func dates(text: String, seconds: Int64) {
    #expect(HTTPDate.seconds(text) == seconds)
  }

  @Test(
    "what is not a date is refused",
    arguments: [
      "", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", "Wed, 30 Feb 2023 08:49:37 GMT",
      "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
    ])
  func noDates(text: String) {
    #expect(HTTPDate.seconds(text) == nil)
  }
}
