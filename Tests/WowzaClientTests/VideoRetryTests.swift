import HTTPTransport
import Testing
import WowzaVideoClient

@testable import rundown_standins

@Suite("When Wowza Video wants to be asked again")
struct VideoRetryTests {
  static func retryAfter(_ status: Int, _ headers: [String: String]) async throws -> Duration? {
    let video = try ScriptedVideo(.answer(status, "{}", headers: headers))
    return try await providerError { try await video.client.restream(asset: "a1") }.retryAfter
  }

  // Our clock stands at 1700000000, which is Tue, 14 Nov 2023 22:13:20 GMT.
  @Test(
    "Retry-After is read as seconds or as a date, and never longer than a day",
    arguments: [
      ("0", 0), ("120", 120), ("86400", 86_400), ("86401", 86_400), ("99999999999999999999999", 86_400),
      ("Tue, 14 Nov 2023 22:14:20 GMT", 60), ("Tue, 14 Nov 2023 22:00:00 GMT", 0),
      ("Fri, 14 Nov 2053 22:00:00 GMT", 86_400),
    ])
  func readable(value: String, seconds: Int) async throws {
    for status in [409, 429, 503] {
      let found = try await Self.retryAfter(status, ["Retry-After": value])
      #expect(found == .seconds(seconds))
    }
  }

  @Test(
    "a Retry-After that means nothing is left out",
    arguments: ["", "-5", "+5", "1.5", "soon", "Tue, 99 Nov 2023 22:14:20 GMT", "Tue, 14 Nov 2023 22:14:20 CET"])
  func unreadable(value: String) async throws {
    let found = try await Self.retryAfter(429, ["Retry-After": value])
    #expect(found == nil)
  }

  @Test("a date is taken against the server's own clock, so that ours may be wrong")
  func serverClock() async throws {
    let found = try await Self.retryAfter(
      503, ["Retry-After": "Tue, 14 Nov 2023 23:14:20 GMT", "Date": "Tue, 14 Nov 2023 23:14:00 GMT"])
    #expect(found == .seconds(20))
  }

  @Test(
    "x-ratelimit-reset is read as seconds left or as an instant, when the answer is about a limit",
    arguments: [(429, "30", 30), (503, "1700000045", 45), (429, "1600000000", 0), (429, "x", nil), (500, "30", nil)])
  func reset(status: Int, value: String, seconds: Int?) async throws {
    let found = try await Self.retryAfter(status, ["X-RateLimit-Reset": value])
    #expect(found == seconds.map { .seconds($0) })
  }

  @Test("Retry-After wins over x-ratelimit-reset")
  func both() async throws {
    let found = try await Self.retryAfter(429, ["Retry-After": "7", "x-ratelimit-reset": "30"])
    #expect(found == .seconds(7))
  }

  @Test("an answer of the real wire carries it too", arguments: [429, 503])
  func overTheWire(status: Int) async throws {
    try await Given.standIns { given in
      try await given.fault(
        #"{"listener":"video","kind":"status","status":\#(status),"retryAfterSeconds":5,"count":1}"#)
      let client = try given.video()
      let error = try await providerError { try await client.createStreamTarget(NewStreamTarget(name: "cdn")) }
      #expect(error.status == status)
      #expect(error.retryAfter == .seconds(5))
      #expect(error.delivery == .refused)
      let made = try await given.made("createdTargets")
      #expect(made == 0)
    }
  }
}
