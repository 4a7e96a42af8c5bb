import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("restream-asset")
struct RestreamTests {
  static let parameters = RestreamAsset(connection: "main", assetID: "talk-1")

  @Test("brings a completed asset on air and tells its live stream")
  func started() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: Self.parameters)
      let result = try job.output(RestreamResult.self)
      #expect(result.state == "started" && result.assetID == "talk-1")
      let stream = try #require(result.liveStreamID)
      #expect(result.playbackURL == "https://cdn.example.com/1/\(stream)/hls/live/playlist.m3u8")
      #expect(result.unchanged == false && result.firstJob == nil)
      #expect(job.failures == 0)
      #expect(try await given.videoCount("starts") == 1)
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test("waits for a start by snoozes, without a failure and without a worker")
  func snoozesUntilStarted() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 60 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let began = given.clock.now()
      let job = try await given.outcome(of: Self.parameters)
      #expect(try job.output(RestreamResult.self).state == "started")
      #expect(given.clock.now() - began >= .seconds(60))
      let outcomes = try await given.store.attempts(of: job.id).compactMap(\.outcome)
      #expect(outcomes.last == .completed)
      #expect(outcomes.dropLast().allSatisfy { $0 == .snoozed } && outcomes.count > 2)
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  @Test("an asset in processing is waited for, and no live stream is made yet")
  func processing() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","completeAfterSeconds":25}"#)
      let id = try await given.enqueue(Self.parameters)
      try await given.attempt()
      let job = try await given.job(id)
      #expect(job.state == .scheduled && job.failures == 0)
      #expect(job.waitReason?.contains("processing") == true)
      #expect(try await given.videoCount("createdLiveStreams") == 0)
      let result = try await given.run(id).output(RestreamResult.self)
      #expect(result.state == "started")
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test("an asset that stays in processing ends the job at its limit")
  func processingForEver() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","state":"processing"}"#)
      var parameters = Self.parameters
      parameters.assetTimeoutSeconds = 60
      let began = given.clock.now()
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .dead && job.lastFailure?.code == "asset-timeout")
      #expect(given.clock.now() - began == .seconds(60))
      #expect(try await given.videoCount("createdLiveStreams") == 0)
      _ = try await given.store.retry([job.id], at: given.clock.now())
      try await given.attempt()
      #expect(try await given.job(job.id).state == .scheduled, "a person's retry is a new wait")
    }
  }

  @Test("without a start the live stream is made and left stopped")
  func notStarted() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      var parameters = Self.parameters
      parameters.start = false
      #expect(try await given.outcome(of: parameters).output(RestreamResult.self).state == "stopped")
      #expect(try await given.videoCount("starts") == 0)
    }
  }

  @Test("a start that never ends is given up after its limit, with the state, and nothing is made again")
  func stuck() async throws {
    try await Given.standIns({ $0.videoSettings.startOutcome = .stuck }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      var parameters = Self.parameters
      parameters.startTimeoutSeconds = 120
      let began = given.clock.now()
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .dead && job.lastFailure?.code == "start-stuck")
      #expect(job.lastFailure?.message.contains("'starting'") == true)
      #expect(given.clock.now() - began >= .seconds(120) && given.clock.now() - began < .seconds(140))
      #expect(try await given.videoCount("createdLiveStreams") == 1)
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  @Test("a job that gave a start up waits anew when a person retries it")
  func retriedByPerson() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 400 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: Self.parameters)
      #expect(job.state == .dead && job.lastFailure?.code == "start-stuck")
      _ = try await given.store.retry([job.id], at: given.clock.now())
      let result = try await given.run(job.id).output(RestreamResult.self)
      #expect(result.state == "started")
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  @Test("a start that falls back is asked for three times and no more")
  func fallsBack() async throws {
    try await Given.standIns({ $0.videoSettings.startOutcome = .stopped }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: Self.parameters)
      #expect(job.state == .dead && job.lastFailure?.message.contains("'stopped'") == true)
      #expect(try await given.videoCount("starts") == 3)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("either wrapper of the provider's answer is understood", arguments: ["live_stream", "live_streams"])
  func wrapper(word: String) async throws {
    try await Given.standIns { given in
      try await given.control("PATCH", "/settings/video", #"{"restreamWrapper":"\#(word)"}"#)
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: Self.parameters)
      #expect(job.failures == 0)
      try await given.expectOneLiveStream(try job.output(RestreamResult.self).liveStreamID)
    }
  }
}

extension Given {
  func asset(_ json: String) async throws {
    try await control("POST", "/assets", json)
  }

  func expectOneLiveStream(_ id: String?, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let streams = try await elements("liveStreams").compactMap { $0["id"]?.string }
    #expect(streams == [id], sourceLocation: sourceLocation)
    #expect(try await videoCount("duplicates") == 0, sourceLocation: sourceLocation)
  }
}
