import HTTPTransport
import Secrets
import Testing

@testable import WowzaVideoClient

@Suite("How requests to Wowza Video prove who sends them")
struct VideoSignatureTests {
  // printf %s "1700000000:/api/v1.7/live_streams:$K" | openssl dgst -sha256 -hmac "$K"
  // with K = 0123456789abcdef four times; the second the same with its own path.
  @Test(
    "an HMAC is made over time, path and key",
    arguments: [
      ("/api/v1.7/live_streams", "ab3e1d44c7dd09bb7c7ce71ef8f374aeae17218b72c927dfed4db663a398c632"),
      ("/api/v1.7/live_streams/", "ab3e1d44c7dd09bb7c7ce71ef8f374aeae17218b72c927dfed4db663a398c632"),
      ("/api/v1.8/stream_targets/fastly", "1e8af92808d61f73bda550f3a2761b048bbc3b541222f0f05352eb1257ce565a"),
    ])
  func signature(path: String, expected: String) {
    #expect(VideoSignature.signature(key: Given.apiKey, path: path, timestamp: 1_700_000_000) == expected)
  }

  @Test("a signed request carries access key, seconds and signature, signs no query, and never sends the API key")
  func hmacHeaders() async throws {
    let video = try ScriptedVideo(
      "v1.7", .hmac(key: Given.apiKey, accessKey: Given.accessKey), .answer(200, #"{"live_streams":[]}"#))
    _ = try await video.client.liveStreams()
    let request = try #require(await video.transport.requests.first)
    #expect(request.url.contains("?"))
    #expect(request.sent("wsc-access-key") == Given.accessKey.reveal())
    #expect(request.sent("wsc-timestamp") == "1700000000")
    #expect(request.sent("wsc-signature") == "ab3e1d44c7dd09bb7c7ce71ef8f374aeae17218b72c927dfed4db663a398c632")
    #expect(request.sent("wsc-api-key") == nil)
    #expect(request.sent("Authorization") == nil)
  }

  @Test("a key pair goes in two headers, a token in one")
  func otherHeaders() async throws {
    let keys = try ScriptedVideo(
      "v1.6", .apiKey(key: Given.apiKey, accessKey: Given.accessKey), .answer(200, #"{"live_streams":[]}"#))
    _ = try await keys.client.liveStreams()
    let withKeys = try #require(await keys.transport.requests.first)
    #expect(withKeys.sent("wsc-api-key") == Given.apiKey.reveal())
    #expect(withKeys.sent("wsc-access-key") == Given.accessKey.reveal())

    let token = try ScriptedVideo(.answer(200, #"{"live_streams":[]}"#))
    _ = try await token.client.liveStreams()
    let withToken = try #require(await token.transport.requests.first)
    #expect(withToken.sent("Authorization") == "Bearer canary-token")
    #expect(withToken.sent("Accept") == "application/json")
  }

  // 2023-11-14 22:13:20 GMT is 1700000000.
  private static let refusal = #"{"meta":{"status":401,"code":"ERR-401-InvalidSignature","message":"no"}}"#

  @Test("a wrong clock is corrected once by the server's date, since nothing happened")
  func correctsClock() async throws {
    let video = try ScriptedVideo(
      "v1.8", .hmac(key: Given.apiKey, accessKey: Given.accessKey),
      .answer(401, Self.refusal, headers: ["Date": "Tue, 14 Nov 2023 22:15:00 GMT"]),
      .answer(200, #"{"live_stream":{"state":"starting"}}"#))
    let state = try await video.client.startLiveStream("s1")
    #expect(state == .starting)
    let stamps = await video.transport.requests.map { $0.sent("wsc-timestamp") }
    #expect(stamps == ["1700000000", "1700000100"])
  }

  @Test("a clock that cannot be corrected is told with its skew, and a right clock is not tried again")
  func tellsSkew() async throws {
    let late = ScriptedTransport.Line.answer(
      401, Self.refusal, headers: ["Date": "Tue, 14 Nov 2023 22:15:00 GMT"])
    let video = try ScriptedVideo("v1.8", .hmac(key: Given.apiKey, accessKey: Given.accessKey), late, late, late)
    let error = try await providerError { try await video.client.startLiveStream("s1") }
    #expect(error.code == "ERR-401-InvalidSignature")
    #expect(error.clockSkew == .seconds(100))
    #expect(error.hint == "this machine's clock is 100 s behind Wowza Video's: check its NTP")
    var count = await video.transport.requests.count
    #expect(count == 2)

    let exact = ScriptedTransport.Line.answer(401, Self.refusal, headers: ["Date": "Tue, 14 Nov 2023 22:13:20 GMT"])
    let right = try ScriptedVideo("v1.8", .hmac(key: Given.apiKey, accessKey: Given.accessKey), exact, exact)
    let wrongKey = try await providerError { try await right.client.startLiveStream("s1") }
    #expect(wrongKey.clockSkew == .zero)
    #expect(wrongKey.hint == "check the API key and this machine's clock")
    count = await right.transport.requests.count
    #expect(count == 1)
  }

  @Test("a machine whose clock is wrong still works against a server that checks it")
  func standInChecksClock() async throws {
    try await Given.standIns { given in
      let client = try given.video("v1.8", .hmac(key: Given.apiKey, accessKey: Given.accessKey), clockAhead: 3600)
      let made = try await client.createStreamTarget(NewStreamTarget(name: "cdn"))
      #expect(made.name == "cdn")
      let posts = try await given.requests("POST", containing: "/stream_targets/")
      #expect(posts == 2)
    }
  }
}
