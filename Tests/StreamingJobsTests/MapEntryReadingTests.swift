import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient

@Suite("create-map-entry, however the engine tells an entry")
struct MapEntryReadingTests {
  private func read(_ given: Given, _ settings: String) async throws {
    try await given.control("PATCH", "/settings/engine/fra1", settings)
  }

  private static let unreadOptions = [
    "cloudstorage.provider", "cloudstorage.bucketName", "cloudstorage.region", "cloudstorage.accessID",
    "cloudstorage.transportDebug", "http.relativePlaylists", "cloudstorage.secretAccessKey",
  ]

  @Test(
    "it is made, found again and compared, and the result names what could not be read",
    arguments: EntryReading.Options.allCases, EntryReading.Keys.allCases)
  func readings(options: EntryReading.Options, keys: EntryReading.Keys) async throws {
    try await Given.standIns { given in
      try await read(given, #"{"optionsReading":"\#(options.rawValue)","keysReading":"\#(keys.rawValue)"}"#)
      let hidden = keys == .clear ? nil : ["cloudstorage.accessID", "cloudstorage.secretAccessKey"]
      let unread = options == .absent ? Self.unreadOptions : hidden
      let made = try await given.outcome(of: MapEntryTests.single).output(MapEntryResult.self)
      #expect(made.created && made.unread == unread)
      let found = try await given.outcome(of: MapEntryTests.single).output(MapEntryResult.self)
      #expect(found.unchanged && found.unread == unread)
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.engineCount("updated") == 0)
    }
  }

  @Test("a replaced entry has its options whole, however they were told", arguments: EntryReading.Options.allCases)
  func replaced(options: EntryReading.Options) async throws {
    try await Given.standIns { given in
      _ = try await given.outcome(of: MapEntryTests.single)
      try await read(given, #"{"optionsReading":"\#(options.rawValue)","keysReading":"masked"}"#)
      var other = MapEntryTests.single
      (other.sourceStream, other.onExisting) = ("cam-02", .replace)
      let result = try await given.outcome(of: other).output(MapEntryResult.self)
      #expect(result.changed == ["sourceStreamName", "streamName"])
      try await read(given, #"{"optionsReading":"nested","keysReading":"clear"}"#)
      let checked = try await given.outcome(of: other).output(MapEntryResult.self)
      #expect(checked.unchanged && checked.unread == nil)
    }
  }

  // this worker                      another client
  // GET: 404, intent written
  //                                  POST: 201
  // POST: 400 or 500
  // GET: the other's entry
  @Test("a name that exists is looked at again, whatever status says so", arguments: [400, 409, 500])
  func duplicates(status: Int) async throws {
    try await Given.standIns { given in
      try await read(given, #"{"duplicateStatus":\#(status)}"#)
      let job = try await given.outcome(
        of: MapEntryTests.single,
        Meanwhile(at: .intentWritten) {
          try await given.putEntry(
            "cam-01-s3",
            #"{"sourceStreamName":"cam-01","streamName":"cam-01","profile":"cupertino-cloudstorage"}"#)
          try await read(given, #"{"optionsReading":"absent"}"#)
        })
      #expect(job.state == .completed, "\(job)")
      #expect(job.failures == 0)
      #expect(try await given.engineCount("created") == 1)
    }
  }

  @Test("a 400 of another cause is what it says: nothing is made, and it is not asked for again")
  func otherCause() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"status","status":400,"method":"POST","count":1}"#)
      let job = try await given.outcome(of: MapEntryTests.single)
      #expect(job.state == .dead && job.lastFailure?.code == "400")
      #expect(job.failures == 1)
      #expect(try await given.engineCount("created") == 0)
    }
  }

  // worker                         engine
  // GET                            404
  // POST                           500; it was not carried out, or it was
  // GET, at once                   404, or the entry
  // (2 s later) GET                404
  // POST                           201
  @Test("a 500 of another cause is tried again, and one after the work was done is seen at once", arguments: [1, 2, 3])
  func errorOfAnotherCause(times: Int) async throws {
    try await Given.standIns { given in
      try await given.fault(
        #"{"listener":"engine fra1","kind":"status","status":500,"method":"POST","count":\#(times)}"#)
      let job = try await given.outcome(of: MapEntryTests.single)
      #expect(try job.output(MapEntryResult.self).created, "\(job)")
      // The first one counts; the second one of the same job is an outage.
      #expect(job.failures == 1)
      #expect(try await given.engineCount("created") == 1)
    }
    let lost = Times(times)
    try await Given.relayed { ask, answer in
      guard ask.method == "POST", lost.next() else { return answer }
      return .json(500, #"{"success":false,"code":"500","message":"cannot","wowzaServer":"4.8.27"}"#)
    } body: { given in
      let job = try await given.outcome(of: MapEntryTests.single)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(try await given.engineCount("created") == 1)
    }
  }

  // Somebody has switched it off: it pushes nothing.
  @Test("an entry of another hand that is switched off differs, and is switched on only where it may be replaced")
  func switchedOff() async throws {
    for told in ["false", #""false""#] {
      try await Given.relayed { ask, answer in
        var answer = answer
        if ask.method == "GET" { answer.body.replace(#""enabled":false"#, with: #""enabled":\#(told)"#) }
        return answer
      } body: { given in
        _ = try await given.outcome(of: MapEntryTests.single)
        let engine = try #require(given.clients.engines["fra1"])
        try await engine.disableMapEntry("cam-01-s3", application: "live")
        let refused = try await given.outcome(of: MapEntryTests.single)
        #expect(refused.state == .dead && refused.lastFailure?.code == "differs", "\(refused)")
        #expect(refused.lastFailure?.message.contains("enabled is 'false', not 'true'") == true)
        var parameters = MapEntryTests.single
        parameters.onExisting = .replace
        #expect(try await given.outcome(of: parameters).output(MapEntryResult.self).changed == ["enabled"])
        #expect(try await engine.mapEntry("cam-01-s3", application: "live")?.enabled == true)
        #expect(try await given.outcome(of: MapEntryTests.single).output(MapEntryResult.self).unchanged)
      }
    }
  }

  @Test(
    "names that would change the path are refused before they are asked for",
    arguments: [
      ".", "..", "a/b", "a\\b", "", " a", "a\u{7}", "a\u{0}", "a\r\nb", "a\u{85}b", "%2e%2e", "a%2Fb", "%5C", "100%25",
    ])
  func names(name: String) {
    var parameters = MapEntryTests.single
    parameters.entryName = name
    #expect(parameters.validate().map(\.field) == ["entryName"])
    parameters = MapEntryTests.single
    parameters.application = name
    #expect(parameters.validate().map(\.field) == ["application"])
    #expect(RestreamAsset(connection: "m", assetID: name).validate().map(\.field) == ["assetID"])
  }

  @Test(
    "names with other signs are taken, and reach the engine as they are",
    arguments: ["h#1", "cam 1", "100%", "%zz", "q?x", "a;b=c", "...", "a..b", "+", "é", "\u{202E}a"])
  func otherNames(name: String) async throws {
    var parameters = MapEntryTests.single
    parameters.entryName = name
    try await Given.standIns { given in
      #expect(try await given.outcome(of: parameters).state == .completed)
      #expect(try await given.outcome(of: parameters).state == .completed)
      #expect(try await given.engineCount("created") == 1)
      let engine = try #require(given.clients.engines["fra1"])
      #expect(try await engine.mapEntries(application: "live").map(\.entryName) == [name])
    }
  }
}
