import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("restream-asset, what it waits for and what it does not")
struct RestreamPatienceTests {
  private let parameters = RestreamTests.parameters

  @Test("an asset's limit that ended the job counts anew when a person retries it")
  func retriedWait() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1","state":"processing"}"#)
      var parameters = parameters
      parameters.assetTimeoutSeconds = 100
      let dead = try await given.outcome(of: parameters)
      #expect(dead.lastFailure?.code == "asset-timeout")
      try await given.control("POST", "/assets", #"{"id":"talk-1","completeAfterSeconds":50}"#)
      _ = try await given.store.retry([dead.id], at: given.clock.now())
      #expect(try await given.run(dead.id).state == .completed)
    }
  }

  @Test("an asset that is completed and is refused for a restream each time ends the job at its limit")
  func neverAvailable() async throws {
    try await Given.relayed { ask, answer in
      guard ask.method == "POST", ask.path.hasSuffix("/talk-1/live_streams") else { return answer }
      return .json(422, #"{"meta":{"status":422,"code":"ERR-422-NotAvailable","message":"not available"}}"#)
    } body: { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      var parameters = parameters
      parameters.assetTimeoutSeconds = 100
      let dead = try await given.outcome(of: parameters)
      #expect(dead.state == .dead && dead.lastFailure?.code == "asset-timeout", "\(dead)")
      #expect(dead.failures <= 1)
    }
  }

  @Test(
    "a live stream that is not known in its first seconds is waited for, however the service says so",
    arguments: [
      #"{"meta":{"status":404}}"#, #"{"meta":{"status":404,"code":"ERR-404-NotFound","message":"not found"}}"#,
      #"{"meta":{"status":410,"code":"ERR-410-RecordDeleted","message":"gone"}}"#,
    ])
  func notKnownYet(body: String) async throws {
    let asked = Times(3)
    try await Given.relayed { ask, answer in
      guard ask.method != "POST", ask.path.contains("/live_streams/"), asked.next() else { return answer }
      return .json(body.contains("410") ? 410 : 404, body)
    } body: { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed, "\(job)")
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("once the live stream is there, its asset is not asked for again")
  func assetOnce() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 60 }) { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed && job.token > 5)
      #expect(try await requests(given, "GET", to: "/api/v1.11/assets/talk-1") == 1)
    }
  }

  @Test("a live stream whose answer is lost is adopted even when its asset cannot be restreamed any more")
  func lostAnswerThenAssetFails() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#)
      let id = try await given.enqueue(parameters)
      try await given.attempt()
      try await given.control("POST", "/assets", #"{"id":"talk-1","state":"failed"}"#)
      #expect(try await given.run(id).state == .completed)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test(
    "starts that nobody is known to have taken use up neither the number of starts nor the time for one",
    arguments: [
      #"{"listener":"video","kind":"code401","code":"ERR-401-TrialExceeded","method":"PUT","count":5}"#,
      #"{"listener":"video","kind":"status","status":429,"retryAfterSeconds":90,"method":"PUT","count":5}"#,
      #"{"listener":"video","kind":"status","status":503,"retryAfterSeconds":90,"method":"PUT","count":5}"#,
      #"{"listener":"video","kind":"htmlError","method":"PUT","count":12}"#,
    ])
  func refusedStarts(fault: String) async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      try await given.fault(fault)
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed && job.failures == 0)
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  // this worker                      gateway      provider
  // start: accepted                               starting, for 650 s
  // looks in vain, for 555 s         pages
  // looks                                         starting
  // looks                                         started
  @Test("an outage in the midst of a start does not use up the time for it")
  func outageWhileStarting() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 650 }) { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      let id = try await given.enqueue(parameters)
      try await given.attempt()
      #expect(try await given.videoCount("starts") == 1)
      try await given.fault(#"{"listener":"video","kind":"htmlError","method":"GET","count":12}"#)
      let began = given.clock.now()
      let job = try await given.run(id)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(given.clock.now() - began > .seconds(600))
    }
  }

  @Test("an outage does not use up the time for an asset")
  func outageWhileProcessing() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1","completeAfterSeconds":650}"#)
      var parameters = parameters
      parameters.assetTimeoutSeconds = 300
      let id = try await given.enqueue(parameters)
      try await given.attempt()
      try await given.fault(#"{"listener":"video","kind":"htmlError","method":"GET","count":12}"#)
      let job = try await given.run(id)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
    }
  }

  @Test("a refused start after one that fell back does not forget that one")
  func refusedAfterFallBack() async throws {
    try await Given.standIns({ $0.videoSettings.startOutcome = .stopped }) { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      let id = try await given.enqueue(parameters)
      try await given.attempt()
      try await given.fault(#"{"listener":"video","kind":"status","status":429,"method":"PUT","count":1}"#)
      let job = try await given.run(id)
      #expect(job.lastFailure?.code == "start-stuck")
      #expect(try await given.videoCount("starts") == 3)
    }
  }

  // this worker                      somebody in the account
  // state: stopped
  // second checkpoint written
  //                                  start
  // start: 422
  // state: starting, then started
  @Test("a live stream that somebody starts at the same moment is on air all the same")
  func startedByAnother() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      let id = try await given.enqueue(parameters)
      let account = try await given.clients.wowzaVideo("main")
      let job = try await given.run(
        id,
        Meanwhile(at: .checkpointWritten, arrival: 2) {
          let stream = try #require(try await account.liveStreams().first)
          _ = try await account.startLiveStream(stream.id)
        })
      #expect(job.state == .completed && job.failures == 0)
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  /// How many requests the stand-ins have seen.
  private func requests(_ given: Given, _ method: String, to path: String) async throws -> Int {
    guard case .array(let lines)? = try await given.control("GET", "/journal")["requests"] else { return 0 }
    return lines.count { $0["method"]?.string == method && $0["path"]?.string == path }
  }
}
