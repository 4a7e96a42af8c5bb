import HTTPTransport
import Testing

@Suite("When a server wants to be asked again")
struct RequestedPauseTests {
  // Our clock stands at 1700000000, which is Tue, 14 Nov 2023 22:13:20 GMT.
  private static let now: Int64 = 1_700_000_000

  private static func pause(_ status: Int, now: Int64? = now, _ headers: [(String, String)]) -> Duration? {
    HTTPResponse(status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: []).requestedPause(now: now)
  }

  @Test(
    "Retry-After is read as seconds or as a date, whatever the status, and never longer than an hour",
    arguments: [
      ("0", 0), ("120", 120), ("3600", 3600), ("3601", 3600), ("99999999999999999999999", 3600),
      ("Tue, 14 Nov 2023 22:14:20 GMT", 60), ("Tue, 14 Nov 2023 22:00:00 GMT", 0),
      ("Fri, 14 Nov 2053 22:00:00 GMT", 3600),
    ])
  func readable(value: String, seconds: Int) {
    for status in [301, 409, 429, 503] {
      #expect(Self.pause(status, [("retry-after", value)]) == .seconds(seconds))
    }
  }

  @Test(
    "a Retry-After that means nothing is left out",
    arguments: ["", "-5", "+5", "1.5", "soon", "Tue, 99 Nov 2023 22:14:20 GMT", "Tue, 14 Nov 2023 22:14:20 CET"])
  func unreadable(value: String) {
    #expect(Self.pause(429, [("Retry-After", value)]) == nil)
  }

  @Test("an instant is taken against the server's own clock, so that ours may be wrong")
  func serverClock() {
    let date = ("Date", "Tue, 14 Nov 2023 23:14:00 GMT")
    #expect(Self.pause(503, [("Retry-After", "Tue, 14 Nov 2023 23:14:20 GMT"), date]) == .seconds(20))
    // 1700003660 is 23:14:20.
    #expect(Self.pause(429, [("x-ratelimit-reset", "1700003660"), date]) == .seconds(20))
  }

  @Test("without any clock to take it against an instant is left out, and seconds are not")
  func noClock() {
    #expect(Self.pause(503, now: nil, [("Retry-After", "Tue, 14 Nov 2023 23:14:20 GMT")]) == nil)
    #expect(Self.pause(429, now: nil, [("x-ratelimit-reset", "1700000045")]) == nil)
    #expect(Self.pause(429, now: nil, [("x-ratelimit-reset", "45")]) == .seconds(45))
  }

  @Test(
    "x-ratelimit-reset is read as seconds left or as an instant, when the answer is about a limit",
    arguments: [
      (429, "30", 30), (503, "1700000045", 45), (429, "1600000000", 0), (429, "86400", 3600), (429, "x", nil),
      (500, "30", nil), (401, "30", nil),
    ])
  func reset(status: Int, value: String, seconds: Int?) {
    #expect(Self.pause(status, [("X-RateLimit-Reset", value)]) == seconds.map { .seconds($0) })
  }

  @Test("Retry-After wins over x-ratelimit-reset, unless it means nothing")
  func both() {
    #expect(Self.pause(429, [("x-ratelimit-reset", "30"), ("Retry-After", "7")]) == .seconds(7))
    #expect(Self.pause(429, [("x-ratelimit-reset", "30"), ("Retry-After", "soon")]) == .seconds(30))
  }

  @Test("numbers and dates without measure do no harm")
  func extremes() {
    let headers = [("x-ratelimit-reset", "9223372036854775807"), ("Date", "Mon, 01 Jan 0001 00:00:00 GMT")]
    #expect(Self.pause(429, headers) == .seconds(3600))
  }
}
