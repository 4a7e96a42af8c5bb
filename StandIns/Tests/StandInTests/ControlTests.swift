import Testing

@testable import rundown_standins

@Suite("The control API")
struct ControlTests {
  @Test("counts what was done to each engine apart, and how often each name was made")
  func counts() async throws {
    try await Given.standIns { given in
      for _ in 0..<2 {
        _ = try await given.engine("POST", Given.map + "/cam", body: "{}")
        _ = try await given.engine("PUT", Given.map + "/cam", body: "{}")
        _ = try await given.engine("DELETE", Given.map + "/cam")
      }
      let counts = try await given.counts("engines", "fra1")
      #expect(counts["requests"] == 6)
      #expect(counts["created"] == 2)
      #expect(counts["updated"] == 2)
      #expect(counts["deleted"] == 2)
      #expect(counts["creations"] == [["application": "live", "name": "cam", "times": 2]])
      #expect(counts["duplicates"] == 1)
      #expect(try await given.counts("engines", "fra2", "requests") == 0)
    }
  }

  @Test("shows the state and the journal without one secret")
  func noSecrets() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .basic }) { given in
      let right = ["Authorization": "Basic d3NlOndzZS1zZWNyZXQ="]
      let body = #"{"password":"canary-1","extraOptions":{"cloudstorage.secretAccessKey":"canary-2"}}"#
      _ = try await given.engine("POST", Given.map + "/cam?token=canary-3", headers: right, body: body)
      let target = StreamTargetTests.body(#""name":"a","token_auth_shared_secret":"canary-4""#)
      _ = try await given.video("POST", StreamTargetTests.path, body: target)
      let state = try await given.control("GET", "/state")
      #expect(try state.json["engines"]?["fra1"]?["live"]?.elements.first?["entryName"] == "cam")
      #expect(try state.json["targets"]?.elements.first?["token_auth_enabled"] == false)
      let journal = try await given.control("GET", "/journal")
      #expect(try journal.json["requests"]?.elements.map { $0["status"] } == [201, 201])
      for text in [state.body, journal.body] {
        #expect(!text.contains("canary"))
        #expect(!text.contains("d3NlOndzZS1zZWNyZXQ="))
        #expect(!text.contains("standin-token"))
      }
    }
  }

  @Test("names the fault of a request in the journal; a cut one has no status")
  func journal() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"cutBeforeEffect"}"#)
      _ = await RawHTTP.send(port: try given.enginePort, "POST", Given.map + "/cam", body: "{}")
      let lines = try await given.control("GET", "/journal").json["requests"]?.elements ?? []
      #expect(lines.map { $0["status"] } == [.null])
      #expect(lines.map { $0["faults"] } == [["cutBeforeEffect"]])
    }
  }

  @Test("changes settings while it runs and refuses what it does not know")
  func settings() async throws {
    try await Given.standIns { given in
      let changed = try await given.control("PATCH", "/settings/engine/fra1", #"{"authentication":"basic"}"#)
      #expect(try changed.text("authentication") == "basic")
      #expect(try await given.engine("GET", Given.map).status == 401)
      let unknown = try await given.control("PATCH", "/settings/video", #"{"startdelay":1}"#)
      #expect(unknown.status == 400)
      #expect(try unknown.text("error")?.contains("startdelay") == true)
      let wrong = try await given.control("PATCH", "/settings/engine/fra1", #"{"authentication":"magic"}"#)
      #expect(wrong.status == 400)
      #expect(try await given.control("GET", "/settings/engine/nobody").status == 404)
    }
  }

  @Test("a reset empties everything, takes the faults away and brings the first settings back")
  func reset() async throws {
    try await Given.standIns { given in
      _ = try await given.engine("POST", Given.map + "/cam", body: "{}")
      _ = try await given.video("POST", StreamTargetTests.path, body: StreamTargetTests.body(#""name":"a""#))
      try await given.control("POST", "/assets", #"{"id":"a1"}"#)
      try await given.control("PATCH", "/settings/engine/fra1", #"{"authentication":"basic"}"#)
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"htmlError"}"#)
      #expect(try await given.control("POST", "/reset").status == 200)
      #expect(try await given.counts("engines", "fra1", "requests") == 0)
      #expect(try await given.counts("video", "createdTargets") == 0)
      #expect(try await given.engine("GET", Given.map + "/cam").status == 404)
      #expect(try await given.video("GET", "/api/v1.11/assets/a1").status == 404)
    }
  }

  @Test("answers healthz with every listener, and 404 with the paths that exist")
  func healthz() async throws {
    try await Given.standIns { given in
      let health = try await given.control("GET", "/healthz")
      #expect(try health.json["listening"] == ["engine fra1": true, "engine fra2": true, "video": true])
      let unknown = try await given.control("GET", "/nothing")
      #expect(unknown.status == 404)
      #expect(try unknown.text("error")?.contains("/faults") == true)
    }
  }

  @Test("stop closes every port")
  func stop() async throws {
    let standIns = try await StandIns.start(StandInsConfiguration())
    await standIns.stop()
    let ports = [standIns.ports.control, standIns.ports.video] + standIns.ports.engines.values
    for port in ports {
      let outcome = try await RawHTTP.outcomeOnceClosed(port: port)
      guard case .refused = outcome else {
        Issue.record("port \(port) still answers: \(outcome)")
        continue
      }
    }
  }

  @Test(
    "the words of the command line are read, and nonsense is not", arguments: [("2s", 2.0), ("500ms", 0.5), ("3", 3)])
  func delays(text: String, seconds: Double) {
    #expect(Delay(argument: text)?.seconds == seconds)
    #expect(Delay(argument: "-" + text) == nil)
    #expect(EngineAddress(argument: "fra1=0")?.name == "fra1")
    #expect(EngineAddress(argument: "fra1=70000") == nil)
    #expect(EngineAddress(argument: "=1") == nil)
  }

  // client                          stand-in                      test
  // POST, waits for its answer      sleeps for a minute
  //                                                               sets the clock 59 s on: asleep
  //                                                               sets it another second on: awake
  @Test("the clock that is set stands still, and wakes whoever waited for that time")
  func clock() async throws {
    try await Given.standIns { given in
      let start = 1_800_000_000_000
      func set(_ milliseconds: Int) async throws {
        #expect(try await given.control("POST", "/clock", "{\"milliseconds\":\(milliseconds)}").status == 200)
      }
      try await set(start)
      try await given.control(
        "POST", "/faults", #"{"listener":"engine fra1","kind":"slow","delayMilliseconds":60000,"count":1}"#)
      async let answer = given.engine("POST", Given.map + "/cam", body: "{}")
      // Struck: it sleeps now, or is about to.
      while try await given.control("GET", "/faults").json["faults"]?.elements.first?["applied"] != 1 {}
      try await set(start + 59_000)
      #expect(try await given.counts("engines", "fra1", "created") == 0)
      // Time that passes before the request has begun to sleep does not count for it.
      while try await given.counts("engines", "fra1", "created") == 0 { try await set(start + 119_000) }
      #expect(try await answer.status == 201)
      #expect(try await given.control("POST", "/clock", #"{"seconds":1}"#).status == 400)
    }
  }
}
