import HTTPTransport
import Secrets
import Testing
import WowzaVideoClient

@Suite("Secrets of Wowza Video")
struct VideoSecretTests {
  private static func shown(_ value: some Any) -> String {
    var dumped = "\(value) \(String(reflecting: value))"
    dump(value, to: &dumped)
    return dumped
  }

  @Test("are shown by no description of credentials or client")
  func descriptions() throws {
    let canary = Secret("canary")
    for credentials: WowzaVideoCredentials in [
      .bearer(canary), .apiKey(key: canary, accessKey: canary), .hmac(key: canary, accessKey: canary),
    ] {
      #expect(!Self.shown(credentials).contains("canary"))
      let video = try ScriptedVideo("v1.8", credentials)
      #expect(!Self.shown(video.client).contains("canary"))
    }
  }

  @Test(
    "that a server sends back are in no error",
    arguments: [
      (401, #"{"meta":{"code":"no canary-token here","message":"Bearer canary-token is wrong"}}"#),
      (500, "canary-token"), (200, "canary-token"), (502, "<html>canary-token</html>"),
      // The cut at 60 characters goes through the middle of the token.
      (502, "<html>" + String(repeating: ".", count: 48) + "canary-token</html>"),
      (400, #"{"message":"\#(String(repeating: ".", count: 294))canary-token"}"#),
      (400, #"{"error":"canary-token"}"#),
    ])
  func echoed(status: Int, body: String) async throws {
    let headers = ["Content-Type": "text/canary-token", "x-request-id": "canary-token"]
    let video = try ScriptedVideo(.answer(status, body, headers: headers))
    let error = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(!Self.shown(error).contains("canary"))
  }

  @Test("go out as secret header values only, so that no record of a request shows them")
  func requests() async throws {
    for (version, credentials): (String, WowzaVideoCredentials) in [
      ("v2.0", .bearer(Secret("canary"))),
      ("v1.8", .apiKey(key: Secret("canary"), accessKey: Secret("canary"))),
      ("v1.8", .hmac(key: Secret("canary"), accessKey: Secret("canary"))),
    ] {
      let video = try ScriptedVideo(version, credentials, .answer(200, #"{"live_streams":[]}"#))
      _ = try await video.client.liveStreams()
      let request = try #require(await video.transport.requests.first)
      #expect(!Self.shown(request).contains("canary"))
      let signature = request.sent("wsc-signature")
      #expect(signature.map { !Self.shown(request).contains($0) } ?? true)
    }
  }
}
