import FoundationEssentials
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("Requests that take effect long after their answer was given up", .timeLimit(.minutes(20)))
struct LateEffectTests {
  // worker                            provider
  // POST, times out at 2 s             begins to work on it
  // timeout: nobody knows
  // looks: nothing there              still at work
  // looks: nothing there              still at work
  //                                   made, after a minute
  // looks: there it is, adopted
  private func outcome(
    of parameters: some JobParameters, counted: String, _ settings: VideoSettings = VideoSettings(),
    ends state: JobState = .completed
  ) async throws {
    try await Given.standIns({ $0.videoSettings = settings }) { given in
      var given = given
      given.clients.accounts["main"] = try Self.hastyAccount(given)
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"slow","delayMilliseconds":60000,"method":"POST","count":1}"#)
      let made = given.clock.now() + .seconds(60)
      let id = try await given.enqueue(parameters)
      try await given.attempt()
      #expect(try await given.job(id).lastFailure?.code == "timeout")
      var looks = 0
      while let due = try await given.store.nextDue(), due < made {
        try await given.passUntilDue()
        if try await given.attempt() { looks += 1 }
      }
      #expect(looks > 2)
      #expect(try await given.videoCount(counted) == 0)
      given.clock.advance(by: made - given.clock.now())
      // The provider needs a moment to come to it.
      while try await given.videoCount(counted) == 0 { await Task.yield() }
      #expect(try await given.run(id).state == state)
      #expect(try await given.videoCount(counted) == 1)
    }
  }

  // person                            worker                     provider
  // cancels job 1, enqueues it anew   runs job 1
  // (job 2 is blocked)                POST, times out at 2 s      begins to work on it
  //                                   timeout; job 1 cancelled
  //                                   job 2 looks: nothing there still at work
  //                                                              made, after a minute
  //                                   job 2 looks: adopted
  private func successor(
    of parameters: some JobParameters, next: (any JobParameters)? = nil, counted: String, inFlight: Bool,
    _ settings: VideoSettings = VideoSettings(), ends state: JobState = .completed
  ) async throws {
    let next: any JobParameters = next ?? parameters
    try await Given.standIns({ $0.videoSettings = settings }) { given in
      var given = given
      given.clients.accounts["main"] = try Self.hastyAccount(given)
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      try await given.fault(#"{"listener":"video","kind":"slow","delayMilliseconds":60000,"method":"POST","count":1}"#)
      let made = given.clock.now() + .seconds(60)
      let former = try await given.enqueue(parameters)
      let id: JobID
      if inFlight {
        let queues = JobKinds.streaming.queues
        let leased = try #require(try await given.lease(from: queues))
        _ = try await given.store.cancel([former], why: "enough", at: given.clock.now())
        id = try await given.enqueue(next)
        #expect(try await given.job(id).state == .blocked)
        try await given.run(leased)
      } else {
        try await given.attempt()
        _ = try await given.store.cancel([former], why: "enough", at: given.clock.now())
        id = try await given.enqueue(next)
      }
      #expect(try await given.job(former).state == .cancelled)
      #expect(try await given.job(id).state == .ready)
      var looks = 0
      while try await given.attempt() { looks += 1 }
      while let due = try await given.store.nextDue(), due < made {
        try await given.passUntilDue()
        if try await given.attempt() { looks += 1 }
      }
      #expect(looks > 2)
      #expect(try await given.videoCount(counted) == 0)
      given.clock.advance(by: made - given.clock.now())
      // The provider needs a moment to come to it.
      while try await given.videoCount(counted) == 0 { await Task.yield() }
      let job = try await given.run(id)
      #expect(job.state == state)
      #expect(try await given.videoCount(counted) == 1)
      // What the former job knew of the time before it asked has come to this one.
      if counted == "createdLiveStreams" {
        #expect(try await given.store.journal(of: id).checkpoints["restream/before-asking"] != nil)
      }
    }
  }

  @Test(
    "of a job that was cancelled keep the next one from making a second target under another name",
    arguments: [true, false])
  func successorOfAnotherName(inFlight: Bool) async throws {
    let former = CreateFastlyTarget(connection: "main", bucket: "example-live", region: "eu-central-1")
    var next = former
    next.name = "live-cup"
    try await successor(of: former, next: next, counted: "createdTargets", inFlight: inFlight, ends: .dead)
  }

  // job 1, "live-cup", flagged        job 2, "live-cup", not flagged      provider
  // POST, times out at 2 s                                                 begins to work on it
  // timeout: nobody knows
  //                                   looks: nothing there                still at work
  //                                                                       made, after a minute
  //                                   looks: adopted
  // looks: adopted
  @Test("of a job with another unique key for the same target are waited for: one target", arguments: [true, false])
  func twins(flaggedFirst: Bool) async throws {
    var flagged = CreateFastlyTarget(
      connection: "main", bucket: "example-live", region: "eu-central-1", name: "live-cup")
    var plain = flagged
    flagged.allowSameOrigin = true
    plain.allowSameOrigin = nil
    #expect(flagged.uniqueKey != plain.uniqueKey)
    let (first, second) = flaggedFirst ? (flagged, plain) : (plain, flagged)
    try await Given.standIns { given in
      var given = given
      given.clients.accounts["main"] = try Self.hastyAccount(given)
      try await given.fault(#"{"listener":"video","kind":"slow","delayMilliseconds":60000,"method":"POST","count":1}"#)
      let made = given.clock.now() + .seconds(60)
      let asker = try await given.enqueue(first)
      try await given.attempt()
      #expect(try await given.job(asker).lastFailure?.code == "timeout")
      let other = try await given.enqueue(second)
      while try await given.attempt() {}
      while let due = try await given.store.nextDue(), due < made {
        try await given.passUntilDue()
        try await given.attempt()
      }
      #expect(try await given.videoCount("createdTargets") == 0)
      given.clock.advance(by: made - given.clock.now())
      while try await given.videoCount("createdTargets") == 0 { await Task.yield() }
      let results = [
        try await given.run(other).output(FastlyTargetResult.self),
        try await given.run(asker).output(FastlyTargetResult.self),
      ]
      #expect(results[0].id == results[1].id)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test(
    "of a job that was cancelled hold the next one where a live stream does not tell its asset",
    arguments: [true, false])
  func successorWithoutAsset(inFlight: Bool) async throws {
    var settings = VideoSettings()
    settings.liveStreamAsset = .missing
    try await successor(
      of: RestreamTests.parameters, counted: "createdLiveStreams", inFlight: inFlight, settings, ends: .held)
  }

  @Test("of a job that was cancelled are the next one's: one stream target", arguments: [true, false])
  func successorTarget(inFlight: Bool) async throws {
    try await successor(of: FastlyTargetTests.parameters, counted: "createdTargets", inFlight: inFlight)
  }

  @Test("of a job that was cancelled are the next one's: one live stream", arguments: [true, false])
  func successorLiveStream(inFlight: Bool) async throws {
    try await successor(of: RestreamTests.parameters, counted: "createdLiveStreams", inFlight: inFlight)
  }

  // worker                            on the way           provider
  // POST, times out at 2 s                                  begins to work on it
  // timeout: nobody knows
  // cannot look: gate closed          pages, eight minutes
  // looks: nothing there                                   still at work
  // looks: nothing there
  //                                                        made, a minute after the pages ended
  // looks: there it is, adopted
  @Test("are waited for after an outage as well, however long it was: one target")
  func afterOutage() async throws {
    try await Given.standIns { given in
      var given = given
      given.clients.accounts["main"] = try Self.hastyAccount(given)
      try await given.fault(#"{"listener":"video","kind":"slow","delayMilliseconds":600000,"method":"POST","count":1}"#)
      let begin = given.clock.now()
      let made = begin + .seconds(600)
      let id = try await given.enqueue(FastlyTargetTests.parameters)
      try await given.attempt()
      #expect(try await given.job(id).lastFailure?.code == "timeout")
      try await given.fault(#"{"listener":"video","kind":"htmlError"}"#)
      while given.clock.now() < begin + .seconds(480) {
        try await given.passUntilDue()
        try await given.attempt()
      }
      try await given.control("DELETE", "/faults")
      var looks = 0
      while let due = try await given.store.nextDue(), due < made {
        try await given.passUntilDue()
        if try await given.attempt() { looks += 1 }
      }
      #expect(looks > 1)
      #expect(try await given.videoCount("createdTargets") == 0)
      given.clock.advance(by: made - given.clock.now())
      while try await given.videoCount("createdTargets") == 0 { await Task.yield() }
      let job = try await given.run(id)
      #expect(job.state == .completed && job.failures == 1)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("make one stream target")
  func target() async throws {
    try await outcome(of: FastlyTargetTests.parameters, counted: "createdTargets")
  }

  @Test("make one live stream")
  func liveStream() async throws {
    try await outcome(of: RestreamTests.parameters, counted: "createdLiveStreams")
  }

  @Test("make one live stream also where it does not tell its asset: the job is held")
  func liveStreamWithoutAsset() async throws {
    var settings = VideoSettings()
    settings.liveStreamAsset = .missing
    try await outcome(
      of: RestreamTests.parameters, counted: "createdLiveStreams", settings, ends: .held)
  }

  @Test("make one target also where it does not tell its origin")
  func guidesTarget() async throws {
    var settings = VideoSettings()
    settings.targetFields = .guide
    try await outcome(of: FastlyTargetTests.parameters, counted: "createdTargets", settings)
  }

  @Test("what was asked for and never made is asked for again, once nothing can come any more")
  func neverMade() async throws {
    try await Given.standIns { given in
      try await given.fault(#"{"listener":"video","kind":"cutBeforeEffect","method":"POST","count":1}"#)
      let begin = given.clock.now()
      let job = try await given.outcome(of: FastlyTargetTests.parameters)
      #expect(job.state == .completed && job.failures == 1)
      #expect(given.clock.now() - begin >= WowzaVideoLateEffects.standard)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("a live stream is recognised whatever the difference between the clocks", arguments: [-7200, -90, 90, 7200])
  func clocks(secondsAhead: Int64) async throws {
    try await Given.standIns({ configuration in
      guard let now = configuration.now else { return }
      configuration.now = { now() + secondsAhead * 1000 }
    }) { given in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      // One that somebody made of it long before.
      let foreign = try await given.clients.wowzaVideo("main").restream(asset: "talk-1").id
      given.clock.advance(by: .seconds(30))
      try await given.fault(#"{"listener":"video","kind":"cutAfterEffect","method":"POST","count":1}"#)
      let result = try await given.outcome(of: RestreamTests.parameters).output(RestreamResult.self)
      #expect(result.liveStreamID != foreign)
      #expect(try await given.videoCount("createdLiveStreams") == 2)
    }
  }

  static func hastyAccount(_ given: Given) throws -> WowzaVideoClient {
    let clock = given.clock
    return WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(given.standIns.ports.video)", version: try #require(WowzaVideoVersion("v1.11")),
      credentials: { .bearer(Secret(Given.token)) }, transport: given.transport,
      now: { clock.now().milliseconds / 1000 }, timeouts: HTTPTimeouts(total: .seconds(5)))
  }
}
