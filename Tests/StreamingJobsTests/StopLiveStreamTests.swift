import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("stop-live-stream")
struct StopLiveStreamTests {
  static let start = RestreamAsset(connection: "main", assetID: "talk-1", occurrence: "tonight")
  static let stop = StopLiveStream(connection: "main", occurrence: "tonight")

  @Test("stops the live stream that the start of its occurrence made, and reads it back")
  func stops() async throws {
    try await Given.standIns({ $0.videoSettings.stopDelay = 20 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let start = try await given.outcome(of: Self.start)
      let stream = try #require(try start.output(RestreamResult.self).liveStreamID)
      given.clock.advance(by: .seconds(7200))
      let begin = given.clock.now()
      let job = try await given.outcome(of: Self.stop)
      let result = try job.output(StopResult.self)
      #expect(result.state == .stopped && !result.unchanged)
      #expect(result.liveStreamID == stream && result.startJob == start.id && result.occurrence == "tonight")
      #expect(job.failures == 0 && given.clock.now() - begin >= .seconds(20))
      #expect(try await given.videoCount("stops") == 1)
      #expect(try await given.videoCount("runningLiveStreams") == 0)
      let outcomes = try await given.store.attempts(of: job.id).compactMap(\.outcome)
      #expect(outcomes.dropLast().allSatisfy { $0 == .snoozed }, "no worker is held while it waits")
    }
  }

  @Test("stops a stream that is named by its id; one that is stopped already, or was deleted, is left as it is")
  func byID() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 0 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let account = try await given.clients.wowzaVideo("main")
      let stream = try await account.restream(asset: "talk-1").id
      _ = try await account.startLiveStream(stream)
      let stop = StopLiveStream(connection: "main", liveStreamID: stream)
      let first = try await given.outcome(of: stop).output(StopResult.self)
      #expect(first.state == .stopped && !first.unchanged && first.startJob == nil)
      let second = try await given.outcome(of: stop).output(StopResult.self)
      #expect(second.state == .stopped && second.unchanged)
      try await given.video("DELETE", "assets/talk-1")
      let third = try await given.outcome(of: stop).output(StopResult.self)
      #expect(third.state == .gone && third.unchanged)
      #expect(try await given.videoCount("stops") == 1)
    }
  }

  // start                                  stop
  //                                        off air; no start began: nothing to stop
  // begins; sees off air: cancelled
  @Test("a stop that comes before its start is done at once, and the start never begins, also when a person retries it")
  func neverBegan() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let result = try await given.outcome(of: Self.stop).output(StopResult.self)
      #expect(result.state == .absent && result.unchanged)
      #expect(result.reason == "its start never began, and cannot begin any more")
      let start = try await given.outcome(of: Self.start)
      #expect(start.state == .cancelled)
      #expect(start.waitReason?.contains("its stop came first") == true)
      _ = try await given.store.retry([start.id], at: given.clock.now())
      #expect(try await given.run(start.id).state == .cancelled)
      var other = Self.start
      other.occurrence = "tomorrow"
      #expect(try await given.outcome(of: other).state == .completed, "another occurrence is another restream")
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("is refused while the stream is starting, waits, and stops it when it may; no attempt is used up")
  func refused() async throws {
    try await Given.standIns({
      $0.videoSettings.earlyStop = .refused
      $0.videoSettings.startDelay = 60
    }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      _ = try await given.enqueue(Self.start)
      try await given.attempt()
      #expect(try await given.videoCount("starts") == 1)
      let stop = try await given.run(try await given.enqueue(Self.stop))
      #expect(stop.state == .completed && stop.failures == 0)
      #expect(try await given.videoCount("stops") == 1)
      #expect(try await given.videoCount("runningLiveStreams") == 0)
    }
  }

  @Test(
    "outlives the start, however that ended",
    arguments: [JobState.dead, .cancelled, .completed], [true, false])
  func outlives(end: JobState, isPruned: Bool) async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = end == .completed ? 1 : 400 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let id = try await given.enqueue(Self.start)
      if end == .cancelled {
        try await given.attempt()
        _ = try await given.store.cancel([id], why: "enough", at: given.clock.now())
      }
      #expect(try await given.run(id).state == end)
      if isPruned {
        given.clock.advance(by: .seconds(90 * 86_400))
        _ = try await given.store.prune(finishedBefore: given.clock.now(), limit: 100)
        #expect(try await given.store.jobs(JobQuery(ids: [id])).isEmpty)
      }
      #expect(try await given.videoCount("runningLiveStreams") == 1)
      #expect(try await given.outcome(of: Self.stop).output(StopResult.self).state == .stopped)
      #expect(try await given.videoCount("runningLiveStreams") == 0)
    }
  }

  @Test("is never given up: neither an outage nor a refusal of the account ends it")
  func patient() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      _ = try await given.outcome(of: Self.start)
      given.clock.advance(by: .seconds(3600))
      for status in [403, 400, 500, 503] {
        try await given.fault(#"{"listener":"video","kind":"status","status":\#(status),"count":3}"#)
      }
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"PUT","count":2}"#)
      let id = try await given.enqueue(Self.stop)
      let job = try await given.run(id)
      #expect(job.state == .completed)
      #expect(try await given.videoCount("runningLiveStreams") == 0)
    }
  }

  // start                                  stop                                provider
  // PUT start, answer lost                                                     begins to work on it
  //                                        off air; state: stopped, but the
  //                                        request may still take effect
  // sees off air: cancelled
  //                                                                            started, after a minute
  //                                        looks again: started; stops it
  @Test("a start that takes effect long after its answer was given up is stopped all the same")
  func lateStart() async throws {
    try await Given.standIns { given in
      var given = given
      given.clients.accounts["main"] = try LateEffectTests.hastyAccount(given)
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.fault(
        #"{"listener":"video","kind":"slow","delayMilliseconds":60000,"method":"PUT","count":1}"#)
      let made = given.clock.now() + .seconds(60)
      let start = try await given.enqueue(Self.start)
      try await given.attempt()
      #expect(try await given.videoCount("createdLiveStreams") == 1)
      let stop = try await given.enqueue(Self.stop)
      while let due = try await given.store.nextDue(), due < made {
        try await given.passUntilDue()
        while try await given.attempt() {}
      }
      #expect(try await given.videoCount("starts") == 0)
      #expect(try await given.job(start).state == .cancelled)
      #expect(try await given.job(stop).state == .scheduled)
      given.clock.advance(by: made - given.clock.now())
      // The provider needs a moment to come to it.
      while try await given.videoCount("starts") == 0 { await Task.yield() }
      #expect(try await given.run(stop).output(StopResult.self).unchanged == false)
      #expect(try await given.videoCount("runningLiveStreams") == 0)
    }
  }

  // start                                  somebody stops it by its id
  // starts it; looks whether it is on air
  //                                        stops it
  // it fell back to stopped: would start it again
  @Test("a stream that is stopped by its id while it starts is not started again by the job that started it")
  func stoppedMeanwhile() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 60 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let start = try await given.enqueue(RestreamTests.parameters)
      try await given.attempt()
      try await given.passUntilDue()
      try await given.attempt()
      let stream = try #require(try await given.liveStreams(of: "talk-1").first)
      let stop = try await given.enqueue(StopLiveStream(connection: "main", liveStreamID: stream))
      #expect(try await given.run(stop).state == .completed)
      #expect(try await given.run(start).state == .cancelled)
      #expect(try await given.videoCount("starts") == 1)
      #expect(try await given.videoCount("runningLiveStreams") == 0)
    }
  }

  @Test("the parameters are a stream or an occurrence, not both and not none")
  func parameters() {
    #expect(Self.stop.validate().isEmpty)
    #expect(StopLiveStream(connection: "main", liveStreamID: "a").validate().isEmpty)
    #expect(StopLiveStream(connection: "main").validate().map(\.field) == ["liveStreamID"])
    #expect(
      StopLiveStream(connection: "main", liveStreamID: "a", occurrence: "b").validate().map(\.field)
        == ["liveStreamID"])
  }
}
