import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("create-fastly-target, whatever the service tells of its targets")
struct FastlyTargetReadingTests {
  private let parameters = FastlyTargetTests.parameters

  static let readings =
    [#""targetFields":"all""#, #""targetFields":"guide""#, #""hiddenSeconds":20"#]
    + PagingReading.some.map(\.settings)

  @Test("makes one target, and finds it again", arguments: readings, Disturbance.all)
  func once(reading: String, disturbance: Disturbance) async throws {
    try await Given.standIns { given in
      for number in 1...4 { try await given.target(named: "other-\(number)", origin: "https://o\(number).example.com") }
      try await given.control("PATCH", "/settings/video", "{\(reading)}")
      if let fault = disturbance.fault { try await given.fault(fault) }
      let made = try await given.outcome(of: parameters, disturbance.injector).output(FastlyTargetResult.self)
      #expect(made.originURL == "https://example-live.s3.eu-central-1.amazonaws.com")
      let again = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(again.id == made.id && !again.created)
      #expect(try await given.videoCount("createdTargets") == 5)
      #expect(try await given.videoCount("duplicates") == 0)
    }
  }

  @Test(
    "a list without items is told in many ways, and the first target is made",
    arguments: [
      #"{"stream_targets_fastly":null,"pagination":{"total_records":0}}"#,
      #"{"pagination":{"total_records":0,"page":1}}"#, #"{"stream_targets_fastly":[]}"#,
      #"{"stream_targets_fastly":[],"pagination":{}}"#,
    ])
  func emptyList(answer: String) async throws {
    try await Given.relayed { ask, told in
      ask.method == "GET" && ask.path.contains("page=") && !told.body.contains("cdn-example-live")
        ? .json(200, answer) : told
    } body: { given in
      let job = try await given.outcome(of: parameters)
      #expect(try job.output(FastlyTargetResult.self).created && job.failures == 0, "\(job)")
      #expect(try await given.outcome(of: parameters).output(FastlyTargetResult.self).created == false)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("a list that is told as null and as long is not taken for an empty one")
  func nullList() async throws {
    let times = Times(3)
    try await Given.relayed { ask, told in
      guard ask.method == "GET", ask.path.contains("page="), times.next() else { return told }
      return .json(200, #"{"stream_targets_fastly":null,"pagination":{"total_records":3}}"#)
    } body: { given in
      try await given.target(named: "cdn-example-live", origin: "https://example-live.s3.eu-central-1.amazonaws.com")
      let result = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(!result.created)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("one page of a list that shows no other is never taken for the whole", arguments: PagingReading.cut)
  func onePageOnly(reading: PagingReading) async throws {
    try await Given.standIns { given in
      for number in 1...4 { try await given.target(named: "other-\(number)", origin: "https://o\(number).example.com") }
      // Ours is there, behind the first page.
      let made = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(made.created)
      try await given.control("PATCH", "/settings/video", "{\(reading.settings)}")
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .held && job.failures == 0, "\(job)")
      #expect(job.waitReason?.contains("nothing is created while the list may be incomplete") == true)
      #expect(try await given.videoCount("createdTargets") == 5)
    }
  }

  @Test("a list that was cut where lists usually are, and shows the same again and again, is not taken for the whole")
  func usualCut() async throws {
    let first = Shelf(25)
    try await Given.relayed { ask, answer in
      // Neither page nor size is heeded, and nothing is told.
      guard ask.method == "GET", ask.path.contains("/stream_targets/fastly?") else { return answer }
      return .json(200, first.list)
    } body: { given in
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .held && job.failures == 0, "\(job)")
      #expect(job.waitReason?.contains("page 2 of the list contains nothing new") == true)
      #expect(try await given.videoCount("createdTargets") == 0)
    }
  }

  @Test("what is told of a target and differs is told, and what is not told is not")
  func told() async throws {
    try await Given.standIns({ $0.videoSettings.targetFields = .guide }) { given in
      try await given.target(named: "cdn-example-live", origin: "https://elsewhere.example.com", region: "asia")
      var parameters = parameters
      parameters.forceSSL = true
      let failure = try #require(try await given.outcome(of: parameters).lastFailure)
      #expect(failure.code == "differs")
      #expect(failure.message.hasSuffix("differs: force_ssl_playback is false, not true"))
    }
  }

  @Test("a list that says it holds more than it shows is read again for a while, then holds the job")
  func contradiction() async throws {
    try await Given.standIns({ $0.videoSettings.pagination = .tooLarge }) { given in
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .held && job.failures == 0)
      #expect(job.waitReason?.contains("the list announces 1 records but has 0") == true)
      #expect(try await given.videoCount("createdTargets") == 0)
    }
  }

  @Test(
    "one bucket gets no second target under another name, however its origin is spelled, unless that is asked for",
    arguments: [
      "https://example-live.s3.eu-central-1.amazonaws.com", "https://EXAMPLE-LIVE.s3.eu-central-1.amazonaws.com:443/",
      "http://example-live.s3.eu-central-1.amazonaws.com",
      "https://example-live.s3.dualstack.eu-central-1.amazonaws.com",
      "https://s3.eu-central-1.amazonaws.com/example-live/", "https://example-live.s3.amazonaws.com",
    ])
  func sameOrigin(origin: String) async throws {
    try await Given.standIns { given in
      let there = try await given.target(named: "front", origin: origin)
      let failure = try #require(try await given.outcome(of: parameters).lastFailure)
      #expect(failure.code == "same-origin")
      #expect(failure.message.contains(there) && failure.message.contains("'front'"))
      #expect(failure.hint?.contains("--allow-same-origin true") == true)
      #expect(try await given.videoCount("createdTargets") == 1)
      var allowed = parameters
      allowed.allowSameOrigin = true
      #expect(try await given.outcome(of: allowed).output(FastlyTargetResult.self).created)
      #expect(try await given.videoCount("createdTargets") == 2)
      // Both are there, and each name is found as its own.
      #expect(try await given.outcome(of: parameters).output(FastlyTargetResult.self).id != there)
      #expect(try await given.videoCount("createdTargets") == 2)
    }
  }

  @Test("a look at many targets that is broken off goes on where it stopped, and still finds the one in the way")
  func manyOthers() async throws {
    let looks = Times(0)
    try await Given.relayed { ask, answer in
      if ask.method == "GET", ask.path.contains("/fastly/") { _ = looks.next() }
      return answer
    } body: { given in
      for number in 1...44 {
        try await given.target(named: "other-\(number)", origin: "https://o\(number).example.com")
      }
      try await given.target(named: "front", origin: "https://example-live.s3.eu-central-1.amazonaws.com")
      let job = try await given.outcome(of: parameters, ScriptedFaults(at: .checkpointWritten, arrival: 2))
      #expect(job.state == .dead && job.lastFailure?.code == "same-origin")
      #expect(looks.asked == 45)
      #expect(try await given.videoCount("createdTargets") == 45)
    }
  }

  @Test("two jobs with two names for one origin are one job, however it is spelled, and two where that is asked for")
  func uniqueKey() {
    var other = parameters
    other.name = "front"
    other.originURL = "https://EXAMPLE-live.s3.eu-central-1.amazonaws.com:443/"
    #expect(other.uniqueKey == parameters.uniqueKey)
    var (first, second) = (parameters, other)
    first.allowSameOrigin = true
    second.allowSameOrigin = true
    #expect(first.uniqueKey != second.uniqueKey)
    // By its usual name it is the usual target, whatever is allowed; and one looks after the other.
    #expect(first.uniqueKey == parameters.uniqueKey)
    #expect(Set([first, second, parameters, other].map(\.concurrencyKey)).count == 1)
  }

  @Test("an archived target, and one that the service does not show, does not stand in the way of another name")
  func others() async throws {
    try await Given.standIns { given in
      let hidden = try await given.target(named: "hidden", origin: "https://o.example.com")
      let path = #""pathPrefix":"/api/v1.11/stream_targets/fastly/\#(hidden)""#
      try await given.fault(#"{"listener":"video","kind":"status","status":403,"method":"GET",\#(path)}"#)
      #expect(try await given.outcome(of: parameters).output(FastlyTargetResult.self).created)
    }
  }

  @Test("a target of our name that the service does not show holds the job: asking could make a second one")
  func hiddenName() async throws {
    try await Given.standIns { given in
      let hidden = try await given.target(named: "cdn-example-live", origin: "https://o.example.com")
      let path = #""pathPrefix":"/api/v1.11/stream_targets/fastly/\#(hidden)""#
      try await given.fault(#"{"listener":"video","kind":"status","status":403,"method":"GET",\#(path)}"#)
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .held && job.failures == 0)
      #expect(job.waitReason?.contains(hidden) == true)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }
}

/// So many targets of others, in one list.
private struct Shelf {
  let list: String

  init(_ count: Int) {
    let targets = (1...count).map { #"{"id":"other-\#($0)","name":"other-\#($0)"}"# }
    list = #"{"stream_targets_fastly":[\#(targets.joined(separator: ","))]}"#
  }
}

extension Given {
  /// Makes a target as a person would; gives its id.
  @discardableResult
  fileprivate func target(named name: String, origin: String, region: String = "eu") async throws -> String {
    try await clients.wowzaVideo("main").createStreamTarget(
      NewStreamTarget(name: name, originURL: origin, originRegion: region)
    ).id
  }
}
