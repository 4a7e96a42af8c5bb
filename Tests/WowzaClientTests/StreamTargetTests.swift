import HTTPTransport
import Testing
import WowzaVideoClient

@Suite("CDN targets of Wowza Video")
struct StreamTargetTests {
  static let origin = "https://example-live-bucket.s3.eu-central-1.amazonaws.com"

  @Test(
    "are created, read and found by name in every version",
    arguments: [
      ("v1.6", WowzaVideoCredentials.apiKey(key: Given.apiKey, accessKey: Given.accessKey)),
      ("v1.7", .hmac(key: Given.apiKey, accessKey: Given.accessKey)),
      ("v1.8", .hmac(key: Given.apiKey, accessKey: Given.accessKey)),
      ("v1.8", Given.token), ("v1.9", Given.token), ("v1.10", Given.token), ("v1.11", Given.token),
      ("v2.0", Given.token),
    ])
  func everyVersion(version: String, credentials: WowzaVideoCredentials) async throws {
    try await Given.standIns { given in
      let client = try given.video(version, credentials)
      let made = try await client.createStreamTarget(
        NewStreamTarget(name: "cdn ünï/1", originURL: Self.origin, originRegion: "eu", forceSSLPlayback: true))
      _ = try await client.createStreamTarget(NewStreamTarget(name: "cdn", originURL: Self.origin))
      #expect(made.name == "cdn ünï/1")
      #expect(made.originURL == Self.origin)
      #expect(made.originRegion == "eu")
      #expect(made.forceSSLPlayback == true)
      #expect(made.state == "activated")
      #expect(made.deliveryProtocols == ["hls"])
      #expect(made.playbackURLs["hls"]?.count == 1)
      #expect(made.createdAt != nil)
      let read = try await client.streamTarget(made.id)
      #expect(read == made)
      let found = try await client.fastlyTargets(named: "cdn ünï/1")
      #expect(found == [made])
      let none = try await client.fastlyTargets(named: "CDN")
      #expect(none.isEmpty)
    }
  }

  @Test("of the same name are all found, each with its own origin")
  func sameName() async throws {
    try await Given.standIns { given in
      let client = try given.video()
      for origin in ["https://a.example.com", "https://b.example.com"] {
        _ = try await client.createStreamTarget(NewStreamTarget(name: "twin", originURL: origin))
      }
      let origins = try await client.fastlyTargets(named: "twin").map(\.originURL)
      #expect(origins == ["https://a.example.com", "https://b.example.com"])
    }
  }

  @Test("that do not exist, or no longer do, are nil")
  func missing() async throws {
    try await Given.standIns { given in
      let client = try given.video()
      let never = try await client.streamTarget("nothere1")
      #expect(never == nil)
    }
    let gone = try ScriptedVideo(
      .answer(410, #"{"meta":{"status":410,"code":"ERR-410-RecordDeleted","message":"gone"}}"#))
    let deleted = try await gone.client.streamTarget("x")
    #expect(deleted == nil)
  }

  @Test(
    "are not taken for missing because a gateway says 404: they would be created again",
    arguments: ["<html>404</html>", #"{"message":"no route"}"#, ""])
  func gatewayMissing(body: String) async throws {
    let list = ScriptedTransport.Line.answer(200, #"{"stream_targets_fastly":[{"id":"a","name":"cdn"}]}"#)
    let video = try ScriptedVideo(
      .answer(404, body), list, .answer(200, #"{"stream_targets_fastly":[]}"#), list, .answer(404, body))
    let byID = try await providerError { try await video.client.streamTarget("a") }
    #expect(byID.code == "foreign-answer")
    #expect(byID.hint?.contains("URL") == true)
    let byName = try await providerError { try await video.client.fastlyTargets(named: "cdn") }
    #expect(byName.delivery == .refused)
  }

  @Test("are refused with the provider's words when a field is wrong")
  func invalid() async throws {
    try await Given.standIns { given in
      let client = try given.video()
      let error = try await providerError {
        try await client.createStreamTarget(NewStreamTarget(name: "cdn", originRegion: "eu-central-1"))
      }
      #expect(error.provider == "wowza-video")
      #expect(error.operation == "POST stream_targets/fastly")
      #expect(error.target == "cdn")
      #expect(error.status == 422)
      #expect(error.code == "ERR-422-RecordInvalid")
      #expect(error.message.contains("Custom origin region is not included in the list"))
      #expect(error.delivery == .refused)
    }
  }

  // The bodies are section 2.6 of the vendor's reference by hand, keys in order.
  @Test("are asked for in the wrapper and path of the version")
  func wire() async throws {
    let new = NewStreamTarget(
      name: "cdn", originURL: Self.origin, originRegion: "eu", deliveryProtocols: ["hls", "dash"])
    let old = try ScriptedVideo(.answer(201, #"{"stream_target_fastly":{"id":"q7x1mk2p"}}"#))
    _ = try await old.client.createStreamTarget(new)
    let fields =
      #"{"custom_origin_region":"eu","custom_origin_url":"\#(Self.origin)","delivery_protocols":["hls","dash"],"name":"cdn"}"#
    var asked = await old.transport.asked
    #expect(asked == [#"POST /api/v1.11/stream_targets/fastly {"stream_target_fastly":\#(fields)}"#])

    let young = try ScriptedVideo(
      "v2.0", Given.token, .answer(201, #"{"stream_target_wowza_cdn":{"id":"q7x1mk2p"}}"#))
    _ = try await young.client.createStreamTarget(new)
    asked = await young.transport.asked
    #expect(asked == [#"POST /api/v2.0/stream_targets/wowza_cdn {"stream_target_wowza_cdn":\#(fields)}"#])
  }

  @Test("are read although fields are missing, null, unknown or of another type")
  func tolerant() async throws {
    let video = try ScriptedVideo(
      .answer(
        200,
        """
        {"stream_target_fastly":{"id":4711,"name":null,"state":"resting","future":{"a":[1,2.5,null]},
         "force_ssl_playback":"true","playback_urls":{"hls":[{"url":"https://cdn.example.com/a"},"https://cdn.example.com/b"]},
         "created_at":"2026-01-10T10:00:00Z","updated_at":"soon","delivery_protocols":"hls"}}
        """))
    let target = try #require(try await video.client.streamTarget("4711"))
    #expect(target.id == "4711")
    #expect(target.name == nil)
    #expect(target.state == "resting")
    #expect(target.forceSSLPlayback == true)
    #expect(target.playbackURLs == ["hls": ["https://cdn.example.com/a", "https://cdn.example.com/b"]])
    // 2026-01-10T10:00:00Z: date -u -d … +%s
    #expect(target.createdAt == 1_768_039_200)
    #expect(target.updatedAt == nil)
    #expect(target.deliveryProtocols.isEmpty)
  }

  @Test("with an id that would leave the path are refused before anything is sent", arguments: ["", ".", ".."])
  func pathEscape(id: String) async throws {
    let video = try ScriptedVideo()
    let error = try await providerError { try await video.client.streamTarget(id) }
    #expect(error.delivery == .notSent)
    let asked = await video.transport.asked
    #expect(asked.isEmpty)
  }

  @Test("are addressed by an id that is escaped")
  func escapes() async throws {
    let video = try ScriptedVideo(.answer(404, #"{"meta":{"code":"ERR-404-RecordNotFound"}}"#))
    let target = try await video.client.streamTarget("a/b?c=ü~1")
    #expect(target == nil)
    let asked = await video.transport.asked
    #expect(asked == ["GET /api/v1.11/stream_targets/fastly/a%2Fb%3Fc%3D%C3%BC~1"])
  }
}
