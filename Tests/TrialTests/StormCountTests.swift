import FoundationEssentials
import Testing

@testable import rundown_chaos

@Suite("What the storm counts")
struct StormCountTests {
  /// One thing of each kind, all of them there and right.
  private struct Given {
    static let entry = Thing(kind: .mapEntry, place: "fra1", name: "cam")
    static let target = Thing(kind: .target, place: "main", name: "media")
    static let stream = Thing(kind: .liveStream, place: "late", name: "talk")
    static let upload = Thing.upload("small")

    var states = ["create-map-entry": "completed"]
    var engine = #""requests":3,"conflicts":0,"duplicates":0,"creations":[]"#
    /// Of the application `live`.
    var entries = #"{"entryName":"cam","sourceStreamName":"cam"}"#
    /// Of another application.
    var strays = ""
    var targets =
      #"{"name":"cdn-media","custom_origin_url":"https://media.s3.eu-central-1.amazonaws.com"}"#
    var liveStream = "started"
    var objects = HeldObjects(objects: ["small": true, "calm-small": true], pending: 0)

    func reckoning() throws -> Reckoning {
      let main = try sight(
        engines: "\"fra1\":{\(engine)}", entries: "\"fra1\":{\"live\":[\(entries)],\"live2\":[\(strays)]}", targets, "")
      let late = try sight(engines: "", entries: "", "", "{\"asset_id\":\"talk\",\"state\":\"\(liveStream)\"}")
      return Reckoning(
        wanted: [Self.entry, Self.target, Self.stream, Self.upload], try jobs(), [.main: main, .late: late], objects)
    }

    private func sight(
      engines: String, entries: String, _ targets: String, _ streams: String
    ) throws -> ControlAPI.Sight {
      let video = #"{"requests":5,"duplicates":0,"targets":[],"liveStreamsByAsset":{}}"#
      return ControlAPI.Sight(
        counts: try Self.decode("{\"engines\":{\(engines)},\"video\":\(video)}"),
        state: try Self.decode("{\"engines\":{\(entries)},\"targets\":[\(targets)],\"liveStreams\":[\(streams)]}"))
    }

    private func jobs() throws -> [QueueView.Job] {
      try [
        ("create-map-entry", #""engine":"fra1","entryName":"cam""#),
        ("create-fastly-target", #""connection":"main","bucket":"media""#),
        ("restream-asset", #""connection":"late","assetID":"talk""#),
        ("upload-recording", "\"connection\":\"media\",\"bucket\":\"\(Thing.bucket)\",\"key\":\"small\""),
      ].map { try StormCountTests.job($0.0, state: states[$0.0] ?? "completed", $0.1) }
    }

    private static func decode<Value: Decodable>(_ text: String) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
  }

  private static func job(_ kind: String, state: String = "completed", _ parameters: String = "") throws
    -> QueueView.Job
  {
    let text =
      "{\"id\":1,\"kind\":\"\(kind)\",\"state\":\"\(state)\",\"attempts\":1,\"failures\":0,\"crashes\":0,"
      + "\"parameters\":{\(parameters)}}"
    return try JSONDecoder().decode(QueueView.Job.self, from: Data(text.utf8))
  }

  @Test("everything there once and every job completed: nothing to tell")
  func allRight() throws {
    let reckoning = try Given().reckoning()
    #expect(reckoning.created == reckoning.wanted)
    #expect(reckoning.lost.isEmpty)
    #expect(reckoning.duplicates == 0)
    #expect(reckoning.requests == 3 + 5 + 5)
    #expect(reckoning.troubles.isEmpty)
  }

  @Test("a thing that is not there, or not as it was asked for, is lost")
  func lost() throws {
    var given = Given()
    given.entries = #"{"entryName":"cam","sourceStreamName":"other"}"#
    #expect(try given.reckoning().lost == [Given.entry])
    given.entries = ""
    #expect(try given.reckoning().lost == [Given.entry])
    given = Given()
    given.targets = #"{"name":"cdn-media","custom_origin_url":"https://elsewhere.example"}"#
    #expect(try given.reckoning().lost == [Given.target])
    given = Given()
    given.liveStream = "starting"
    #expect(try given.reckoning().lost == [Given.stream])
    given = Given()
    given.objects.objects["small"] = false
    #expect(try given.reckoning().lost == [Given.upload])
  }

  @Test("a thing whose job is not completed is lost though it is there")
  func unfinished() throws {
    var given = Given()
    given.states["create-map-entry"] = "dead"
    let reckoning = try given.reckoning()
    #expect(reckoning.created.contains(Given.entry))
    #expect(reckoning.lost == [Given.entry])
  }

  @Test("second creations, things nobody asked for and uploads without an end are duplicates")
  func duplicates() throws {
    var given = Given()
    given.engine = #""requests":3,"conflicts":1,"duplicates":1,"creations":[{"name":"cam","times":2}]"#
    let reckoning = try given.reckoning()
    #expect(reckoning.duplicates == 1)
    #expect(reckoning.troubles.contains { $0.contains("cam") })
    // A refused second creation made nothing.
    #expect(reckoning.conflicts == 1)
    given = Given()
    given.entries += #",{"entryName":"stray","sourceStreamName":"stray"}"#
    given.strays = #"{"entryName":"cam","sourceStreamName":"cam"}"#
    given.objects.objects["stray"] = true
    given.objects.pending = 1
    #expect(try given.reckoning().duplicates == 4)
    #expect(try given.reckoning().lost.isEmpty)
  }

  @Test(
    "an attempt is burnt by what is not the job's fault",
    arguments: [
      ("connect", "POST x: nobody there", 1), ("tls", "POST x: no", 1), ("ERR-401-ExpiredToken", "GET x: 401 no", 1),
      ("http-429", "GET x: 429 too many", 1), ("SlowDown", "PutObject b/k: 503 no", 1), ("503", "GET x: 503 no", 1),
      ("http-409", "POST x: 409 limit", 1), ("own-word", "POST x: 409 limit", 1), ("own-word", "GET x: 401 no", 1),
      ("crash-limit", "its worker was lost 3 times", 1), ("connection-lost", "POST x: closed", 0),
      ("differs", "cam: another source", 0),
    ])
  func burnt(code: String, message: String, count: Int) throws {
    var burnt = BurntAttempts()
    burnt.note(try Self.job("restream-asset"), nil, QueueView.Failure(code: code, message: message))
    #expect(burnt.burnt == count)
    #expect(burnt.codes == [code: 1])
  }

  @Test("a map entry that somebody else made is no limit of an account")
  func conflict() throws {
    var burnt = BurntAttempts()
    burnt.note(try Self.job("create-map-entry"), nil, QueueView.Failure(code: "409", message: "POST x: 409 there"))
    #expect(burnt.burnt == 0)
  }
}
