import HTTPTransport
import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("An answer that does not tell whether the request was carried out")
struct BrokenOffTests {
  private static let page = "<html><body>Please wait, you will be taken there</body></html>"

  // worker              gateway                     provider
  // POST
  //                     passes it on
  //                                                 makes the live stream
  //                     302 or 4xx, half a page
  // looks for it
  @Test(
    "half a page, whatever status stands above it, makes no second live stream",
    arguments: [302, 400, 403, 404, 409, 410, 422, 499], [1, 40, 62])
  func brokenOff(status: Int, lost: Int) async throws {
    let times = Times(1)
    try await Given.relayed { ask, answer in
      guard ask.method == "POST", times.next() else { return answer }
      return Relay.Answer(status, fields: ["Content-Type: text/html", "Location: /wait"], Self.page, lost: lost)
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let result = try await given.outcome(of: RestreamTests.parameters).output(RestreamResult.self)
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test("a time that is over, in the provider's own words, makes no second live stream")
  func ownTimeout() async throws {
    let times = Times(1)
    try await Given.relayed { ask, answer in
      guard ask.method == "POST", times.next() else { return answer }
      return .json(408, #"{"meta":{"status":408,"message":"Request Timeout"}}"#)
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let result = try await given.outcome(of: RestreamTests.parameters).output(RestreamResult.self)
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }
}
