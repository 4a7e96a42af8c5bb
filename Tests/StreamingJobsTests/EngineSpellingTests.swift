import HTTPTransport
import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing

@Suite("create-map-entry, with an engine that spells its answers otherwise")
struct EngineSpellingTests {
  private let parameters = MapEntryTests.single

  @Test(
    "a name that does not exist may be told in a success: the entry is made",
    arguments: [
      #"{"serverName":"_defaultServer_"}"#,
      #"{"serverName":"_defaultServer_","entryName":null,"sourceStreamName":"","enabled":true,"port":1935}"#,
      #"{"serverName":"_defaultServer_","mapEntries":[]}"#,
      #"{"success":false,"code":"404","message":"not found","wowzaServer":"4.8.27"}"#,
    ])
  func missing(body: String) async throws {
    try await Given.relayed { ask, answer in
      ask.method == "GET" && answer.status == 404 ? .json(200, body) : answer
    } body: { given in
      let result = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(result.created)
      #expect(try await given.engineCount("created") == 1)
    }
  }

  @Test("the entry is read where it stands", arguments: ["data", "list"])
  func wrapped(place: String) async throws {
    try await Given.relayed { ask, answer in
      guard ask.method == "GET", answer.status == 200 else { return answer }
      return .json(
        200,
        place == "data"
          ? #"{"success":true,"message":"","data":\#(answer.body)}"#
          : #"{"serverName":"s","mapEntries":[\#(answer.body)]}"#)
    } body: { given in
      let made = try await given.outcome(of: parameters).output(MapEntryResult.self)
      let again = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(made.created && again.unchanged)
    }
  }

  // worker                  another client      engine
  // GET: 404
  //                         POST: 201
  // POST                                        refuses it, in some way
  // GET: it is there
  @Test(
    "a name that exists may be refused in any way",
    arguments: [
      (200, #"{"success":false,"code":"409","message":"exists"}"#), (200, #"{"success":false,"message":"exists"}"#),
      (412, #"{"success":false,"code":"412","message":"exists"}"#), (422, #"{"success":false,"message":"exists"}"#),
    ])
  func duplicate(status: Int, body: String) async throws {
    try await Given.relayed { _, answer in
      answer.status == 409 ? .json(status, body) : answer
    } body: { given in
      let job = try await given.outcome(
        of: parameters,
        Meanwhile(at: .intentWritten) {
          try await given.putEntry(
            "cam-01-s3",
            #"{"sourceStreamName":"cam-01","streamName":"cam-01","profile":"cupertino-cloudstorage"}"#)
          try await given.control("PATCH", "/settings/engine/fra1", #"{"optionsReading":"absent"}"#)
        })
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(try await given.engineCount("created") == 1)
    }
  }

  @Test("a refusal in a success is the job's own: it closes no gate")
  func refusedInSuccess() async throws {
    try await Given.relayed { _, answer in
      answer.status == 400 ? .json(200, #"{"success":false,"code":"400","message":"Invalid profile"}"#) : answer
    } body: { given in
      try await given.fault(#"{"listener":"engine fra1","kind":"status","status":400,"method":"POST"}"#)
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .dead && job.failures == 1)
      #expect(job.lastFailure?.message.contains("400 Invalid profile") == true)
    }
  }

  @Test("an entry that is not seen at once after it was made is waited for")
  func seenLate() async throws {
    let times = Times(3)
    try await Given.relayed { ask, answer in
      guard ask.method == "GET", answer.status == 200, times.next() else { return answer }
      return .json(404, #"{"success":false,"code":"404","message":"not found","wowzaServer":"4.8.27"}"#)
    } body: { given in
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(try await given.engineCount("created") == 1)
    }
  }

  // worker                          engine
  // POST                            makes the entry
  // GET                             404: not seen yet
  // GET, for nine minutes           is restarted: pages of its proxy
  // GET                             404: not read in yet
  // GET                             there it is
  @Test("an outage does not use up the time for which an entry that is not seen is waited for")
  func seenAfterOutage() async throws {
    let looks = Times(1 + 12 + 3)
    try await Given.relayed { ask, answer in
      guard ask.method == "GET", answer.status == 200, looks.next() else { return answer }
      guard looks.asked == 1 || looks.asked > 13 else {
        return Relay.Answer(502, fields: ["Content-Type: text/html"], "<html>Bad gateway</html>")
      }
      return .json(404, #"{"success":false,"code":"404","message":"not found","wowzaServer":"4.8.27"}"#)
    } body: { given in
      let began = given.clock.now()
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(given.clock.now() - began > .seconds(500))
      #expect(try await given.engineCount("created") == 1)
    }
  }

  // worker                          load balancer
  // POST                            passes it on
  // GET, GET, GET, …                answers itself: the engine is not healthy
  // GET                             passes it on
  @Test(
    "JSON of somebody else never means that the entry is gone, however long it comes",
    arguments: [
      (200, #"{"name":"lb-7","version":"1.4.2"}"#), (200, #"{"serverName":"lb-7"}"#),
      (200, #"{"success":false,"message":"starting"}"#), (404, #"{"success":false,"message":"no route"}"#),
      (404, #"{"success":false,"code":"404","message":"no route","data":null}"#),
    ])
  func healthPage(status: Int, body: String) async throws {
    let looks = Times(30)
    try await Given.relayed { ask, answer in
      guard ask.method == "GET", answer.status == 200, looks.next() else { return answer }
      return .json(status, body)
    } body: { given in
      let began = given.clock.now()
      let job = try await given.outcome(of: parameters)
      #expect(job.state == .completed && job.failures == 0, "\(job)")
      #expect(given.clock.now() - began > .seconds(200))
      #expect(try await given.engineCount("created") == 1)
    }
  }

  @Test(
    "what an engine does not tell of the entry that it was asked for could not be read, and ends no job",
    arguments: ["streamName", "profile", "group.name", "group.streamMatcher", "childProfile"])
  func untold(field: String) async throws {
    let isGroup = field.hasPrefix("group") || field == "childProfile"
    try await Given.relayed { ask, answer in
      guard ask.method == "GET" else { return answer }
      var answer = answer
      answer.body.replace(#""\#(field)":"#, with: #""other":"#)
      return answer
    } body: { given in
      let parameters = isGroup ? MapEntryTests.adaptive : parameters
      let result = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(result.created && result.unread == [field])
    }
  }

  @Test(
    "options may be nested once more, the provider in small letters, the secret blanked out by a word",
    arguments: [
      (#""cloudstorage.provider":"S3""#, #""cloudstorage.provider":"s3""#),
      (#""cloudstorage.secretAccessKey":"canary-push-secret""#, #""cloudstorage.secretAccessKey":"[hidden]""#),
      (#""cloudstorage.secretAccessKey":"canary-push-secret""#, #""cloudstorage.secretAccessKey":"REDACTED""#),
      (#""cloudstorage.region":"eu-central-1""#, #""cloudstorage":{"region":"eu-central-1"}"#),
    ])
  func options(told: String, instead: String) async throws {
    try await Given.relayed { ask, answer in
      guard ask.method == "GET" else { return answer }
      var answer = answer
      answer.body.replace(told, with: instead)
      return answer
    } body: { given in
      let made = try await given.outcome(of: parameters).output(MapEntryResult.self)
      let again = try await given.outcome(of: parameters).output(MapEntryResult.self)
      #expect(made.created && again.unchanged)
    }
  }
}
