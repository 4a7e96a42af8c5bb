import HTTPTransport
import TestServers
import Testing
import WowzaVideoClient

@Suite("Assets and the live streams made of them")
struct RestreamTests {
  @Test("an asset is read by its id and found by its name, beyond the first page")
  func assets() async throws {
    try await Given.standIns { given in
      // The list of assets pages by 15 unless told otherwise.
      for number in 1...20 { try await given.control("POST", "/assets", #"{"id":"a\#(number)","name":"n\#(number)"}"#) }
      try await given.control("POST", "/assets", #"{"id":"twin","name":"n20","state":"uploading"}"#)
      let client = try given.video()
      let asset = try #require(try await client.asset("a20"))
      #expect(asset.name == "n20")
      #expect(asset.state == .completed)
      #expect(asset.duration == 60)
      let found = try await client.assets(named: "n20")
      #expect(found.map(\.id) == ["a20", "twin"])
      #expect(found.last?.state == .uploading)
      let missing = try await client.asset("none")
      #expect(missing == nil)
    }
  }

  @Test("an asset's links that give access by themselves are not read")
  func accessLinks() async throws {
    let video = try ScriptedVideo(
      .answer(
        200,
        #"{"asset":{"id":7,"state":"uploading","duration":"12.5","upload_url":"https://up.example.com/canary","published":true}}"#
      ))
    let asset = try #require(try await video.client.asset("7"))
    #expect(asset.id == "7")
    #expect(asset.duration == 12.5)
    #expect(asset.playbackEnabled == true)
    var dumped = ""
    dump(asset, to: &dumped)
    #expect(!dumped.contains("canary"))
  }

  @Test(
    "a restream makes a stopped live stream, in whichever wrapper it is answered",
    arguments: ["live_stream", "live_streams"])
  func restream(wrapper: String) async throws {
    try await Given.standIns { given in
      try await given.control("PATCH", "/settings/video", #"{"restreamWrapper":"\#(wrapper)"}"#)
      try await given.control("POST", "/assets", #"{"id":"talk"}"#)
      let client = try given.video()
      let made = try await client.restream(asset: "talk")
      #expect(made.name?.hasPrefix("CMS Restreamed") == true)
      let whole = try #require(try await client.liveStream(made.id))
      #expect(whole.assetID == "talk")
      #expect(whole.createdAt != nil)
      let status = try await client.liveStreamState(made.id)
      #expect(status.state == .stopped)
      #expect(status.ipAddress == "0.0.0.0")
    }
  }

  @Test("a restream may be answered as a list of one")
  func listOfOne() async throws {
    let video = try ScriptedVideo(.answer(200, #"{"live_streams":[{"id":99,"name":"CMS Restreamed (x)"}]}"#))
    let made = try await video.client.restream(asset: "talk")
    #expect(made.id == "99")
    let asked = await video.transport.asked
    #expect(asked == ["POST /api/v1.11/assets/talk/live_streams"])
  }

  @Test("an asset that is not ready is refused with the provider's code")
  func notReady() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"young","completeAfterSeconds":3600}"#)
      try await given.control("POST", "/assets", #"{"id":"broken","state":"failed"}"#)
      let client = try given.video()
      let young = try await providerError { try await client.restream(asset: "young") }
      #expect(young.code == "ERR-422-NotAvailable")
      #expect(young.delivery == .refused)
      #expect(young.operation == "POST assets/live_streams")
      let broken = try await providerError { try await client.restream(asset: "broken") }
      #expect(broken.code == "ERR-422-RecordInvalid")
      let missing = try await providerError { try await client.restream(asset: "none") }
      #expect(missing.status == 404)
    }
  }

  @Test("the limit of live streams is a refusal of status 409")
  func limit() async throws {
    try await Given.standIns({ $0.videoSettings.liveStreamLimit = 2 }) { given in
      try await given.control("POST", "/assets", #"{"id":"talk"}"#)
      let client = try given.video()
      _ = try await client.restream(asset: "talk")
      _ = try await client.restream(asset: "talk")
      let error = try await providerError { try await client.restream(asset: "talk") }
      #expect(error.status == 409)
      #expect(error.code == nil)
      #expect(error.message.contains("limit reached"))
      #expect(error.delivery == .refused)
    }
  }

  @Test("what is to be seen of one live stream is told apart, and what speaks of the account is an error")
  func sights() async throws {
    let video = try ScriptedVideo(
      .answer(200, #"{"live_stream":{"id":"s","asset_id":"talk"}}"#),
      .answer(200, #"{"live_stream":{"id":"s","asset_id":""}}"#),
      .answer(404, #"{"meta":{"code":"ERR-404-RecordNotFound"}}"#),
      .answer(410, #"{"meta":{"code":"ERR-410-RecordDeleted"}}"#),
      .answer(403, #"{"meta":{"code":"ERR-403-RecordUnaccessible"}}"#), .answer(422, #"{"meta":{"status":422}}"#))
    var seen: [String] = []
    for _ in 1...6 {
      switch try await video.client.sightOfLiveStream("s") {
      case .seen(let stream): seen.append(stream.assetID ?? "none")
      case .unknown: seen.append("unknown")
      case .deleted: seen.append("deleted")
      case .refused(let error): seen.append("\(error.status ?? 0)")
      }
    }
    #expect(seen == ["talk", "none", "unknown", "deleted", "403", "422"])
    for status in [401, 404, 408, 410, 429, 500, 503] {
      let other = try ScriptedVideo(.answer(status, "<html></html>"))
      _ = try await providerError { try await other.client.sightOfLiveStream("s") }
    }
  }

  @Test(
    "a live stream goes from stopped over starting to started",
    arguments: [(3600.0, LiveStreamState.starting), (0, .started)])
  func start(delay: Double, expected: LiveStreamState) async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = delay }) { given in
      try await given.control("POST", "/assets", #"{"id":"talk"}"#)
      let client = try given.video()
      let id = try await client.restream(asset: "talk").id
      let answered = try await client.startLiveStream(id)
      #expect(answered == .starting)
      let status = try await client.liveStreamState(id)
      #expect(status.state == expected)
      #expect((status.ipAddress == "0.0.0.0") == (expected == .starting))
      let again = try await providerError { try await client.startLiveStream(id) }
      #expect(again.code == "ERR-422-InvalidStateChange")
      #expect(again.delivery == .refused)
    }
  }

  @Test("a live stream tells its state itself from 2.0 on")
  func stateInStream() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"talk"}"#)
      let id = try await given.video("v2.0").restream(asset: "talk").id
      let young = try await given.video("v2.0").liveStream(id)
      #expect(young?.state == .stopped)
      let old = try await given.video("v1.11").liveStream(id)
      #expect(old?.id == id)
      #expect(old?.state == nil)
    }
  }

  @Test("a live stream that does not exist is nil, its state an error")
  func missing() async throws {
    try await Given.standIns { given in
      let client = try given.video()
      let stream = try await client.liveStream("none")
      #expect(stream == nil)
      let error = try await providerError { try await client.liveStreamState("none") }
      #expect(error.code == "ERR-404-RecordNotFound")
    }
  }

  @Test("a state nobody has specified is passed on")
  func openStates() async throws {
    let video = try ScriptedVideo(.answer(200, #"{"live_stream":{"state":"hibernating"}}"#))
    let status = try await video.client.liveStreamState("s1")
    #expect(status.state.rawValue == "hibernating")
    #expect(status.ipAddress == nil)
  }
}
