import HTTPTransport
import TestServers
import Testing
import WowzaVideoClient

@Suite("When Wowza Video wants to be asked again")
struct VideoRetryTests {
  static func retryAfter(_ status: Int, _ headers: [String: String]) async throws -> Duration? {
    let video = try ScriptedVideo(.answer(status, "{}", headers: headers))
    return try await providerError { try await video.client.restream(asset: "a1") }.retryAfter
  }

  @Test("an instant is taken against the server's own clock, so that ours may be wrong, and else against ours")
  func instants() async throws {
    let instant = ["Retry-After": "Tue, 14 Nov 2023 23:14:20 GMT"]
    let date = ["Date": "Tue, 14 Nov 2023 23:14:00 GMT"]
    #expect(try await Self.retryAfter(503, instant.merging(date) { $1 }) == .seconds(20))
    // Our clock stands at 1700000000, which is Tue, 14 Nov 2023 22:13:20 GMT.
    #expect(try await Self.retryAfter(503, ["Retry-After": "Tue, 14 Nov 2023 22:14:20 GMT"]) == .seconds(60))
    #expect(try await Self.retryAfter(429, ["X-RateLimit-Reset": "1700000045"]) == .seconds(45))
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
      #expect(error.delivery == (status == 429 ? .refused : .unknown))
      let made = try await given.made("createdTargets")
      #expect(made == 0)
    }
  }
}
