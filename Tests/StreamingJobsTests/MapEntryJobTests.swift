import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import Testing
import WowzaEngineClient

@Suite("create-map-entry makes an application push a stream")
struct MapEntryJobTests {
  private static let single = CreateMapEntry(
    engine: "fra1", application: "live", entryName: "cam-01-s3", sourceStream: "cam-01", bucket: "example-live",
    region: "eu-central-1", credential: "push")

  private static let adaptive = CreateMapEntry(
    engine: "fra1", application: "live", entryName: "cam-01-abr", sourceStream: "cam-01", bucket: "example-live",
    region: "eu-central-1", credential: "push", groupName: "cam-01_ABR")

  private static var replacing: CreateMapEntry {
    var parameters = single
    parameters.onExisting = .replace
    return parameters
  }

  /// The entry as the engine holds it.
  private func held(_ desk: WowzaDesk, _ name: String = "cam-01-s3") async throws -> MapEntry {
    try #require(try await desk.engine().mapEntry(name, application: "live"))
  }

  /// Puts an entry there by another hand.
  private func put(
    _ desk: WowzaDesk, sourceStream: String = "cam-01", secret: String = WowzaDesk.pushSecret,
    _ change: (inout MapEntry) -> Void = { _ in }
  ) async throws {
    var entry = MapEntry(
      sourceStreamName: sourceStream, streamName: "cam-01", profile: "cupertino-cloudstorage",
      extraOptions: MapEntryOptions(
        provider: "S3", bucketName: "example-live", region: "eu-central-1", accessID: "AKIDEXAMPLE",
        secretAccessKey: Secret(secret), transportDebug: false, relativePlaylists: true))
    change(&entry)
    try await desk.engine().createMapEntry(entry, named: "cam-01-s3", application: "live")
  }

  @Test("a single-bitrate entry holds every field of the manual and names its playlist")
  func single() async throws {
    try await WowzaDesk.open { desk in
      let id = try await desk.enqueue(Self.single)
      try await desk.work()
      let result: MapEntryResult = try await desk.output(id)
      #expect(result.entry == "cam-01-s3")
      #expect(result.application == "live")
      #expect(result.playlistPath == "live/cam-01/playlist.m3u8")
      #expect(result.created && !result.unchanged && result.changed.isEmpty)
      let entry = try await held(desk)
      #expect(entry.sourceStreamName == "cam-01")
      #expect(entry.streamName == "cam-01")
      #expect(entry.profile == "cupertino-cloudstorage")
      #expect(entry.childProfile == nil && entry.groupName == nil)
      let options = try #require(entry.extraOptions)
      #expect(options.provider == "S3")
      #expect(options.bucketName == "example-live")
      #expect(options.region == "eu-central-1")
      #expect(options.accessID == "AKIDEXAMPLE")
      #expect(options.secretAccessKey == Secret(WowzaDesk.pushSecret))
      #expect(options.relativePlaylists == true)
      #expect(options.transportDebug == false)
    }
  }

  @Test("an adaptive entry is led by the group manager and names its playlist after the group")
  func adaptive() async throws {
    try await WowzaDesk.open { desk in
      let id = try await desk.enqueue(Self.adaptive)
      try await desk.work()
      let result: MapEntryResult = try await desk.output(id)
      #expect(result.playlistPath == "live/cam-01_ABR/playlist.m3u8")
      let entry = try await held(desk, "cam-01-abr")
      #expect(entry.profile == "group-manager")
      #expect(entry.childProfile == "cupertino-cloudstorage")
      #expect(entry.groupName == "cam-01_ABR")
      #expect(entry.streamMatcher == "namePrefix")
      #expect(entry.streamName == nil)
    }
  }

  @Test("an entry whose creation got no answer is found and adopted, not made again")
  func lostAnswer() async throws {
    try await WowzaDesk.open { desk in
      try await desk.fault(#"{"listener":"engine fra1","kind":"cutAfterEffect","count":1}"#)
      let id = try await desk.enqueue(Self.single)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.requests("POST", containing: "cam-01-s3") == 1)
      #expect(try await desk.engineCount("created") == 1)
    }
  }

