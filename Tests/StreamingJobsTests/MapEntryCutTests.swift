import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient

@Suite("create-map-entry, disturbed")
struct MapEntryCutTests {
  private let parameters = MapEntryTests.single

  @Test("cut anywhere, it creates the entry exactly once", arguments: FaultPoint.all)
  func cut(point: FaultPoint) async throws {
    try await Given.standIns { given in
      let faults = ScriptedFaults(at: point)
      let result = try await given.outcome(of: parameters, faults).output(MapEntryResult.self)
      // The job writes no checkpoint; every other point lies on its way.
      #expect((faults.arrivals(at: point) > 0) == (point != .checkpointWritten))
      #expect(result.entry == "cam-01-s3")
      #expect(try await given.mapEntries().count == 1)
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.engineCount("conflicts") == 0)
      #expect(try await given.engineCount("duplicates") == 0)
    }
  }

  @Test(
    "an answer that is lost, half told or hidden by a gateway leads to no second entry",
    arguments: [
      #"{"listener":"engine fra1","kind":"cutAfterEffect","count":1}"#,
      #"{"listener":"engine fra1","kind":"malformedJSON","method":"POST","count":1}"#,
      #"{"listener":"engine fra1","kind":"htmlError","method":"POST","when":"after","count":1}"#,
    ])
  func lostAnswer(fault: String) async throws {
    try await Given.standIns { given in
      try await given.fault(fault)
      let job = try await given.outcome(of: parameters)
      let result = try job.output(MapEntryResult.self)
      #expect(!result.created, "it was found, and nobody can know who made it")
      // A gateway's page is an outage of everybody's.
      #expect(job.failures == (fault.contains("htmlError") ? 0 : 1))
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.engineCount("conflicts") == 0)
    }
  }

  @Test("a request that is cut before its effect is asked for again")
  func cutBefore() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"cutBeforeEffect","count":1}"#)
      let result = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(result.created)
      #expect(try await given.engineCount("created") == 1)
    }
  }

  @Test("an update whose answer is lost leaves the entry as asked")
  func lostUpdate() async throws {
    try await Given.standIns { given in
      try await given.putEntry("cam-01-s3", #"{"sourceStreamName":"cam-99","profile":"cupertino-cloudstorage"}"#)
      try await given.fault(#"{"listener":"engine fra1","kind":"malformedJSON","method":"PUT","count":1}"#)
      var parameters = parameters
      parameters.onExisting = .replace
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed && job.failures == 1)
      #expect(try await given.mapEntries().first?["sourceStreamName"] == "cam-01")
    }
  }

  @Test("an application that is missing ends the job at once")
  func missingApplication() async throws {
    try await Given.standIns { given in
      var parameters = parameters
      parameters.application = "nowhere"
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .dead)
      #expect(job.failures == 1)
      #expect(job.lastFailure?.message.contains("nowhere/cam-01-s3") == true)
      #expect(try await given.engineCount("created") == 0)
    }
  }

  @Test("an engine that is down costs no failure, however long")
  func down() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"down","durationSeconds":3600}"#)
      let id = try await given.enqueue(parameters)
      for seconds in [5, 10, 20, 40, 60, 60] {
        #expect(try await given.attempt())
        try await given.store.expectBehindGate(
          id, for: .seconds(seconds), at: given.clock.now(), saying: "the host cannot be reached")
        try await given.passUntilDue()
      }
      try await given.control("DELETE", "/faults")
      #expect(try await given.run(id).output(MapEntryResult.self).created)
    }
  }

  @Test("an engine that does not know the credentials costs no failure")
  func unauthorized() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"unauthorized"}"#)
      let id = try await given.enqueue(parameters)
      try await given.attempt()
      try await given.store.expectBehindGate(
        id, for: .seconds(10), at: given.clock.now(), saying: "check user and password")
      try await given.control("DELETE", "/faults")
      #expect(try await given.run(id).failures == 0)
    }
  }

  @Test("what was made and removed by somebody before it was read back is not made again")
  func vanished() async throws {
    try await Given.standIns { given in
      let id = try await given.enqueue(parameters)
      try await given.attempt(ScriptedFaults(at: .resultRecorded))
      try await given.clients.engine("fra1").deleteMapEntry("cam-01-s3", application: "live")
      let job = try await given.run(id)
      #expect(job.state == .dead && job.lastFailure?.code == "vanished")
      #expect(try await given.engineCount("created") == 1)
    }
  }
}
