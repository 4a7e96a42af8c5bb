import JobQueue
import JobQueueTestKit
import StreamingJobs
import Testing
import WowzaVideoClient

@testable import rundown_standins

@Suite("restream-asset puts an asset on air, once")
struct RestreamJobTests {
  private static let job = RestreamAsset(connection: "main", assetID: "talk-1")

  private func seed(_ desk: WowzaDesk, _ json: String = #"{"id":"talk-1"}"#) async throws {
    try await desk.control("POST", "/assets", json)
  }

  @Test("the asset's live stream is made, started and seen through to started")
  func started() async throws {
    try await WowzaDesk.open({ $0.videoSettings.startDelay = 60 }) { desk in
      try await seed(desk)
      let id = try await desk.enqueue(Self.job)
      let begin = desk.clock.now()
      try await desk.work()
      let result: RestreamResult = try await desk.output(id)
      #expect(result.state == "started")
      #expect(result.assetID == "talk-1")
      #expect(result.playbackURL?.contains(result.liveStreamID) == true)
      #expect(try await desk.videoCount("createdLiveStreams") == 1)
      #expect(try await desk.videoCount("starts") == 1)
      // Looked at often enough to be on air soon after it could be, and each wait ended the attempt.
      let took = desk.clock.now() - begin
      #expect(took >= .seconds(60) && took <= .seconds(70))
      let job = try await desk.job(id)
      #expect(job.failures == 0)
      #expect(job.token > 5)
    }
  }

  @Test("the answer in the other wrapper of the vendor's texts is understood")
  func otherWrapper() async throws {
    try await WowzaDesk.open({ $0.videoSettings.restreamWrapper = .many }) { desk in
      try await seed(desk)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("a live stream that is not to be started stays stopped")
  func notStarted() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      var parameters = Self.job
      parameters.start = false
      let id = try await desk.enqueue(parameters)
      try await desk.work()
      #expect(try await desk.output(id, as: RestreamResult.self).state == "stopped")
      #expect(try await desk.videoCount("starts") == 0)
    }
  }

