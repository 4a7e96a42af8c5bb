import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("restream-asset, disturbed")
struct RestreamCutTests {
  private let parameters = RestreamTests.parameters

  @Test("cut at any arrival at any point, it makes exactly one live stream", arguments: FaultPoint.all, 1...3)
  func cut(point: FaultPoint, arrival: Int) async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk","completeAfterSeconds":5}"#)
      let faults = ScriptedFaults(at: point, arrival: arrival)
      let parameters = RestreamAsset(connection: "main", assetName: "The talk")
      let result = try await given.outcome(of: parameters, faults).output(RestreamResult.self)
      #expect(faults.arrivals(at: point) > 0)
      #expect(result.state == "started")
      #expect(try await given.videoCount("starts") == 1)
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test("cut twice, at any two points, with the answer lost in between", arguments: FaultPoint.all, FaultPoint.all)
  func cutTwice(first: FaultPoint, second: FaultPoint) async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#)
      let faults = ScriptedFaults(first == second ? [first: [1, 2]] : [first: [1], second: [1]])
      let result = try await given.outcome(of: parameters, faults).output(RestreamResult.self)
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test(
    "a live stream whose answer is lost is adopted",
    arguments: [
      #"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#,
      #"{"listener":"video","kind":"malformedJSON","method":"POST","count":1}"#,
      #"{"listener":"video","kind":"htmlError","method":"POST","when":"after","count":1}"#,
    ])
  func lostAnswer(fault: String) async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.fault(fault)
      let job = try await given.outcome(of: parameters)
      // A gateway's page is an outage of everybody's.
      #expect(job.failures == (fault.contains("htmlError") ? 0 : 1))
      try await given.expectOneLiveStream(try job.output(RestreamResult.self).liveStreamID)
    }
  }

  @Test("after a lost answer the next look waits until an old list can no longer be served")
  func staleList() async throws {
    try await Given.standIns({ $0.videoSettings.cacheSeconds = 4.9 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      // Somebody else's look, by which the list without the live stream is kept.
      _ = try await given.clients.wowzaVideo("main").liveStreams()
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#)
      let result = try await given.outcome(of: parameters).output(RestreamResult.self)
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test("a start whose answer is lost is not asked for twice")
  func lostStart() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"malformedJSON","method":"PUT","count":1}"#)
      let result = try await given.outcome(of: parameters).output(RestreamResult.self)
      #expect(result.state == "started")
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  @Test("a live stream that somebody made of the asset before the job is never adopted")
  func foreign() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let foreign = try await given.clients.wowzaVideo("main").restream(asset: "talk-1").id
      given.clock.advance(by: .seconds(120))
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#)
      let result = try await given.outcome(of: parameters).output(RestreamResult.self)
      #expect(result.liveStreamID != foreign)
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }

  @Test("two runs of one asset never adopt each other's live stream, whichever answer is lost", arguments: 1...2)
  func twoRuns(lost: Int) async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      var ids: [String] = []
      for run in 1...2 {
        if run == lost {
          try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#)
        }
        var parameters = parameters
        parameters.run = "run-\(run)"
        ids.append(try #require(try await given.outcome(of: parameters).output(RestreamResult.self).liveStreamID))
      }
      #expect(Set(ids).count == 2)
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }

  // run-1                                   run-2
  // looks; writes its intent
  //                                         looks; writes its intent; asks; answer lost
  // asks; answer lost
  @Test("two runs whose answers are both lost are a person's decision, not a guess")
  func bothLost() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":2}"#)
      var ids: [JobID] = []
      for run in 1...2 {
        var parameters = parameters
        parameters.run = "run-\(run)"
        ids.append(try await given.enqueue(parameters))
      }
      try await given.attempt(Meanwhile(at: .intentWritten) { try await given.attempt() })
      for id in ids {
        let job = try await given.run(id)
        #expect(job.state == .held)
        #expect(job.waitReason?.contains("may be ours") == true)
      }
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }

  // run-1                                   run-2
  // asks; answer lost
  //                                         looks, sees run-1's; asks; answer lost
  //                                         only what is new since then can be its own
  // the other one is held by run-2
  @Test("of two runs whose answers are lost one after the other each ends with its own: the later saw the earlier's")
  func bothLostInTurn() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.loseAnswer(times: 2)
      var ids: [JobID] = []
      for run in 1...2 {
        var parameters = parameters
        parameters.run = "run-\(run)"
        ids.append(try await given.enqueue(parameters))
        try await given.attempt()
      }
      var streams: [String] = []
      for id in ids { streams.append(try #require(try await given.run(id).output(RestreamResult.self).liveStreamID)) }
      #expect(try await given.liveStreams(of: "talk-1") == streams)
    }
  }

  // run-1                                   run-2
  // asks; cut before the effect
  //                                         asks; the provider makes a live stream
  // looks; sees it, and takes it for its own
  //                                         cannot claim it, looks, sees nothing free, asks again
  @Test("a live stream that another run took first is not claimed twice, and each run ends with its own")
  func crossed() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#)
      var parameters = parameters
      parameters.run = "run-1"
      let first = try await given.enqueue(parameters)
      try await given.attempt()
      given.clock.advance(by: .seconds(30))
      parameters.run = "run-2"
      let second = try await given.enqueue(parameters)
      try await given.attempt(
        Interlude(at: .effectPerformed) {
          _ = try await given.store.promoteDue(at: given.clock.now(), limit: 10)
          try await given.attempt()
        })
      #expect(try await given.job(second).lastFailure?.code == "claimed")
      var ids: [String] = []
      for job in [first, second] {
        ids.append(try #require(try await given.run(job).output(RestreamResult.self).liveStreamID))
      }
      #expect(Set(ids).count == 2)
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }
}

/// Runs something else at the first arrival at a point: the other column of a timeline.
private actor Interlude: FaultInjector {
  private let point: FaultPoint
  private var body: (@Sendable () async throws -> Void)?

  init(at point: FaultPoint, _ body: @escaping @Sendable () async throws -> Void) {
    self.point = point
    self.body = body
  }

  func reached(_ point: FaultPoint) async throws {
    guard point == self.point, let body else { return }
    self.body = nil
    try await body()
  }
}
