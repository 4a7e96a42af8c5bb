import FoundationEssentials
import Testing

@testable import rundown_standins

@Suite("Faults, switched on over the control API")
struct FaultTests {
  @Test("cut after the effect: no byte is answered, the entry is there, and it happens as often as asked")
  func cutAfterEffect() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"cutAfterEffect","count":1}"#)
      // A look-up and a refused write have no effect, so they do not use the fault up.
      #expect(try await given.engine("GET", Given.map + "/cam").status == 404)
      #expect(try await given.engine("DELETE", Given.map + "/cam").status == 404)
      let cut = await RawHTTP.send(port: try given.enginePort, "POST", Given.map + "/cam", body: "{}")
      guard case .closedSilently = cut else {
        Issue.record("expected an ended connection, got \(cut)")
        return
      }
      #expect(try await given.counts("engines", "fra1", "created") == 1)
      #expect(try await given.engine("POST", Given.map + "/cam", body: "{}").status == 409)
    }
  }

  @Test("cut before the effect: no byte is answered and nothing was made")
  func cutBeforeEffect() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/faults", #"{"listener":"video","kind":"cutBeforeEffect","count":1}"#)
      let path = StreamTargetTests.path
      let body = StreamTargetTests.body(#""name":"a""#)
      let cut = await RawHTTP.send(
        port: given.standIns.ports.video, "POST", path, headers: ["Authorization": "Bearer standin-token"], body: body)
      guard case .closedSilently = cut else {
        Issue.record("expected an ended connection, got \(cut)")
        return
      }
      #expect(try await given.counts("video", "createdTargets") == 0)
      #expect(try await given.counts("video", "requests") == 1)
      #expect(try await given.video("POST", path, body: body).status == 201)
    }
  }

  @Test("down: connects are refused at this listener only, and the same port answers after the time")
  func down() async throws {
    let (released, release) = AsyncStream<Void>.makeStream()
    // The down time ends when the test says so.
    let time = StandInTime(now: { Date(timeIntervalSince1970: 0) }, sleep: { _ in for await _ in released { break } })
    try await Given.standIns({ $0.time = time }) { given in
      let fault = #"{"listener":"engine fra1","kind":"down","durationSeconds":60}"#
      #expect(try await given.control("POST", "/faults", fault).status == 201)
      let refused = try await RawHTTP.outcomeOnceClosed(port: try given.enginePort)
      guard case .refused = refused else {
        Issue.record("expected a refused connect, got \(refused)")
        return
      }
      #expect(try await given.control("GET", "/healthz").json["listening"]?["engine fra1"] == false)
      let other = try #require(given.standIns.ports.engines["fra2"])
      #expect(try Given.answer(await RawHTTP.send(port: other, "GET", Given.map)).status == 200)
      release.finish()
      var status = 0
      for _ in 0..<1000 where status == 0 {
        if case .answer(let answer) = await RawHTTP.send(port: try given.enginePort, "GET", Given.map) {
          status = answer.status
        } else {
          try await Task.sleep(for: .milliseconds(10))
        }
      }
      #expect(status == 200)
    }
  }

  @Test("down keeps the port from everybody else")
  func downHoldsThePort() async throws {
    let time = StandInTime(
      now: { Date(timeIntervalSince1970: 0) }, sleep: { _ in try await Task.sleep(for: .seconds(3600)) })
    try await Given.standIns({ $0.time = time }) { given in
      let fault = #"{"listener":"engine fra1","kind":"down","durationSeconds":60}"#
      try await given.control("POST", "/faults", fault)
      // No connection was ever made to it, so nothing but the hold can keep the port.
      let port = try given.enginePort
      #expect(!RawHTTP.isFree(port: port))
    }
  }

  @Test("down in the middle of new connections and of requests ends those and nothing else")
  func downAmongClients() async throws {
    try await Given.standIns { given in
      let port = try given.enginePort
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 {
          group.addTask {
            var answers = 0
            while !Task.isCancelled {
              if case .answer = await RawHTTP.send(port: port, "GET", Given.map) { answers += 1 }
            }
            return answers
          }
        }
        for _ in 0..<40 {
          let fault = #"{"listener":"engine fra1","kind":"down","durationSeconds":60}"#
          #expect(try await given.control("POST", "/faults", fault).status == 201)
          #expect(try await given.control("DELETE", "/faults").status == 200)
          // Up again when this is answered.
          #expect(try await given.engine("GET", Given.map).status == 200)
        }
        group.cancelAll()
        // Without requests in between it would prove nothing.
        for try await answers in group { #expect(answers > 0) }
      }
    }
  }

  @Test("down ends at once when the faults are deleted", arguments: ["/faults", "/faults/1"])
  func downIsTakenBack(path: String) async throws {
    let time = StandInTime(
      now: { Date(timeIntervalSince1970: 0) }, sleep: { _ in try await Task.sleep(for: .seconds(3600)) })
    try await Given.standIns({ $0.time = time }) { given in
      _ = try await given.engine("POST", Given.map + "/cam", body: "{}")
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"down","durationSeconds":60}"#)
      #expect(try await given.control("DELETE", path).status == 200)
      #expect(try await given.engine("GET", Given.map + "/cam").status == 200)
    }
  }

  @Test("an HTML page in place of JSON, before or after the effect", arguments: ["before", "after"])
  func htmlError(moment: String) async throws {
    try await Given.standIns { given in
      let fault = "{\"listener\":\"engine fra1\",\"kind\":\"htmlError\",\"when\":\"\(moment)\",\"count\":1}"
      try await given.control("POST", "/faults", fault)
      let answer = try await given.engine("POST", Given.map + "/cam", body: "{}")
      #expect(answer.status == 502)
      #expect(answer.headers["content-type"] == "text/html")
      #expect(answer.body.hasPrefix("<html>"))
      #expect(try await given.counts("engines", "fra1", "created") == (moment == "after" ? 1 : 0))
    }
  }

  @Test("a status with Retry-After, in the provider's own form", arguments: [429, 500, 503])
  func status(code: Int) async throws {
    try await Given.standIns { given in
      for listener in ["engine fra1", "video"] {
        let fault =
          "{\"listener\":\"\(listener)\",\"kind\":\"status\",\"status\":\(code),\"retryAfterSeconds\":7,\"count\":1}"
        try await given.control("POST", "/faults", fault)
      }
      let engine = try await given.engine("GET", Given.map)
      #expect(engine.status == code)
      #expect(engine.headers["retry-after"] == "7")
      #expect(try engine.text("code") == String(code))
      let video = try await given.video("GET", StreamTargetTests.path)
      #expect(video.status == code)
      #expect(video.headers["retry-after"] == "7")
      #expect(try video.json["meta"]?["status"] == .integer(code))
    }
  }

  @Test("every 401 code of Wowza Video can be chosen", arguments: VideoError.codes401)
  func code401(code: String) async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/faults", "{\"listener\":\"video\",\"kind\":\"code401\",\"code\":\"\(code)\"}")
      let answer = try await given.video("GET", StreamTargetTests.path)
      #expect(answer.status == 401)
      #expect(try answer.text("meta", "code") == code)
    }
  }

  @Test("unauthorized answers 401 to the right password")
  func unauthorized() async throws {
    try await Given.standIns({ $0.engineSettings.authentication = .basic }) { given in
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"unauthorized","count":1}"#)
      let right = ["Authorization": "Basic d3NlOndzZS1zZWNyZXQ="]
      let answer = try await given.engine("GET", Given.map, headers: right)
      #expect(answer.status == 401)
      #expect(answer.headers["www-authenticate"] == "Basic realm=\"Wowza\"")
      #expect(try await given.engine("GET", Given.map, headers: right).status == 200)
    }
  }

  @Test("malformed JSON is half a document with the right status, and the effect took place")
  func malformed() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"malformedJSON","count":1}"#)
      let answer = try await given.engine("POST", Given.map + "/cam", body: "{}")
      #expect(answer.status == 201)
      #expect(answer.body.hasPrefix("{"))
      #expect(throws: (any Error).self) { try answer.json }
      #expect(try await given.engine("GET", Given.map + "/cam").status == 200)
    }
  }

  @Test("slow waits as long as asked, and another fault can follow it")
  func slow() async throws {
    try await Given.standIns { given in
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"slow","delayMilliseconds":250}"#)
      try await given.control("POST", "/faults", #"{"listener":"engine fra1","kind":"htmlError"}"#)
      #expect(try await given.engine("GET", Given.map).status == 502)
      var sleeps = given.clock.sleeps.makeAsyncIterator()
      #expect(await sleeps.next() == 0.25)
    }
  }

  @Test("a fault strikes only its listener, its method, its path and its parameter")
  func scope() async throws {
    try await Given.standIns { given in
      let fault = "\"kind\":\"status\",\"status\":503,\"method\":\"POST\",\"pathPrefix\":\"\(Given.map)/cam\""
      try await given.control("POST", "/faults", "{\"listener\":\"engine fra2\",\(fault)}")
      #expect(try await given.engine("POST", Given.map + "/cam-0", body: "{}").status == 201)
      try await given.control("POST", "/faults", "{\"listener\":\"engine fra1\",\(fault)}")
      #expect(try await given.engine("GET", Given.map + "/cam-0").status == 200)
      #expect(try await given.engine("POST", Given.map + "/other", body: "{}").status == 201)
      #expect(try await given.engine("POST", Given.map + "/cam-1", body: "{}").status == 503)
      let second = #""kind":"status","status":503,"parameter":"part=2""#
      try await given.control("POST", "/faults", "{\"listener\":\"engine fra1\",\(second)}")
      for (query, status) in [("", 200), ("?part=1", 200), ("?part=22&a=part%3D2", 200), ("?a=1&part=2", 503)] {
        #expect(try await given.engine("GET", Given.map + query).status == status)
      }
    }
  }

  @Test("a duration ends it, and the probabilities 0 and 1 mean never and always")
  func durationAndProbability() async throws {
    try await Given.standIns { given in
      let fault = #""listener":"engine fra1","kind":"status","status":503"#
      try await given.control("POST", "/faults", "{\(fault),\"probability\":0}")
      #expect(try await given.engine("GET", Given.map).status == 200)
      try await given.control("POST", "/faults", "{\(fault),\"probability\":1,\"durationSeconds\":10}")
      given.clock.advance(9)
      #expect(try await given.engine("GET", Given.map).status == 503)
      given.clock.advance(1)
      #expect(try await given.engine("GET", Given.map).status == 200)
      let listed = try await given.control("GET", "/faults").json["faults"]?.elements ?? []
      #expect(listed.map { $0["applied"] } == [0, 1])
      #expect(listed.map { $0["active"] } == [true, false])
    }
  }

  @Test(
    "a fault that cannot be meant is refused with the reason",
    arguments: [
      (#"{"listener":"engine nobody","kind":"slow","delayMilliseconds":1}"#, "unknown listener"),
      (#"{"listener":"video","kind":"explode"}"#, "kind"), (#"{"kind":"htmlError"}"#, "listener"),
      (#"{"listener":"video","kind":"htmlError","cuont":1}"#, "cuont"),
      (#"{"listener":"video","kind":"slow"}"#, "delayMilliseconds"),
      (#"{"listener":"video","kind":"down"}"#, "durationSeconds"),
      (#"{"listener":"video","kind":"code401","code":"ERR-401-None"}"#, "code"),
      (#"{"listener":"video","kind":"htmlError","count":"many"}"#, "count"),
      (#"{"listener":"video","kind":"htmlError","probability":2}"#, "probability"), ("[", "JSON object"),
    ])
  func refuses(body: String, reason: String) async throws {
    try await Given.standIns { given in
      let answer = try await given.control("POST", "/faults", body)
      #expect(answer.status == 400)
      #expect(try answer.text("error")?.contains(reason) == true, "\(answer.body)")
      #expect(try await given.control("GET", "/faults").json["faults"]?.elements.isEmpty == true)
    }
  }
}
