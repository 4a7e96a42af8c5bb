import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

@Suite("A refusal that proves nothing", .timeLimit(.minutes(20)))
struct UnprovenRefusalTests {
  /// What a request that makes something is answered, while the provider goes on with it.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answer: Relay.Answer
    /// Whether the job dies of it, and leaves its doubt to the next one.
    var endsJob = false

    static let video = own("Wowza Video") { #"{"meta":{"status":\#($0),"message":"the service's words"}}"# } + pages
    static let engine =
      own("the engine") { #"{"success":false,"code":"\#($0)","message":"its words","wowzaServer":"4.8.27"}"# } + pages

    private static func own(_ who: String, _ body: (Int) -> String) -> [Refusal] {
      [408, 500, 502, 503, 504].map { Refusal(testDescription: "\(who)'s own \($0)", answer: .json($0, body($0))) }
    }

    private static let pages =
      [200, 302, 401, 403, 404, 407, 409, 413, 422, 429, 500, 502, 503].map { status in
        Refusal(
          testDescription: "a page with \(status)",
          answer: Relay.Answer(status, fields: ["Content-Type: text/html"], "<html><body>Sorry</body></html>"),
          endsJob: status == 413)
      } + [
        Refusal(testDescription: "an empty 204", answer: Relay.Answer(204)),
        Refusal(testDescription: "an empty 503", answer: Relay.Answer(503)),
        Refusal(
          testDescription: "a 503 that asks for 50 s", answer: Relay.Answer(503, fields: ["Retry-After: 50"], "<html>")),
      ]
  }

  // worker                            on the way           provider
  // POST                              answers so
  // looks: nothing there
  // looks: nothing there
  //                                   passes it on         made, after a minute
  // looks: there it is, adopted
  private func late(
    _ refusal: Refusal, of parameters: some JobParameters, counted: String, _ settings: VideoSettings = VideoSettings(),
    ends state: JobState = .completed
  ) async throws {
    try await Given.withholding(refusal.answer) { given, relay in
      try await given.control("POST", "/assets", #"{"id":"talk-1"}"#)
      var id = try await given.enqueue(parameters)
      try await given.attempt()
      let made = given.clock.now() + .seconds(60)
      if refusal.endsJob {
        #expect(try await given.job(id).state == .dead)
        id = try await given.enqueue(parameters)
      }
      #expect(try await given.videoCount(counted) == 0)
      while try await given.attempt() {}
      while let due = try await given.store.nextDue(), due < made {
        try await given.passUntilDue()
        try await given.attempt()
      }
      #expect(try await given.videoCount(counted) == 0, "asked again while the first request may still take effect")
      given.clock.advance(by: made - given.clock.now())
      try await given.standIns.sendTime()
      relay.passOn()
      let job = try await given.run(id)
      #expect(job.state == state, "\(job)")
      #expect(try await given.videoCount(counted) == 1)
    } configuration: {
      $0.videoSettings = settings
    }
  }

  @Test("makes one live stream, when the request takes effect a minute later", arguments: Refusal.video)
  func liveStream(refusal: Refusal) async throws {
    try await late(refusal, of: RestreamTests.parameters, counted: "createdLiveStreams")
  }

  @Test("holds the job where a live stream does not tell its asset", arguments: Refusal.video)
  func untoldLiveStream(refusal: Refusal) async throws {
    var settings = VideoSettings()
    settings.liveStreamAsset = .missing
    try await late(refusal, of: RestreamTests.parameters, counted: "createdLiveStreams", settings, ends: .held)
  }

  @Test("makes one stream target, when the request takes effect a minute later", arguments: Refusal.video)
  func target(refusal: Refusal) async throws {
    try await late(refusal, of: FastlyTargetTests.parameters, counted: "createdTargets")
  }

  @Test("asks again once nothing can come any more", arguments: [Refusal.video[3], Refusal.video[14]])
  func neverMade(refusal: Refusal) async throws {
    try await Given.withholding(refusal.answer) { given, _ in
      let begin = given.clock.now()
      let job = try await given.outcome(of: FastlyTargetTests.parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(given.clock.now() - begin >= WowzaVideoLateEffects.standard)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  // The engine refuses a second entry of a name, so the job need not wait: whichever request comes first makes it.
  @Test(
    "makes one map entry, whether its request takes effect before the next one or after it", arguments: Refusal.engine,
    [true, false])
  func mapEntry(refusal: Refusal, isBefore: Bool) async throws {
    try await Given.withholding(refusal.answer) { given, relay in
      var id = try await given.enqueue(MapEntryTests.single)
      try await given.attempt()
      if isBefore { relay.passOn() }
      if refusal.endsJob { id = try await given.enqueue(MapEntryTests.single) }
      #expect(try await given.run(id).state == .completed)
      relay.passOn()
      #expect(try await given.engineCount("created") == 1)
      #expect(try await given.mapEntries().count == 1)
    }
  }

  // worker                            on the way           engine
  // PUT, merged                       503
  // GET: differs; PUT, merged anew                         changed
  //                                   passes the first on  changed, to the same
  @Test(
    "of a change leaves the entry as it was asked for, when the request takes effect after its repeat",
    arguments: Refusal.engine.filter { !$0.endsJob })
  func change(refusal: Refusal) async throws {
    try await Given.withholding(refusal.answer, method: "PUT") { given, relay in
      try await given.putEntry(
        "cam-01-s3",
        #"{"sourceStreamName":"cam-02","profile":"cupertino-cloudstorage","enabled":true,"foreign":"kept"}"#)
      var parameters = MapEntryTests.single
      parameters.onExisting = .replace
      let result = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(!result.created && result.changed.contains("sourceStreamName"))
      relay.passOn()
      let entry = try #require(try await given.mapEntries().first)
      #expect(entry["sourceStreamName"] == "cam-01" && entry["foreign"] == "kept")
      #expect(try await given.mapEntries().count == 1)
    }
  }
}

/// Which answers of a provider prove that a request which makes something did nothing.
@Suite("What an answer proves")
struct AnswerProofTests {
  /// A status in a provider's own words.
  struct Own: Sendable, CustomTestStringConvertible {
    let provider: FailureCase.Provider
    let status: Int

    var testDescription: String { "\(provider)'s own \(status)" }

    /// A refusal before anything is done; the others may come in the midst of it, or after.
    var isProof: Bool { (400..<500).contains(status) && status != 408 || status == 501 && provider != .engine }

    var text: String {
      switch provider {
      case .engine:
        AnswerServer.answer(
          status, headers: ["Content-Type: application/json"],
          body: #"{"success":false,"code":"\#(status)","message":"words","wowzaServer":"4.8.27"}"#)
      case .video:
        AnswerServer.answer(
          status, headers: ["Content-Type: application/json"],
          body: #"{"meta":{"status":\#(status),"message":"words"}}"#)
      case .s3:
        AnswerServer.answer(
          status, headers: ["x-amz-request-id: r1"],
          body: "<Error><Code>\(status == 503 ? "SlowDown" : "NobodyKnows")</Code><Message>words</Message></Error>")
      }
    }

    static let all =
      FailureCase.Provider.allCases.flatMap { provider in
        [400, 401, 403, 404, 405, 408, 409, 410, 412, 422, 423, 429, 499, 500, 501, 502, 503, 504, 507, 520, 599].map {
          Own(provider: provider, status: $0)
        }
      } + [Own(provider: .engine, status: 302), Own(provider: .video, status: 303)]

    /// A request that makes something.
    func ask(_ transport: CurlTransport, _ base: String) async throws {
      guard provider == .engine else { return try await provider.ask(transport, base) }
      try await FailureCase.Provider.engine(transport, base).createMapEntry(
        MapEntry(sourceStreamName: "cam", profile: "rtmp"), named: "cam", application: "live")
    }
  }

  @Test("of the provider's own: a 4xx refuses, but 408; whatever else leaves it open", arguments: Own.all)
  func own(answer: Own) async throws {
    try await answering(answer.text) { transport, port in
      let error = try await #require(throws: ProviderError.self) {
        try await answer.ask(transport, "http://127.0.0.1:\(port)")
      }
      #expect(error.isFromProvider)
      #expect(error.mayHaveTakenEffect == !answer.isProof, "\(error)")
    }
  }

  @Test(
    "of somebody in between: none, whatever the status", arguments: FailureCase.Provider.allCases, Array(400...451))
  func foreign(provider: FailureCase.Provider, status: Int) async throws {
    let page = AnswerServer.answer(status, headers: ["Content-Type: text/html"], body: "<html>Sorry</html>")
    try await answering(page) { transport, port in
      let error = try await #require(throws: ProviderError.self) {
        try await provider.ask(transport, "http://127.0.0.1:\(port)")
      }
      #expect(!error.isFromProvider && error.mayHaveTakenEffect, "\(error)")
    }
  }
}

extension Given {
  /// Runs `body` with relays that answer the first request of a method so, and keep it from the provider.
  fileprivate static func withholding(
    _ answer: Relay.Answer, method: String = "POST", body: (Given, Relays) async throws -> Void,
    configuration: (inout StandInsConfiguration) -> Void = { _ in }
  ) async throws {
    try await standIns(configuration) { given in
      let ports = given.standIns.ports
      let times = Times(1)
      let withhold = { @Sendable (ask: Relay.Ask) in ask.method == method && times.next() ? answer : nil }
      let video = try Relay(to: try #require(UInt16(exactly: ports.video)), withhold: withhold)
      defer { video.stop() }
      let engine = try Relay(
        to: try #require(ports.engines["fra1"].flatMap { UInt16(exactly: $0) }), withhold: withhold)
      defer { engine.stop() }
      try await body(try given.led(through: video, engine), Relays(video: video, engine: engine))
    }
  }

  fileprivate struct Relays {
    let video: Relay
    let engine: Relay

    func passOn() {
      video.passOn()
      engine.passOn()
    }
  }
}
