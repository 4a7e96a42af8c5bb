import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient

@Suite("create-map-entry, beside other people's hands")
struct MapEntryRaceTests {
  private let parameters = MapEntryTests.single

  private var replacing: CreateMapEntry {
    var parameters = parameters
    parameters.onExisting = .replace
    return parameters
  }

  /// The entry that the job asks for, but for its source when another is given, made by another hand.
  private func put(_ given: Given, source: String = "cam-01") async throws {
    let entry = MapEntry(
      sourceStreamName: source, streamName: "cam-01", profile: "cupertino-cloudstorage",
      extraOptions: MapEntryOptions(
        provider: "S3", bucketName: "example-live", region: "eu-central-1", accessID: Given.pushKey.accessKeyID,
        secretAccessKey: Given.pushKey.secretAccessKey, relativePlaylists: true))
    try await given.clients.engine("fra1").createMapEntry(entry, named: "cam-01-s3", application: "live")
  }

  // this worker                      another client
  // GET: 404
  // intent written
  //                                  POST: 201
  // POST: 409
  // GET: the other's entry
  @Test("an entry that somebody makes at the same moment is adopted in the same attempt when it is as asked")
  func raceLost() async throws {
    try await Given.standIns { given in
      let id = try await given.enqueue(parameters)
      try await given.attempt(Meanwhile(at: .intentWritten) { try await put(given) })
      let result = try await given.job(id).output(MapEntryResult.self)
      #expect(result.unchanged && !result.created)
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.engineCount("conflicts") == 1)
    }
  }

  @Test("an entry that somebody makes at the same moment is not overwritten when it differs")
  func raceLostToADifferentOne() async throws {
    try await Given.standIns { given in
      let id = try await given.enqueue(parameters)
      let job = try await given.run(id, Meanwhile(at: .intentWritten) { try await put(given, source: "cam-02") })
      #expect(job.state == .dead && job.lastFailure?.code == "differs")
      #expect(try await given.mapEntries().first?["sourceStreamName"] == "cam-02")
      #expect(try await given.engineCount("updated") == 0)
    }
  }

  @Test("a missing application is named in the hint")
  func missingApplication() async throws {
    try await Given.standIns { given in
      var parameters = parameters
      parameters.application = "nowhere"
      let job = try await given.outcome(of: parameters)
      #expect(job.lastFailure?.hint?.contains("no application nowhere") == true)
    }
  }

  @Test("what differs is told with both values, a switch that the engine does not tell as off")
  func bothValues() async throws {
    try await Given.standIns { given in
      try await given.putEntry(
        "cam-01-s3",
        #"{"sourceStreamName":"cam-02","profile":"cupertino-cloudstorage","extraOptions":{"cloudstorage.provider":"S3"}}"#
      )
      let failure = try #require(try await given.outcome(of: parameters).lastFailure)
      #expect(failure.message.contains("sourceStreamName is 'cam-02', not 'cam-01'"))
      #expect(failure.message.contains("streamName is nothing, not 'cam-01'"))
      #expect(failure.message.contains("http.relativePlaylists is 'false', not 'true'"))
      #expect(!failure.message.contains("transportDebug"))
    }
  }

  @Test("what was replaced is told also when the answer to the change is lost, and then the worker")
  func replacedThenLost() async throws {
    try await Given.standIns { given in
      try await put(given, source: "cam-02")
      try await given.fault(#"{"listener":"engine fra1","kind":"malformedJSON","method":"PUT","count":1}"#)
      let faults = ScriptedFaults(at: .beforeCompletion, arrival: 2)
      let result = try await given.outcome(of: replacing, faults).output(MapEntryResult.self)
      #expect(faults.arrivals(at: .beforeCompletion) == 3)
      #expect(result.changed == ["sourceStreamName"])
      #expect(!result.unchanged)
    }
  }

  @Test("no secret is left in the job, its history or its journal, whatever goes wrong on the way")
  func secrets() async throws {
    try await Given.standIns { given in
      try await given.putEntry(
        "cam-01-s3", #"{"sourceStreamName":"cam-02","extraOptions":{"cloudstorage.secretAccessKey":"canary-other"}}"#)
      for kind in ["malformedJSON", "htmlError", "unauthorized", "cutAfterEffect"] {
        try await given.fault(#"{"listener":"engine fra1","kind":"\#(kind)","count":1}"#)
      }
      let job = try await given.outcome(of: replacing)
      #expect(job.state == .completed)
      let kept = "\(job) \(try await given.store.attempts(of: job.id)) \(try await given.store.journal(of: job.id))"
      // What is searched is really there: the name in the payload, the requests in the story.
      #expect(kept.contains("cam-01-s3") && kept.contains("PUT http://127.0.0.1"))
      #expect(!kept.contains("canary"))
    }
  }
}
