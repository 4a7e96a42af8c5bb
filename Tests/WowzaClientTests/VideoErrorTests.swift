import HTTPTransport
import Secrets
import Testing
import WowzaVideoClient

@Suite("Errors of Wowza Video")
struct VideoErrorTests {
  @Test(
    "that share the status 401 are told apart by their code, with a hint",
    arguments: [
      ("ERR-401-ExpiredToken", "new token"), ("ERR-401-InvalidToken", "check the token"),
      ("ERR-401-NoApiKey", "fits its version"), ("ERR-401-InvalidApiKey", "64 characters"),
      ("ERR-401-InvalidSignature", "clock"), ("ERR-401-FeatureNotEnabled", "license"),
      ("ERR-401-BadAccountStatus", "account"), ("ERR-401-TrialExceeded", "billing"),
    ])
  func unauthorized(code: String, hint: String) async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"code401","code":"\#(code)"}"#)
      let error = try await providerError {
        try await given.video().createStreamTarget(NewStreamTarget(name: "cdn"))
      }
      #expect(error.status == 401)
      #expect(error.code == code)
      #expect(error.hint?.contains(hint) == true)
      #expect(error.delivery == .refused)
    }
  }

  @Test("of wrong credentials come as the server tells them")
  func wrongCredentials() async throws {
    try await Given.standIns { given in
      let expired = WowzaVideoCredentials.bearer(Secret("standin-expired-token"))
      let swapped = WowzaVideoCredentials.apiKey(key: Given.accessKey, accessKey: Given.apiKey)
      for (version, credentials, code) in [
        ("v2.0", expired, "ERR-401-ExpiredToken"), ("v1.11", .bearer(Secret("nonsense")), "ERR-401-InvalidToken"),
        ("v1.7", swapped, "ERR-401-InvalidAccessKey"),
        ("v1.7", .apiKey(key: Secret("short"), accessKey: Given.accessKey), "ERR-401-InvalidKeyLength"),
        ("v1.7", .hmac(key: Given.accessKey, accessKey: Given.accessKey), "ERR-401-InvalidSignature"),
      ] {
        let error = try await providerError { try await given.video(version, credentials).liveStreams() }
        #expect(error.code == code)
      }
    }
  }

  @Test(
    "are read in the specified form, in a gateway's form and in none",
    arguments: [
      (#"{"meta":{"status":422,"code":"ERR-1","title":"T","message":"M","description":"D"}}"#, "ERR-1", "M"),
      (#"{"meta":{"code":4221,"title":"T","message":""}}"#, "4221", "T"),
      (#"{"code":"E","message":"top level"}"#, foreign, "answered 422, top level"),
      (#"{"error":"only this"}"#, foreign, "answered 422, only this"),
      (#"{"meta":{}}"#, nil, "the response gives no reason (application/json; charset=utf-8)"),
      (#"["a"]"#, foreign, "answered 422, the response gives no reason (application/json; charset=utf-8)"),
      ("", foreign, "answered 422, not a JSON object (application/json; charset=utf-8, 0 bytes)"),
      ("{\"meta\":", foreign, "answered 422, not a JSON object (application/json; charset=utf-8, 8 bytes)"),
      (#"{"meta":{"message":"one\ntwo\r\nthree"}}"#, nil, "one two three"),
    ])
  func shapes(body: String, code: String?, message: String) async throws {
    let video = try ScriptedVideo(.answer(422, body))
    let error = try await providerError { try await video.client.startLiveStream("s1") }
    #expect(error.code == code)
    #expect(error.message == message)
    #expect(error.delivery == (code == Self.foreign ? .unknown : .refused))
    #expect(error.operation == "PUT live_streams/start")
    #expect(error.target == "s1")
  }

  private static let foreign = ProviderError.foreignAnswer
  private static let html = "\n <html><head><title>Sorry</title></head></html>"

  /// Status of the page, what a read and what a write must say of it.
  @Test(
    "that are HTML pages are not the provider's, and say whether a write may have happened",
    arguments: [
      (200, Delivery.refused, Delivery.unknown), (201, .refused, .unknown), (302, .refused, .unknown),
      (401, .refused, .unknown), (403, .refused, .unknown), (404, .refused, .unknown), (429, .refused, .unknown),
      (500, .refused, .unknown), (501, .refused, .unknown), (502, .refused, .unknown), (503, .refused, .unknown),
      (504, .refused, .unknown),
    ])
  func htmlPages(status: Int, read: Delivery, write: Delivery) async throws {
    let page = ScriptedTransport.Line.answer(status, Self.html, headers: ["Content-Type": "text/html"])
    let video = try ScriptedVideo(page, page)
    let reading = try await providerError { try await video.client.liveStreamState("s1") }
    #expect(!reading.isFromProvider)
    #expect(reading.delivery == read)
    #expect(reading.message.hasPrefix("answered \(status), not JSON but text/html: <html>"))
    let writing = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(!writing.isFromProvider)
    #expect(writing.delivery == write)
  }

  @Test(
    "of 5xx in the provider's own form are a refusal for 501 only",
    arguments: [(500, Delivery.unknown), (501, .refused), (502, .unknown), (503, .unknown), (504, .unknown)])
  func ownServerErrors(status: Int, delivery: Delivery) async throws {
    let video = try ScriptedVideo(.answer(status, #"{"meta":{"status":\#(status),"message":"busy"}}"#))
    let error = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(error.delivery == delivery)
  }

  @Test(
    "of writes whose answer lacks what was made are of unknown outcome",
    arguments: [
      #"{"live_stream":null}"#, #"{"live_stream":{"name":"no id"}}"#, #"{"live_streams":[]}"#,
      #"{"live_streams":[{"id":1},{"id":2}]}"#,
    ])
  func lacking(body: String) async throws {
    let video = try ScriptedVideo(.answer(200, body))
    let error = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(error.code == "undecodable-answer")
    #expect(error.delivery == .unknown)
  }

  @Test("of the transport keep its word and delivery")
  func transport() async throws {
    let video = try ScriptedVideo(
      .failure(.connect, .notSent), .failure(.timeout, .unknown), .failure(.responseTooLarge, .unknown),
      .failure(.responseTooLarge, .unknown))
    let refused = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(refused.code == "connect")
    #expect(refused.delivery == .notSent)
    let late = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(late.code == "timeout")
    #expect(late.delivery == .unknown)
    let largeWrite = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(largeWrite.delivery == .unknown)
    // An answer to a read that cannot be read has changed nothing.
    let largeRead = try await providerError { try await video.client.liveStream("s1") }
    #expect(largeRead.delivery == .refused)
  }

  @Test("of the source of credentials are told before anything is sent, without what a stranger put into them")
  func credentialSource() async throws {
    struct Leaky: Error, CustomStringConvertible { let description = "cannot read canary-token" }
    let known = SecretError(code: .missing, reference: "file:token", cause: "there is no such file", hint: "make it")
    for (failure, expected) in [(known as any Error, "there is no such file"), (Leaky(), "Leaky")] {
      let transport = ScriptedTransport([])
      let client = WowzaVideoClient(
        baseURL: "https://api.video.example.com", version: try #require(WowzaVideoVersion("v2.0")),
        credentials: { throw failure }, transport: transport, now: { ScriptedVideo.now })
      let error = try await providerError { try await client.restream(asset: "a1") }
      #expect(error.code == "no-credentials")
      #expect(error.delivery == .notSent)
      #expect(error.message.contains(expected))
      #expect(!"\(error)".contains("canary"))
      let asked = await transport.asked
      #expect(asked.isEmpty)
    }
  }

  @Test("of answers nested without end are told, and deep ones that end are read")
  func depth() async throws {
    let bomb = String(repeating: "[", count: 100_000)
    let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
    let video = try ScriptedVideo(
      .answer(200, bomb), .answer(200, #"{"live_stream":{"id":"s1","future":\#(deep)}}"#), .answer(400, bomb))
    let endless = try await providerError { try await video.client.liveStream("s1") }
    #expect(endless.code == "undecodable-answer")
    let stream = try await video.client.liveStream("s1")
    #expect(stream?.id == "s1")
    let refusal = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(refusal.code == "foreign-answer")
  }

  @Test("cannot be provoked by a large answer: no more than 8 MiB are taken")
  func bounded() async throws {
    let video = try ScriptedVideo(.answer(200, #"{"live_streams":[]}"#))
    _ = try await video.client.liveStreams()
    let request = try #require(await video.transport.requests.first)
    guard case .memory(let limit) = request.sink else {
      Issue.record("the answer goes to a file")
      return
    }
    #expect(limit == 8_388_608)
  }

  @Test("carry the provider's request id")
  func requestID() async throws {
    let video = try ScriptedVideo(.answer(500, #"{"meta":{}}"#, headers: ["X-Request-Id": "req-1"]))
    let error = try await providerError { try await video.client.restream(asset: "a1") }
    #expect(error.requestID == "req-1")
  }
}
