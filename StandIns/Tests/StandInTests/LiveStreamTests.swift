import Testing

@testable import rundown_standins

@Suite("Assets and live streams of the Wowza Video stand-in")
struct LiveStreamTests {
  static let base = "/api/v1.11"

  /// The id of a new live stream of the asset `a1`.
  static func restream(_ given: Given) async throws -> String {
    let answer = try await given.video("POST", base + "/assets/a1/live_streams")
    #expect(answer.status == 200)
    return try #require(try answer.text("live_stream", "id"))
  }

  static func state(_ given: Given, _ id: String) async throws -> String? {
    try await given.video("GET", base + "/live_streams/\(id)/state").text("live_stream", "state")
  }

  @Test("every restream makes another live stream, and the count by asset tells")
  func everyPostMakesOne() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let first = try await Self.restream(given)
      let second = try await Self.restream(given)
      #expect(first != second)
      let counts = try await given.counts("video")
      #expect(counts["liveStreamsByAsset"] == ["a1": 2])
      #expect(counts["createdLiveStreams"] == 2)
      #expect(counts["duplicates"] == 1)
      let list = try await given.video("GET", Self.base + "/live_streams").json["live_streams"]?.elements ?? []
      #expect(list.map { $0["id"]?.string } == [first, second])
      #expect(list.allSatisfy { Set(($0.object ?? [:]).keys) == ["id", "name", "created_at", "updated_at"] })
    }
  }

  @Test("the single live stream names its asset; only 2.0 shows the state in it")
  func singleRecord() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      let old = try await given.video("GET", Self.base + "/live_streams/" + id)
      #expect(try old.text("live_stream", "asset_id") == "a1")
      #expect(try old.text("live_stream", "player_hls_playback_url")?.hasPrefix("https://") == true)
      #expect(try old.json["live_stream"]?["state"] == nil)
      let new = try await given.video("GET", "/api/v2.0/live_streams/" + id)
      #expect(try new.text("live_stream", "state") == "stopped")
    }
  }

  @Test("the answer to a restream can wear the other wrapper")
  func wrapper() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      try await given.control("PATCH", "/settings/video", #"{"restreamWrapper":"live_streams"}"#)
      let answer = try await given.video("POST", Self.base + "/assets/a1/live_streams")
      #expect(try answer.text("live_streams", "id") != nil)
      #expect(try answer.json["live_stream"] == nil)
    }
  }

  @Test("an asset is refused while it is processed and taken from the second it is completed")
  func completesInTime() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1","completeAfterSeconds":5}"#)
      given.clock.advance(4)
      #expect(try await given.video("GET", Self.base + "/assets/a1").text("asset", "state") == "processing")
      let early = try await given.video("POST", Self.base + "/assets/a1/live_streams")
      #expect(early.status == 422)
      #expect(try early.text("meta", "code") == "ERR-422-NotAvailable")
      #expect(try await given.video("DELETE", Self.base + "/assets/a1").status == 422)
      given.clock.advance(1)
      #expect(try await given.video("GET", Self.base + "/assets/a1").text("asset", "state") == "completed")
      _ = try await Self.restream(given)
    }
  }

  @Test("a failed asset is refused for good, an uploading one for now")
  func otherStates() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1","failAfterSeconds":1}"#)
      given.clock.advance(1)
      #expect(try await given.video("GET", Self.base + "/assets/a1").text("asset", "state") == "failed")
      let failed = try await given.video("POST", Self.base + "/assets/a1/live_streams")
      #expect(try failed.text("meta", "code") == "ERR-422-RecordInvalid")
      try await given.control("POST", "/assets", #"{"id":"a2","state":"uploading"}"#)
      #expect(try await given.video("GET", Self.base + "/assets/a2").text("asset", "upload_url") != nil)
      let uploading = try await given.video("POST", Self.base + "/assets/a2/live_streams")
      #expect(try uploading.text("meta", "code") == "ERR-422-NotAvailable")
    }
  }

  @Test("the list of assets pages by 15, and 1.7 has none")
  func assetPages() async throws {
    try await Given.standIns { given in
      for _ in 0..<16 { try await given.control("POST", "/assets", "{}") }
      let page = try await given.video("GET", Self.base + "/assets").json
      #expect(page["assets"]?.elements.count == 15)
      #expect(page["pagination"]?["total_pages"] == 2)
      let old = try await given.video("GET", "/api/v1.7/assets", headers: VideoAuthenticationTests.keys)
      #expect(old.status == 404)
    }
  }

  @Test("a deleted asset answers 410, and its live streams with it")
  func deletesAsset() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      #expect(try await given.video("DELETE", Self.base + "/assets/a1").status == 204)
      #expect(try await given.video("GET", Self.base + "/assets/a1").status == 410)
      #expect(try await given.video("GET", Self.base + "/live_streams/" + id).status == 410)
      #expect(try await given.video("GET", Self.base + "/live_streams/none").status == 404)
      #expect(try await given.video("POST", Self.base + "/assets/none/live_streams").status == 404)
    }
  }

  @Test("the eleventh live stream within the window is refused, the next one after it is made")
  func limit() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      _ = try await Self.restream(given)
      given.clock.advance(60)
      for _ in 2...10 { _ = try await Self.restream(given) }
      let refused = try await given.video("POST", Self.base + "/assets/a1/live_streams")
      #expect(refused.status == 409)
      #expect(try refused.text("meta", "message")?.contains("limit reached") == true)
      // 3 h after the first: one slot is free, the other nine are taken for a minute more.
      given.clock.advance(10_800 - 60)
      _ = try await Self.restream(given)
      #expect(try await given.video("POST", Self.base + "/assets/a1/live_streams").status == 409)
      #expect(try await given.counts("video", "createdLiveStreams") == 11)
    }
  }

  @Test("stopped, starting, started, stopped: each with the moves that it allows")
  func stateMachine() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 60 }) { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      let stream = Self.base + "/live_streams/" + id
      func refused(_ action: String) async throws {
        let answer = try await given.video("PUT", stream + "/" + action)
        #expect(answer.status == 422)
        #expect(try answer.text("meta", "code") == "ERR-422-InvalidStateChange")
      }
      #expect(try await Self.state(given, id) == "stopped")
      try await refused("stop")
      let start = try await given.video("PUT", stream + "/start")
      #expect(start.status == 200)
      #expect(try start.text("live_stream", "state") == "starting")
      given.clock.advance(59)
      #expect(try await Self.state(given, id) == "starting")
      let address = try await given.video("GET", stream + "/state").text("live_stream", "ip_address")
      #expect(address == "0.0.0.0")
      try await refused("start")
      given.clock.advance(1)
      #expect(try await Self.state(given, id) == "started")
      let startedAddress = try await given.video("GET", stream + "/state").text("live_stream", "ip_address")
      #expect(startedAddress != "0.0.0.0")
      try await refused("start")
      #expect(try await given.video("PUT", stream + "/stop").text("live_stream", "state") == "stopped")
      #expect(try await Self.state(given, id) == "stopped")
      #expect(try await given.counts("video", "starts") == 1)
    }
  }

  @Test(
    "a start can fall back or get stuck",
    arguments: [(VideoSettings.StartOutcome.stopped, "stopped"), (.stuck, "starting")])
  func startOutcome(outcome: VideoSettings.StartOutcome, state: String) async throws {
    try await Given.standIns({ $0.videoSettings.startOutcome = outcome }) { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      _ = try await given.video("PUT", Self.base + "/live_streams/\(id)/start")
      #expect(try await Self.state(given, id) == "starting")
      given.clock.advance(3600)
      #expect(try await Self.state(given, id) == state)
    }
  }

  @Test("a slow stop shows stopping first")
  func slowStop() async throws {
    try await Given.standIns({
      $0.videoSettings.startDelay = 0
      $0.videoSettings.stopDelay = 2
    }) { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      _ = try await given.video("PUT", Self.base + "/live_streams/\(id)/start")
      _ = try await given.video("PUT", Self.base + "/live_streams/\(id)/stop")
      #expect(try await Self.state(given, id) == "stopping")
      given.clock.advance(2)
      #expect(try await Self.state(given, id) == "stopped")
    }
  }

  @Test("each stream counts its starts and stops, and the account those that are not stopped")
  func counts() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 0 }) { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      let stream = Self.base + "/live_streams/\(id)"
      #expect(try await given.counts("video", "runningLiveStreams") == 0)
      _ = try await given.video("PUT", stream + "/start")
      #expect(try await given.counts("video", "runningLiveStreams") == 1)
      _ = try await given.video("PUT", stream + "/stop")
      _ = try await given.video("PUT", stream + "/start")
      #expect(try await given.counts("video", "starts") == 2)
      #expect(try await given.counts("video", "stops") == 1)
      #expect(try await given.counts("video", "runningLiveStreams") == 1)
    }
  }

  @Test("a stop of a stream that is starting is refused where that is set, and accepted once it has started")
  func earlyStop() async throws {
    try await Given.standIns({ $0.videoSettings.earlyStop = .refused }) { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      let stream = Self.base + "/live_streams/\(id)"
      _ = try await given.video("PUT", stream + "/start")
      let refusal = try await given.video("PUT", stream + "/stop")
      #expect(refusal.status == 422)
      given.clock.advance(3)
      #expect(try await given.video("PUT", stream + "/stop").status == 200)
      #expect(try await given.counts("video", "stops") == 1)
    }
  }

  @Test("with the cache on, a GET right after a write shows the old state")
  func cache() async throws {
    try await Given.standIns({ $0.videoSettings.cacheSeconds = 1 }) { given in
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      let id = try await Self.restream(given)
      #expect(try await Self.state(given, id) == "stopped")
      _ = try await given.video("PUT", Self.base + "/live_streams/\(id)/start")
      #expect(try await Self.state(given, id) == "stopped")
      given.clock.advance(1)
      #expect(try await Self.state(given, id) == "starting")
    }
  }
}