  @Test("while the asset is in processing the job waits without using up attempts")
  func processing() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk, #"{"id":"talk-1","completeAfterSeconds":600}"#)
      let id = try await desk.enqueue(Self.job)
      let outcome = try await desk.attempt()
      guard case .snooze(_, let why) = outcome else {
        Issue.record("the attempt ended with \(String(describing: outcome))")
        return
      }
      #expect(why.contains("processing"))
      try await desk.work()
      let job = try await desk.job(id)
      #expect(job.state == .completed)
      #expect(job.failures == 0)
      #expect(try await desk.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("an asset that stays in processing ends the job at its limit; a person's retry waits anew")
  func processingForEver() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk, #"{"id":"talk-1","state":"processing"}"#)
      var parameters = Self.job
      parameters.assetTimeoutSeconds = 100
      let id = try await desk.enqueue(parameters)
      let begin = desk.clock.now()
      try await desk.work()
      #expect(try await desk.death(id).code == "asset-timeout")
      #expect(desk.clock.now() - begin == .seconds(100))
      try await seed(desk, #"{"id":"talk-1","completeAfterSeconds":50}"#)
      _ = try await desk.store.retry([id], at: desk.clock.now())
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
    }
  }

  @Test(
    "an asset that failed, is unknown or has a name of several ends the job",
    arguments: [
      (#"{"id":"talk-1","state":"failed"}"#, RestreamAsset(connection: "main", assetID: "talk-1"), "asset-failed"),
      (#"{"id":"talk-1"}"#, RestreamAsset(connection: "main", assetID: "talk-9"), "no-asset"),
      (#"{"id":"talk-1","name":"Talk"}"#, RestreamAsset(connection: "main", assetName: "Walk"), "no-asset"),
      (#"{"id":"talk-2","name":"Talk"}"#, RestreamAsset(connection: "main", assetName: "Talk"), "ambiguous"),
    ])
  func unusable(_ asset: String, _ parameters: RestreamAsset, _ code: String) async throws {
    try await WowzaDesk.open { desk in
      if code == "ambiguous" { try await seed(desk, #"{"id":"talk-1","name":"Talk"}"#) }
      try await seed(desk, asset)
      let id = try await desk.enqueue(parameters)
      try await desk.work()
      let failure = try await desk.death(id)
      #expect(failure.code == code)
      if code == "ambiguous" { #expect(failure.message.contains("talk-1, talk-2")) }
      #expect(try await desk.videoCount("createdLiveStreams") == 0)
    }
  }

  @Test("an asset found by its name stays the chosen one when another gets the name meanwhile")
  func chosenByName() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk, #"{"id":"talk-1","name":"Talk","completeAfterSeconds":60}"#)
      let id = try await desk.enqueue(RestreamAsset(connection: "main", assetName: "Talk"))
      try await desk.attempt()
      try await seed(desk, #"{"id":"talk-2","name":"Talk"}"#)
      try await desk.work()
      #expect(try await desk.output(id, as: RestreamResult.self).assetID == "talk-1")
    }
  }

  @Test("a live stream whose creation got no answer is found by asset and time, and adopted")
  func lostAnswer() async throws {
    try await WowzaDesk.open({ $0.videoSettings.cacheSeconds = 1 }) { desk in
      try await seed(desk)
      try await desk.fault(#"{"listener":"video","kind":"cutAfterEffect","count":1}"#)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("a crash anywhere on the way leaves exactly one live stream, started", arguments: FaultPoint.all)
  func crash(_ point: FaultPoint) async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      let id = try await desk.enqueue(Self.job)
      try await desk.work(faults: ScriptedFaults(at: point))
      #expect(try await desk.output(id, as: RestreamResult.self).state == "started")
      #expect(try await desk.videoCount("createdLiveStreams") == 1)
      #expect(try await desk.videoCount("starts") == 1)
    }
  }

  @Test("a live stream that was there before is never taken for the job's own")
  func notOurs() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      let there = try await desk.video().restream(asset: "talk-1").id
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.output(id, as: RestreamResult.self).liveStreamID != there)
      #expect(try await desk.videoCount("createdLiveStreams") == 2)
    }
  }

  @Test("a live stream made long before the first try is not a candidate after a lost answer")
  func notOursAfterALostAnswer() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      let there = try await desk.video().restream(asset: "talk-1").id
      desk.clock.advance(by: .seconds(3600))
      try await desk.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.output(id, as: RestreamResult.self).liveStreamID != there)
      #expect(try await desk.videoCount("createdLiveStreams") == 2)
    }
  }

  @Test("two restreams of one asset never share a live stream, also when both lose their answers one after the other")
  func twoJobs() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      try await desk.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#)
      var ids: [JobID] = []
      for run in ["morning", "evening"] {
        ids.append(try await desk.enqueue(RestreamAsset(connection: "main", assetID: "talk-1", run: run)))
      }
      try await desk.work()
      var streams: Set<String> = []
      for id in ids { streams.insert(try await desk.output(id, as: RestreamResult.self).liveStreamID) }
      #expect(streams.count == 2)
      #expect(try await desk.videoCount("createdLiveStreams") == 2)
    }
  }

  // both jobs lose the answer to their creation before either can look:
  //
  //   morning                          evening
  //   POST: made, answer lost
  //                                    POST: made, answer lost
  //   sees two that nobody claims      sees two that nobody claims
  @Test("when two lost live streams could be either job's, both jobs wait for a person")
  func ambiguous() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      try await desk.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":2}"#)
      var ids: [JobID] = []
      for run in ["morning", "evening"] {
        ids.append(try await desk.enqueue(RestreamAsset(connection: "main", assetID: "talk-1", run: run)))
      }
      try await desk.work()
      for id in ids {
        let job = try await desk.job(id)
        #expect(job.state == .held)
        #expect(job.waitReason?.contains("may all be ours") == true)
      }
      #expect(try await desk.videoCount("createdLiveStreams") == 2)
    }
  }

  @Test("a start that never ends is given up at its limit, told with its state and left alone; a retry waits anew")
  func stuck() async throws {
    try await WowzaDesk.open({ $0.videoSettings.startOutcome = .stuck }) { desk in
      try await seed(desk)
      let id = try await desk.enqueue(Self.job)
      let begin = desk.clock.now()
      try await desk.work()
      let failure = try await desk.death(id)
      #expect(failure.code == "start-stuck")
      #expect(failure.message.contains("'starting'"))
      #expect(desk.clock.now() - begin >= .seconds(300) && desk.clock.now() - begin <= .seconds(310))
      #expect(try await desk.requests("PUT", containing: "/stop") == 0)
      _ = try await desk.store.retry([id], at: desk.clock.now())
      try await desk.attempt()
      #expect(try await desk.job(id).state == .scheduled)
    }
  }

  @Test("a start that falls back to stopped is asked for three times at most")
  func fallsBack() async throws {
    try await WowzaDesk.open({ $0.videoSettings.startOutcome = .stopped }) { desk in
      try await seed(desk)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.death(id).message.contains("'stopped'"))
      #expect(try await desk.videoCount("starts") == 3)
      #expect(try await desk.videoCount("createdLiveStreams") == 1)
    }
  }

  @Test("a start whose answer is lost is not asked for again")
  func lostStart() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      try await desk.fault(
        #"{"listener":"video","kind":"status","status":504,"when":"after","method":"PUT","count":1}"#)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.requests("PUT", containing: "/start") == 1)
    }
  }

  @Test("a live stream that somebody starts at the same moment is on air all the same")
  func startedByAnother() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      let id = try await desk.enqueue(Self.job)
      try await desk.work(
        faults: Meanwhile(at: .checkpointWritten) {
          let stream = try #require(try await desk.video().liveStreams().first)
          _ = try await desk.video().startLiveStream(stream.id)
        })
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.videoCount("starts") == 1)
    }
  }

  @Test("starts that the account refuses use up neither the limit of starts nor the time for it")
  func refusedStarts() async throws {
    try await WowzaDesk.open { desk in
      try await seed(desk)
      try await desk.fault(
        #"{"listener":"video","kind":"code401","code":"ERR-401-TrialExceeded","method":"PUT","count":5}"#)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      let job = try await desk.job(id)
      #expect(job.state == .completed)
      #expect(job.failures == 0)
      #expect(try await desk.videoCount("starts") == 1)
    }
  }

  @Test("the account's limit of live streams parks the job for minutes and uses up no attempt")
  func limit() async throws {
    try await WowzaDesk.open({ $0.videoSettings.liveStreamLimit = 1 }) { desk in
      try await seed(desk)
      let begin = desk.clock.now()
      var ids: [JobID] = []
      for run in ["morning", "evening"] {
        ids.append(try await desk.enqueue(RestreamAsset(connection: "main", assetID: "talk-1", run: run)))
      }
      try await desk.work()
      for id in ids {
        let job = try await desk.job(id)
        #expect(job.state == .completed)
        #expect(job.failures == 0)
      }
      #expect(desk.clock.now() - begin >= .seconds(10_800))
      // Asked for every ten minutes, not in a loop.
      #expect(try await desk.requests("POST", containing: "/live_streams") <= 21)
    }
  }
}
