import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("The asset that restream-asset looks for")
struct RestreamAssetTests {
  private let byName = RestreamAsset(connection: "main", assetName: "The talk")

  @Test("an asset that failed at the provider ends the job")
  func failed() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","failAfterSeconds":5}"#)
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(job.state == .dead && job.lastFailure?.code == "asset-failed")
      #expect(try await given.videoCount("createdLiveStreams") == 0)
    }
  }

  @Test("an asset that is not there ends the job, by id and by name")
  func unknown() async throws {
    try await Given.standIns { given in
      for parameters in [RestreamTests.parameters, byName] {
        let job = try await given.outcome(of: parameters)
        #expect(job.state == .dead && job.lastFailure?.code == "no-asset")
      }
      #expect(try await given.videoCount("createdLiveStreams") == 0)
    }
  }

  @Test("an asset is found by its name when only one has it")
  func named() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      try await given.asset(#"{"id":"talk-2","name":"The talk, part 2"}"#)
      let result = try await given.outcome(of: byName).output(RestreamResult.self)
      #expect(result.assetID == "talk-1")
    }
  }

  @Test("two assets of one name end the job, and both ids are told")
  func ambiguous() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      try await given.asset(#"{"id":"talk-2","name":"The talk"}"#)
      let job = try await given.outcome(of: byName)
      #expect(job.state == .dead && job.lastFailure?.code == "ambiguous")
      #expect(job.lastFailure?.message.contains("talk-1, talk-2") == true)
      #expect(try await given.videoCount("createdLiveStreams") == 0)
    }
  }

  @Test("an asset chosen by name stays the chosen one when another is given the name while the job waits")
  func chosenOnce() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk","completeAfterSeconds":15}"#)
      let id = try await given.enqueue(byName)
      try await given.attempt()
      try await given.asset(#"{"id":"talk-2","name":"The talk"}"#)
      let result = try await given.run(id).output(RestreamResult.self)
      #expect(result.assetID == "talk-1")
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test("a budget of our own that is spent is waited for to the moment, and nothing is asked of the provider meanwhile")
  func ownBudget() async throws {
    try await Given.standIns { given in
      var given = given
      given.clients.liveStreams = LiveStreamBudget.demand(of: "main", count: 1, window: .seconds(600))
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.asset(#"{"id":"talk-2"}"#)
      let begin = given.clock.now()
      _ = try await given.outcome(of: RestreamTests.parameters).output(RestreamResult.self)
      let requests = try await given.videoCount("requests")
      let id = try await given.enqueue(RestreamAsset(connection: "main", assetID: "talk-2"))
      try await given.attempt()
      let waiting = try await given.job(id)
      #expect(waiting.state == .scheduled && waiting.failures == 0)
      #expect(waiting.runAt == begin + (.seconds(600) + BudgetRule.margin))
      #expect(try await given.videoCount("requests") == requests)
      #expect(try await given.run(id).output(RestreamResult.self).state == "started")
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }

  @Test("a limit of the account is waited for without a failure")
  func limit() async throws {
    try await Given.standIns({ $0.videoSettings.liveStreamLimit = 1 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.asset(#"{"id":"talk-2"}"#)
      _ = try await given.outcome(of: RestreamTests.parameters).output(RestreamResult.self)
      let id = try await given.enqueue(RestreamAsset(connection: "main", assetID: "talk-2"))
      try await given.attempt()
      let waiting = try await given.job(id)
      #expect(waiting.state == .scheduled && waiting.failures == 0)
      // Of the ten that the account may have, nine are not ours: taken to be spread over the three hours.
      #expect(waiting.runAt - given.clock.now() == .seconds(1080))
      #expect(try await given.videoCount("createdLiveStreams") == 1)
      let job = try await given.run(id)
      #expect(try job.output(RestreamResult.self).state == "started")
      #expect(job.failures == 0)
      #expect(try await given.videoCount("createdLiveStreams") == 2)
      #expect(try await given.videoCount("duplicates") == 0)
    }
  }
}
