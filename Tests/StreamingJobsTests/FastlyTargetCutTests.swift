import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("create-fastly-target, disturbed")
struct FastlyTargetCutTests {
  private let parameters = FastlyTargetTests.parameters

  @Test("cut anywhere, it creates the target exactly once", arguments: FaultPoint.all)
  func cut(point: FaultPoint) async throws {
    try await Given.standIns { given in
      let faults = ScriptedFaults(at: point)
      let result = try await given.outcome(of: parameters, faults).output(FastlyTargetResult.self)
      #expect(faults.arrivals(at: point) > 0)
      try await given.expectOneTarget(result)
    }
  }

  @Test(
    "an answer that is lost, half told or hidden by a gateway leads to no second target",
    arguments: [
      #"{"listener":"video","kind":"cutAfterEffect","count":1}"#,
      #"{"listener":"video","kind":"malformedJSON","method":"POST","count":1}"#,
      #"{"listener":"video","kind":"htmlError","method":"POST","when":"after","count":1}"#,
    ])
  func lostAnswer(fault: String) async throws {
    try await Given.standIns { given in
      try await given.fault(fault)
      let job = try await given.outcome(of: parameters)
      // A gateway's page is an outage of everybody's.
      #expect(job.failures == (fault.contains("htmlError") ? 0 : 1))
      let result = try job.output(FastlyTargetResult.self)
      #expect(!result.created, "it was found, and nobody can know who made it")
      try await given.expectOneTarget(result)
    }
  }

  @Test("after a lost answer the next look waits until an old list can no longer be served")
  func staleList() async throws {
    try await Given.standIns({ $0.videoSettings.cacheSeconds = 1.9 }) { given in
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","count":1}"#)
      let result = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      try await given.expectOneTarget(result)
    }
  }

  @Test("a request that is cut before its effect is asked for again")
  func cutBefore() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","count":1}"#)
      let result = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(result.created)
      try await given.expectOneTarget(result)
    }
  }

  @Test("what was made and removed by somebody is not made again by the same job")
  func vanished() async throws {
    try await Given.standIns { given in
      let id = try await given.enqueue(parameters)
      try await given.attempt(ScriptedFaults(at: .resultRecorded))
      let target = try #require(try await given.elements("targets").first?["id"]?.string)
      try await given.video("DELETE", "stream_targets/fastly/" + target)
      let job = try await given.run(id)
      #expect(job.state == .dead && job.lastFailure?.code == "vanished")
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test(
    "a service that is down, busy or asks for patience costs no failure",
    arguments: [
      (#"{"listener":"video","kind":"down","durationSeconds":3600}"#, "the host cannot be reached", [5, 10, 20]),
      (
        #"{"listener":"video","kind":"status","status":429,"retryAfterSeconds":17}"#, "Too many requests", [17, 17, 17]
      ),
      (#"{"listener":"video","kind":"code401","code":"ERR-401-ExpiredToken"}"#, "create a new token", [10, 20, 40]),
    ])
  func outage(fault: String, words: String, waits: [Int]) async throws {
    try await Given.standIns { given in
      try await given.fault(fault)
      let id = try await given.enqueue(parameters)
      for seconds in waits {
        #expect(try await given.attempt())
        try await given.store.expectBehindGate(id, for: .seconds(seconds), at: given.clock.now(), saying: words)
        try await given.passUntilDue()
      }
      try await given.control("DELETE", "/faults")
      let job = try await given.run(id)
      #expect(job.failures == 0)
      try await given.expectOneTarget(try job.output(FastlyTargetResult.self))
    }
  }
}

extension Given {
  fileprivate func expectOneTarget(
    _ result: FastlyTargetResult, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let targets = try await elements("targets").compactMap { $0["id"]?.string }
    #expect(targets == [result.id], sourceLocation: sourceLocation)
    #expect(try await videoCount("createdTargets") == 1, sourceLocation: sourceLocation)
    #expect(try await videoCount("duplicates") == 0, sourceLocation: sourceLocation)
  }
}