  @Test("a crash anywhere on the way leaves exactly one entry and a completed job", arguments: FaultPoint.all)
  func crash(_ point: FaultPoint) async throws {
    try await WowzaDesk.open { desk in
      let id = try await desk.enqueue(Self.single)
      try await desk.work(faults: ScriptedFaults(at: point))
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.engineCount("created") == 1)
      #expect(try await desk.engineCount("conflicts") == 0)
    }
  }

  @Test("an entry that is there as asked is left alone")
  func unchanged() async throws {
    try await WowzaDesk.open { desk in
      try await put(desk)
      let id = try await desk.enqueue(Self.single)
      try await desk.work()
      let result: MapEntryResult = try await desk.output(id)
      #expect(result.unchanged && !result.created && result.changed.isEmpty)
      #expect(try await desk.engineCount("created") == 1)
      #expect(try await desk.engineCount("updated") == 0)
    }
  }

  @Test("an entry that differs is left alone, and the failure names each field with both values but for the secret")
  func differs() async throws {
    try await WowzaDesk.open { desk in
      try await put(desk, secret: "canary-other-secret-19c4") {
        $0.sourceStreamName = "cam-02"
        $0.extraOptions?.bucketName = "other-bucket"
        $0.extraOptions?.relativePlaylists = nil
      }
      let id = try await desk.enqueue(Self.single)
      try await desk.work()
      let failure = try await desk.death(id)
      #expect(failure.code == "differs")
      #expect(failure.message.contains("sourceStreamName is 'cam-02', not 'cam-01'"))
      #expect(failure.message.contains("cloudstorage.bucketName is 'other-bucket', not 'example-live'"))
      #expect(failure.message.contains("http.relativePlaylists is 'false', not 'true'"))
      #expect(failure.message.contains("cloudstorage.secretAccessKey differs"))
      #expect(failure.hint?.contains("onExisting: replace") == true)
      #expect(try await desk.engineCount("updated") == 0)
      #expect(try await !desk.everything(of: id).contains("canary"))
    }
  }

  @Test(
    "replace writes what differs, keeps the keys we do not know and sends the secret again",
    arguments: ["replace", "merge"])
  func replace(semantics: String) async throws {
    try await WowzaDesk.open { desk in
      try await desk.control("PATCH", "/settings/engine/fra1", #"{"putSemantics":"\#(semantics)"}"#)
      try await put(desk, sourceStream: "cam-02", secret: "canary-other-secret-19c4") {
        $0.additional["http.playlistCount"] = .integer(7)
        $0.extraOptions?.additional["cloudstorage.endpoint"] = .string("https://s3.example.com")
      }
      let id = try await desk.enqueue(Self.replacing)
      try await desk.work()
      let result: MapEntryResult = try await desk.output(id)
      #expect(result.changed == ["sourceStreamName", "cloudstorage.secretAccessKey"])
      #expect(!result.created && !result.unchanged)
      let entry = try await held(desk)
      #expect(entry.sourceStreamName == "cam-01")
      #expect(entry.extraOptions?.secretAccessKey == Secret(WowzaDesk.pushSecret))
      #expect(entry.additional["http.playlistCount"] == .integer(7))
      #expect(entry.extraOptions?.additional["cloudstorage.endpoint"] == .string("https://s3.example.com"))
      #expect(try await desk.engineCount("created") == 1)
      #expect(try await desk.engineCount("updated") == 1)
    }
  }

  @Test("what was replaced is told even when the answer to the change and then the worker are lost")
  func replacedThenLost() async throws {
    try await WowzaDesk.open { desk in
      try await put(desk, sourceStream: "cam-02")
      try await desk.fault(#"{"listener":"engine fra1","kind":"cutAfterEffect","method":"PUT","count":1}"#)
      let id = try await desk.enqueue(Self.replacing)
      try await desk.work(faults: ScriptedFaults(at: .beforeCompletion, arrival: 2))
      let result: MapEntryResult = try await desk.output(id)
      #expect(result.changed == ["sourceStreamName"])
      #expect(try await held(desk).sourceStreamName == "cam-01")
    }
  }

  // this worker                      another client
  // GET: 404
  // intent written
  //                                  POST: 201
  // POST: 409
  // GET: the other's entry
  @Test("an entry that somebody makes at the same moment is adopted in the same attempt when it is as asked")
  func raceLost() async throws {
    try await WowzaDesk.open { desk in
      let id = try await desk.enqueue(Self.single)
      let outcome = try await desk.attempt(faults: Meanwhile(at: .intentWritten) { try await put(desk) })
      guard case .done = outcome else {
        Issue.record("the attempt ended with \(String(describing: outcome))")
        return
      }
      let result: MapEntryResult = try await desk.output(id)
      #expect(result.unchanged && !result.created)
      #expect(try await desk.engineCount("created") == 1)
      #expect(try await desk.engineCount("conflicts") == 1)
    }
  }

  @Test("an entry that somebody makes at the same moment is not overwritten when it differs")
  func raceLostToADifferentOne() async throws {
    try await WowzaDesk.open { desk in
      let id = try await desk.enqueue(Self.single)
      try await desk.work(faults: Meanwhile(at: .intentWritten) { try await put(desk, sourceStream: "cam-02") })
      #expect(try await desk.death(id).code == "differs")
      #expect(try await held(desk).sourceStreamName == "cam-02")
    }
  }

  @Test("an application that the engine does not have ends the job at once and is named in the hint")
  func noApplication() async throws {
    try await WowzaDesk.open { desk in
      var parameters = Self.single
      parameters.application = "nowhere"
      let id = try await desk.enqueue(parameters)
      try await desk.work()
      #expect(try await desk.death(id).hint?.contains("no application nowhere") == true)
      #expect(try await desk.store.attempts(of: id).count == 1)
    }
  }

  @Test("an entry that vanishes between creation and comparison is reported, not made a second time")
  func vanished() async throws {
    try await WowzaDesk.open { desk in
      let id = try await desk.enqueue(Self.single)
      try await desk.work(
        faults: Meanwhile(at: .resultRecorded) {
          try await desk.engine().deleteMapEntry("cam-01-s3", application: "live")
        })
      #expect(try await desk.death(id).code == "vanished")
      #expect(try await desk.engineCount("created") == 1)
    }
  }

  @Test("while the engine is down the job waits without using up attempts, then does its work")
  func engineDown() async throws {
    try await WowzaDesk.open { desk in
      try await desk.fault(#"{"listener":"engine fra1","kind":"down","durationSeconds":86400}"#)
      let id = try await desk.enqueue(Self.single)
      for _ in 0..<20 {
        try await desk.attempt()
        desk.clock.advance(by: .seconds(5))
      }
      let waiting = try await desk.job(id)
      #expect(waiting.token == 20)
      #expect(waiting.failures == 0)
      #expect(!waiting.state.isFinished)
      try await desk.control("DELETE", "/faults")
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
    }
  }

  @Test("a name that no engine or credential has holds the job and lists what there is")
  func missingConnections() async throws {
    try await WowzaDesk.open { desk in
      var parameters = Self.single
      parameters.engine = "fra9"
      let engine = try await desk.enqueue(parameters)
      parameters = Self.single
      parameters.credential = "nobody"
      let credential = try await desk.enqueue(parameters)
      try await desk.work()
      #expect(try await desk.job(engine).state == .held)
      #expect(try await desk.job(engine).waitReason?.contains("fra1") == true)
      #expect(try await desk.job(credential).state == .held)
      #expect(try await desk.job(credential).waitReason?.contains("push") == true)
    }
  }

  @Test("no secret is left in the job, its history, its journal or its result, whatever goes wrong on the way")
  func secrets() async throws {
    try await WowzaDesk.open { desk in
      try await put(desk, sourceStream: "cam-02", secret: "canary-other-secret-19c4")
      for kind in ["malformedJSON", "htmlError", "unauthorized", "cutAfterEffect"] {
        try await desk.fault(#"{"listener":"engine fra1","kind":"\#(kind)","count":1}"#)
      }
      let id = try await desk.enqueue(Self.replacing)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      let everything = try await desk.everything(of: id)
      // What is searched is really there: the entry's name is in the payload, the requests in the story.
      #expect(everything.contains("cam-01-s3") && everything.contains("PUT http://127.0.0.1"))
      #expect(!everything.contains("canary"))
      #expect(!everything.contains("wse-secret"))
    }
  }
}
