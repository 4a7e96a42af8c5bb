import HTTPTransport
import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("Wowza Video, with a service that spells its answers otherwise")
struct VideoSpellingTests {
  @Test(
    "a live stream's state is read in capitals, and as its transcoder's",
    arguments: [("\"started\"", "\"STARTED\""), ("\"stopped\"", "\"Stopped\""), ("\"live_stream\"", "\"transcoder\"")])
  func state(told: String, instead: String) async throws {
    try await Given.relayed { ask, answer in
      guard ask.path.hasSuffix("/state") else { return answer }
      var answer = answer
      answer.body.replace(told, with: instead)
      return answer
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(try job.output(RestreamResult.self).state == "started")
      #expect(job.failures == 0)
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  @Test(
    "a start that was carried out and refused because of the stream counts for nothing, whatever the word",
    arguments: [(409, "ERR-409-Conflict"), (422, "ERR-422-RecordInvalid"), (422, "ERR-422-InvalidStateChange")])
  func start(status: Int, code: String) async throws {
    let times = Times(1)
    try await Given.relayed { ask, answer in
      guard ask.path.hasSuffix("/start"), times.next() else { return answer }
      return .json(status, #"{"meta":{"status":\#(status),"code":"\#(code)","message":"already starting"}}"#)
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let begin = given.clock.now()
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(given.clock.now() - begin < .seconds(60))
      #expect(try await given.videoCount("starts") == 1)
    }
  }

  @Test("an asset's state is read in capitals")
  func assetState() async throws {
    try await Given.relayed { _, answer in
      var answer = answer
      answer.body.replace("\"completed\"", with: "\"COMPLETED\"")
      return answer
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let begin = given.clock.now()
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(given.clock.now() - begin < .seconds(60))
    }
  }

  @Test("an asset that is there and that the restream does not know yet is waited for", arguments: [404, 410])
  func assetNotYetKnown(status: Int) async throws {
    let times = Times(3)
    let code = status == 404 ? "ERR-404-RecordNotFound" : "ERR-410-RecordDeleted"
    try await Given.relayed { ask, answer in
      guard ask.method == "POST", times.next() else { return answer }
      return .json(status, #"{"meta":{"status":\#(status),"code":"\#(code)","message":"not found"}}"#)
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(status == 404 ? job.state == .completed && job.failures == 0 : job.state == .dead, "\(job)")
    }
  }

  @Test("a live stream or target of one's own that the service makes and does not show ends no job")
  func hidden() async throws {
    try await Given.relayed { ask, answer in
      let parts = ask.path.split(separator: "/").count
      let isRecord = ask.path.contains("/live_streams/") && parts == 4 || ask.path.contains("/fastly/")
      guard ask.method == "GET", isRecord else { return answer }
      return .json(403, #"{"meta":{"status":403,"code":"ERR-403-RecordUnaccessible","message":"not yours"}}"#)
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      let stream = try await given.outcome(of: RestreamTests.parameters).output(RestreamResult.self)
      #expect(stream.state == "started" && stream.playbackURL == nil)
      let target = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      #expect(target.created)
    }
  }

  @Test("a start that is refused for good ends the job at its limit, in the service's words")
  func neverStarted() async throws {
    try await Given.relayed { ask, answer in
      guard ask.path.hasSuffix("/start") else { return answer }
      return .json(422, #"{"meta":{"status":422,"code":"ERR-422-RecordInvalid","message":"no encoder is set"}}"#)
    } body: { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      // The relay asks before it refuses, and the account must not start it.
      try await given.control("PATCH", "/settings/video", #"{"startOutcome":"stopped"}"#)
      let failure = try #require(try await given.outcome(of: RestreamTests.parameters).lastFailure)
      #expect(failure.code == "start-stuck")
      #expect(failure.message.contains("no encoder is set"))
    }
  }

  @Test(
    "a target is ours however its origin and region are told",
    arguments: [
      (#""custom_origin_url":"https://example-live.s3.eu-central-1.amazonaws.com""#, #""custom_origin_url":"""#),
      (
        #""custom_origin_url":"https://example-live"#, #""custom_origin_url":"example-live"#
      ),
      (#""custom_origin_region":"eu""#, #""custom_origin_region":"EU""#),
      (#""custom_origin_region":"eu""#, #""custom_origin_region":"""#),
    ])
  func target(told: String, instead: String) async throws {
    try await Given.relayed { _, answer in
      var answer = answer
      answer.body.replace(told, with: instead)
      return answer
    } body: { given in
      let made = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      let again = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      #expect(made.created && !again.created && again.id == made.id)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("pages that are refused for their size are asked for smaller", arguments: [400, 422])
  func pageSize(status: Int) async throws {
    try await Given.relayed { ask, answer in
      guard ask.path.hasSuffix("per_page=1000") else { return answer }
      return .json(status, #"{"meta":{"status":\#(status),"message":"per_page is at most 100"}}"#)
    } body: { given in
      let made = try await given.outcome(of: FastlyTargetTests.parameters).output(FastlyTargetResult.self)
      #expect(made.created)
    }
  }
}
