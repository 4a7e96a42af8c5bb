import FoundationEssentials
import JobQueue
import JobQueueTestKit
import JobWorker
import StreamingJobs
import TestServers
import Testing
import Threading

@Suite("One restream of an asset, and no later than it may begin")
struct OneRestreamTests {
  private static let byID = RestreamAsset(connection: "main", assetID: "talk-1")
  private static let byName = RestreamAsset(connection: "main", assetName: "The talk")

  // by its name                             by its id
  // claims, asks; answer lost
  //                                         the other one is unfinished: nothing to do
  // finds its live stream, starts it
  @Test("an asset given by its name in one job and by its id in another is one restream: the second names the first")
  func twoSpellings() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      try await given.loseAnswer()
      let first = try await given.enqueue(Self.byName)
      try await given.attempt()
      let second = try await given.outcome(of: Self.byID).output(RestreamResult.self)
      #expect(second.unchanged == true && second.firstJob == first && second.assetID == "talk-1")
      let result = try await given.run(first).output(RestreamResult.self)
      #expect(result.state == "started" && result.unchanged == false)
      try await given.expectOneLiveStream(result.liveStreamID)
    }
  }

  // first                                   second
  // reads: nobody has it
  //                                         reads: nobody has it; claims number 1
  // claims number 1: taken; reads again
  @Test("of two jobs that read the same only one begins", arguments: [true, false])
  func race(isPlanned: Bool) async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      var (first, second) = (Self.byID, Self.byName)
      if isPlanned { (first.occurrence, second.occurrence) = ("tonight", "tonight") }
      let ids = [try await given.enqueue(first), try await given.enqueue(second)]
      let queue = LateReader(base: given.store) { _ = try await given.attempt() }
      let leased = try #require(try await given.lease(from: [RestreamAsset.queue]))
      let runner = AttemptRunner(
        store: given.store, registry: JobKinds.streaming.registry(clients: given.clients, queue: queue),
        clock: given.clock, random: JobQueueTestKit.SeededRandom(seed: 7))
      let completion = try #require(try await runner.run(leased))
      _ = try await given.store.complete([completion], at: given.clock.now())
      var results: [RestreamResult] = []
      for id in ids { results.append(try await given.run(id).output(RestreamResult.self)) }
      #expect(results.compactMap(\.firstJob).count == 1)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("a finished restream keeps no other away, even when the one before it was pruned")
  func again() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      for (round, parameters) in [Self.byID, Self.byName, Self.byID].enumerated() {
        let result = try await given.outcome(of: parameters).output(RestreamResult.self)
        #expect(result.unchanged == false && result.state == "started")
        #expect(try await given.videoCount("createdLiveStreams") == .integer(round + 1))
        given.clock.advance(by: .seconds(90 * 86_400))
        if round == 0 { _ = try await given.store.prune(finishedBefore: given.clock.now(), limit: 10) }
      }
    }
  }

  @Test("two occurrences and a run of one asset are three restreams")
  func occurrences() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      var ids: [JobID] = []
      for (occurrence, run) in [("monday", nil), ("tuesday", nil), (nil, "extra")] as [(String?, String?)] {
        var parameters = Self.byID
        (parameters.occurrence, parameters.run) = (occurrence, run)
        ids.append(try await given.enqueue(parameters))
      }
      for _ in ids { try await given.attempt() }
      var streams: Set<String> = []
      for id in ids { streams.insert(try #require(try await given.run(id).output(RestreamResult.self).liveStreamID)) }
      #expect(streams.count == 3)
    }
  }

  @Test("an occurrence has one live stream: a second start of it names the job that made it, and how to go on")
  func oneStreamOfAnOccurrence() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 400 }) { given in
      try await given.asset(#"{"id":"talk-1","name":"The talk"}"#)
      var (byID, byName) = (Self.byID, Self.byName)
      (byID.occurrence, byName.occurrence) = ("tonight", "tonight")
      let first = try await given.outcome(of: byID)
      #expect(first.lastFailure?.code == "start-stuck")
      let second = try await given.outcome(of: byName)
      #expect(second.lastFailure?.code == "claimed")
      #expect(second.lastFailure?.hint?.contains("rundown jobs retry \(first.id)") == true)
      _ = try await given.store.retry([first.id], at: given.clock.now())
      #expect(try await given.run(first.id).state == .completed)
      #expect(try await given.outcome(of: byName).output(RestreamResult.self).firstJob == first.id)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("after its last moment nothing is asked for, and the job says so")
  func tooLate() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1","completeAfterSeconds":100}"#)
      let id = try await given.enqueue(try late(given, seconds: 60))
      try await given.attempt()
      let job = try await given.run(id)
      #expect(job.state == .dead && job.lastFailure?.code == "too-late")
      #expect(job.lastFailure?.message.contains("nothing was asked for") == true)
      #expect(try await given.videoCount("createdLiveStreams") == 0)
    }
  }

  @Test("what was asked for in time, with the answer lost, is looked for, and not started too late")
  func lateAfterLostAnswer() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      try await given.loseAnswer()
      let id = try await given.enqueue(try late(given, seconds: 60))
      try await given.attempt()
      given.clock.advance(by: .seconds(60))
      let job = try await given.run(id)
      #expect(job.state == .dead && job.lastFailure?.code == "too-late")
      let stream = try #require(try await given.liveStreams(of: "talk-1").first)
      #expect(job.lastFailure?.message.contains("live stream \(stream) was created and not started") == true)
      #expect(try await given.videoCount("createdLiveStreams") == 1)
      #expect(try await given.videoCount("starts") == 0)
    }
  }

  @Test("a start that was asked for in time is seen through, however late that is")
  func lateStart() async throws {
    try await Given.standIns({ $0.videoSettings.startDelay = 60 }) { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: try late(given, seconds: 10))
      #expect(job.state == .completed)
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  @Test("a last moment that is none is refused")
  func malformed() {
    var parameters = Self.byID
    parameters.notAfter = "tonight"
    #expect(parameters.validate().map(\.field) == ["notAfter"])
  }

  private func late(_ given: Given, seconds: Int64) throws -> RestreamAsset {
    var parameters = Self.byID
    let moment = given.clock.now() + .seconds(seconds)
    parameters.notAfter = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000).formatted(.iso8601)
    return parameters
  }
}

/// Lets something else happen once, between the look at who restreams and what the reader makes of it.
private final class LateReader: StoreWrapper {
  let base: any JobStore
  private let body: MutexBox<(@Sendable () async throws -> Void)?>

  init(base: any JobStore, _ body: @escaping @Sendable () async throws -> Void) {
    self.base = base
    self.body = MutexBox(body)
  }

  func records(_ query: RecordQuery) async throws -> [Record] {
    let found = try await base.records(query)
    guard query.collection == OnAirRecord.collection || query.collection == "restreams" else { return found }
    let body = body.withLock { body in
      defer { body = nil }
      return body
    }
    try await body?()
    return found
  }
}
