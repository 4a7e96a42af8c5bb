import HTTPTransport
import Secrets
import TestServers
import Testing
import WowzaEngineClient

@Suite("Map entries of a Streaming Engine")
struct EngineMapEntryTests {
  static let storage = MapEntryOptions(
    provider: "S3", bucketName: "example-live-bucket", region: "eu-central-1", accessID: "AKIDEXAMPLE",
    secretAccessKey: Secret("not-a-real-secret"), transportDebug: false, relativePlaylists: true)
  static let single = MapEntry(
    entryName: "cam-01-s3", sourceStreamName: "cam-01", streamName: "cam-01", profile: "cupertino-cloudstorage",
    debugLog: false, extraOptions: storage)
  static let adaptive = MapEntry(
    sourceStreamName: "cam-01", profile: "group-manager", childProfile: "cupertino-cloudstorage",
    groupName: "cam-01_ABR", streamMatcher: "namePrefix", debugLog: false, extraOptions: storage)

  // The bodies are sections 1.6.1 and 1.6.2 of the vendor's reference by hand, keys in order.
  static let options = """
    "extraOptions":{"cloudstorage.accessID":"AKIDEXAMPLE","cloudstorage.bucketName":"example-live-bucket",\
    "cloudstorage.provider":"S3","cloudstorage.region":"eu-central-1",\
    "cloudstorage.secretAccessKey":"not-a-real-secret","cloudstorage.transportDebug":false,\
    "http.relativePlaylists":true}
    """
  static let saved = ScriptedTransport.Line.answer(201, #"{"success":true,"message":"saved","data":null}"#)

  @Test("are sent as the manual shows them, single and adaptive")
  func wire() async throws {
    let engine = ScriptedEngine(Self.saved, Self.saved)
    try await engine.client.createMapEntry(Self.single, named: "cam-01-s3", application: "live")
    try await engine.client.createMapEntry(Self.adaptive, named: "cam-01-abr-s3", application: "live")
    let asked = await engine.transport.asked
    let single = """
      {"debugLog":false,"entryName":"cam-01-s3",\(Self.options),"profile":"cupertino-cloudstorage",\
      "sourceStreamName":"cam-01","streamName":"cam-01"}
      """
    let adaptive = """
      {"childProfile":"cupertino-cloudstorage","debugLog":false,\(Self.options),"group.name":"cam-01_ABR",\
      "group.streamMatcher":"namePrefix","profile":"group-manager","sourceStreamName":"cam-01"}
      """
    #expect(asked.first == "POST \(ScriptedEngine.map)/cam-01-s3 \(single)")
    #expect(asked.last == "POST \(ScriptedEngine.map)/cam-01-abr-s3 \(adaptive)")
    let request = try #require(await engine.transport.requests.first)
    #expect(request.sent("Accept") == "application/json; charset=utf-8")
    #expect(request.sent("Content-Type") == "application/json; charset=utf-8")
  }

  @Test("are created, read, listed and deleted, single and adaptive")
  func roundTrip() async throws {
    try await Given.standIns { given in
      let client = try given.engine()
      for (name, entry) in [("cam-01-s3", Self.single), ("cam 01/äbr", Self.adaptive)] {
        let before = try await client.mapEntry(name, application: "live")
        #expect(before == nil)
        try await client.createMapEntry(entry, named: name, application: "live")
        let read = try #require(try await client.mapEntry(name, application: "live"))
        #expect(read.entryName == name)
        #expect(read.sourceStreamName == "cam-01")
        #expect(read.profile == entry.profile)
        #expect(read.childProfile == entry.childProfile)
        #expect(read.groupName == entry.groupName)
        #expect(read.streamMatcher == entry.streamMatcher)
        #expect(read.extraOptions == Self.storage)
        #expect(read.enabled == true)
        #expect(read.sessionStatus == "NotFound")
      }
      let names = try await client.mapEntries(application: "live").map(\.entryName)
      #expect(names == ["cam 01/äbr", "cam-01-s3"])
      try await client.deleteMapEntry("cam-01-s3", application: "live")
      try await client.deleteMapEntry("cam-01-s3", application: "live")
      let left = try await client.mapEntries(application: "live").count
      #expect(left == 1)
    }
  }

  @Test("of a name that exists are a conflict that changed nothing")
  func conflict() async throws {
    try await Given.standIns { given in
      let client = try given.engine()
      try await client.createMapEntry(Self.single, named: "cam", application: "live")
      let error = try await providerError {
        try await client.createMapEntry(Self.adaptive, named: "cam", application: "live")
      }
      #expect(error.provider == "wowza-engine")
      #expect(error.operation == "POST mapentries")
      #expect(error.target == "live/cam")
      #expect(error.status == 409)
      #expect(error.code == "409")
      #expect(error.delivery == .refused)
      let kept = try await client.mapEntry("cam", application: "live")
      #expect(kept?.profile == "cupertino-cloudstorage")
    }
  }

  @Test(
    "are changed as a whole, so that nothing is lost whatever the engine does to missing keys",
    arguments: ["replace", "merge"])
  func update(semantics: String) async throws {
    try await Given.standIns { given in
      try await given.control("PATCH", "/settings/engine/fra1", #"{"putSemantics":"\#(semantics)"}"#)
      let client = try given.engine()
      var entry = Self.single
      entry.additional = ["http.playlistCount": .integer(7), "future": .array([.null, .number(1.5)])]
      try await client.createMapEntry(entry, named: "cam", application: "live")
      _ = try await client.updateMapEntry("cam", application: "live", secretAccessKey: Secret("rotated")) {
        $0.streamName = "cam-02"
      }
      let read = try #require(try await client.mapEntry("cam", application: "live"))
      #expect(read.streamName == "cam-02")
      #expect(read.additional["http.playlistCount"] == .integer(7))
      #expect(read.additional["future"] == .array([.null, .number(1.5)]))
      #expect(read.extraOptions?.secretAccessKey == Secret("rotated"))
      #expect(read.extraOptions?.bucketName == "example-live-bucket")
    }
  }

  // this client              another client
  // GET: debugLog off
  //                          PUT: debugLog on
  // GET: debugLog on; merged anew
  // GET: the same
  // PUT: with debugLog on
  @Test("what somebody else changes between our look and our write is merged anew")
  func mergedAnew() async throws {
    let quiet = ScriptedTransport.Line.answer(200, #"{"entryName":"cam","streamName":"a","debugLog":false}"#)
    let loud = ScriptedTransport.Line.answer(
      200, #"{"entryName":"cam","streamName":"a","debugLog":true,"sessionStatus":"Active"}"#)
    let idle = ScriptedTransport.Line.answer(
      200, #"{"entryName":"cam","streamName":"a","debugLog":true,"sessionStatus":"NotFound"}"#)
    let engine = ScriptedEngine(quiet, loud, idle, Self.saved)
    let sent = try await engine.client.updateMapEntry("cam", application: "live") { $0.streamName = "b" }
    #expect(sent.streamName == "b" && sent.debugLog == true)
    let last = try #require(await engine.transport.asked.last)
    #expect(last == #"PUT \#(ScriptedEngine.map)/cam {"debugLog":true,"entryName":"cam","streamName":"b"}"#)
  }

  @Test("an entry that changes at every look is left alone")
  func changing() async throws {
    let looks = (0..<10).map { ScriptedTransport.Line.answer(200, #"{"entryName":"cam","version":"\#($0)"}"#) }
    let transport = ScriptedTransport(looks)
    let client = WowzaEngineClient(
      transport: transport, baseURL: "http://engine.example.net:8087", credentials: { nil })
    let error = try await providerError {
      try await client.updateMapEntry("cam", application: "live") { $0.streamName = "b" }
    }
    #expect(error.code == "changing" && error.delivery == .refused)
    #expect(await transport.requests.allSatisfy { $0.method == "GET" })
  }

  @Test("are enabled and disabled by calls without a body")
  func actions() async throws {
    try await Given.standIns { given in
      let client = try given.engine()
      try await client.createMapEntry(Self.single, named: "cam", application: "live")
      try await client.disableMapEntry("cam", application: "live")
      let disabled = try await client.mapEntry("cam", application: "live")
      #expect(disabled?.enabled == false)
      try await client.enableMapEntry("cam", application: "live")
      let enabled = try await client.mapEntry("cam", application: "live")
      #expect(enabled?.enabled == true)
      let error = try await providerError { try await client.enableMapEntry("none", application: "live") }
      #expect(error.status == 404)
      #expect(error.operation == "PUT mapentries actions/enable")
    }
  }

  @Test("below an application that does not exist are a 404")
  func noApplication() async throws {
    try await Given.standIns { given in
      let client = try given.engine()
      let error = try await providerError {
        try await client.createMapEntry(Self.single, named: "cam", application: "none")
      }
      #expect(error.status == 404)
      #expect(error.delivery == .refused)
      let names = try await client.applications().map(\.name)
      #expect(names == ["live", "live2"])
      let status = try await client.serverStatus()
      #expect(status.serverVersion == "4.8.27")
      #expect(status.timeRunning == 86_400)
    }
  }

  @Test("with a name that would leave the path are refused before anything is sent", arguments: ["", ".", ".."])
  func pathEscape(name: String) async throws {
    let engine = ScriptedEngine()
    let error = try await providerError {
      try await engine.client.createMapEntry(Self.single, named: name, application: "live")
    }
    #expect(error.delivery == .notSent)
    let asked = await engine.transport.asked
    #expect(asked.isEmpty)
  }

  // PushPublishMap.txt quotes every value and keeps the cloud storage keys flat; an answer may look like it.
  @Test("are read from the engine's flat and quoted spelling too")
  func flat() async throws {
    let engine = ScriptedEngine(
      .answer(
        200,
        """
        {"entryName":"cam","profile":"cupertino-cloudstorage","enabled":"false","debugLog":"true",
         "cloudstorage.bucketName":"b","cloudstorage.secretAccessKey":"s","cloudstorage.transportDebug":"false"}
        """))
    let entry = try #require(try await engine.client.mapEntry("cam", application: "live"))
    #expect(entry.enabled == false)
    #expect(entry.debugLog == true)
    #expect(entry.extraOptions?.bucketName == "b")
    #expect(entry.extraOptions?.secretAccessKey == Secret("s"))
    #expect(entry.extraOptions?.transportDebug == false)
    #expect(entry.additional.isEmpty)
  }
}
