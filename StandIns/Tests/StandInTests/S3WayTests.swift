import FoundationEssentials
import Testing

@testable import rundown_standins

@Suite("The way to an S3 server")
struct S3WayTests {
  private static let stored = "HTTP/1.1 200 OK\r\nETag: \"e1\"\r\nx-amz-request-id: R1\r\nContent-Length: 0\r\n\r\n"

  /// A way to a server that answers so, with nothing else than a port in common with it.
  private static func way(
    to answer: @escaping @Sendable (String) -> String = { _ in stored },
    _ body: (_ given: Given, _ port: Int, _ server: RawServer) async throws -> Void
  ) async throws {
    let server = try RawServer(answer)
    defer { server.stop() }
    let upstream = try #require(S3Upstream(url: "http://127.0.0.1:\(server.port)"))
    try await Given.standIns({ $0.s3Upstream = upstream }) { given in
      try await body(given, try #require(given.standIns.ports.s3), server)
    }
  }

  private static func put(_ port: Int, _ target: String, _ body: String = "abc") async throws -> RawAnswer {
    try Given.answer(await RawHTTP.send(port: port, "PUT", target, body: body))
  }

  @Test("passes a request on as it came: path, query, signed headers, Host and body")
  func request() async throws {
    try await Self.way { _, port, server in
      let headers = ["x-amz-Date": "20260101T000000Z", "Authorization": "AWS4-HMAC-SHA256 Signature=00"]
      let target = "/bucket/a%20b%2Fc.mp4?partNumber=1&uploadId=x%2By&flag"
      _ = await RawHTTP.send(port: port, "PUT", target, headers: headers, body: "one\r\ntwo")
      let seen = try #require(server.requests.first)
      #expect(seen.hasPrefix("PUT \(target) HTTP/1.1\r\n"))
      #expect(seen.hasSuffix("\r\n\r\none\r\ntwo"))
      let lines = seen.split(separator: "\r\n").map(String.init)
      for line in headers.map({ "\($0): \($1)" }) + ["Host: 127.0.0.1", "Content-Length: 8"] {
        #expect(lines.filter { $0.lowercased() == line.lowercased() }.count == 1, "\(line)")
      }
      #expect(lines.contains("x-amz-Date: 20260101T000000Z"))
    }
  }

  @Test("answers what the server answered: status, headers and body, also in chunks")
  func answer() async throws {
    let chunked =
      "HTTP/1.1 404 Not Found\r\nx-amz-request-id: R2\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "5\r\n<Erro\r\n3\r\nr/>\r\n0\r\n\r\n"
    try await Self.way(to: { _ in chunked }) { _, port, _ in
      let answer = try Given.answer(await RawHTTP.send(port: port, "GET", "/bucket/key"))
      #expect(answer.status == 404)
      #expect(answer.headers["x-amz-request-id"] == "R2")
      #expect(answer.body == "<Error/>")
    }
  }

  @Test("the answer to a HEAD keeps the object's length and has no body")
  func head() async throws {
    try await Self.way(to: { _ in "HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n" }) { given, port, _ in
      let answer = try Given.answer(await RawHTTP.send(port: port, "HEAD", "/bucket/key"))
      #expect(answer.headers["content-length"] == "4711")
      #expect(answer.body.isEmpty)
      try await given.control("POST", "/faults", #"{"listener":"s3","kind":"status","status":503}"#)
      let refused = try Given.answer(await RawHTTP.send(port: port, "HEAD", "/bucket/key"))
      #expect(refused.status == 503)
      #expect(refused.body.isEmpty)
    }
  }

  @Test("a cut after the effect reaches the server and is counted, a cut before it is not")
  func cuts() async throws {
    try await Self.way { given, port, server in
      for (kind, seen, put) in [("cutBeforeEffect", 0, 0), ("cutAfterEffect", 1, 1)] as [(String, Int, JSONValue)] {
        try await given.control("POST", "/faults", "{\"listener\":\"s3\",\"kind\":\"\(kind)\",\"count\":1}")
        let cut = await RawHTTP.send(port: port, "PUT", "/bucket/key", body: "abc")
        guard case .closedSilently = cut else {
          Issue.record("expected an ended connection, got \(cut)")
          return
        }
        #expect(server.requests.count == seen)
        #expect(try await given.counts("s3", "put") == put)
      }
      #expect(try await given.counts("s3", "requests") == 2)
      let lines = try await given.control("GET", "/journal").json["requests"]?.elements ?? []
      #expect(lines.map { $0["path"] } == ["/bucket/key", "/bucket/key"])
    }
  }

  @Test("a status is answered in S3's form", arguments: [(429, "TooManyRequests"), (503, "SlowDown")])
  func status(code: Int, name: String) async throws {
    try await Self.way { given, port, server in
      let fault = #""listener":"s3","kind":"status","count":1,"retryAfterSeconds":3,"status":"#
      try await given.control("POST", "/faults", "{\(fault)\(code)}")
      let answer = try await Self.put(port, "/bucket/key")
      #expect(answer.status == code)
      #expect(answer.headers["retry-after"] == "3")
      #expect(answer.headers["content-type"] == "application/xml")
      #expect(answer.body.contains("<Code>\(name)</Code>"))
      #expect(server.requests.isEmpty)
    }
  }

  @Test("counts each object that was put; parts, tags and what was refused are none")
  func counts() async throws {
    try await Self.way(to: {
      $0.contains("/refused") ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n" : Self.stored
    }) { given, port, _ in
      for target in ["/b/a%20b", "/b/a%20b", "/b/other/key", "/b/refused", "/b"] {
        _ = try await Self.put(port, target)
      }
      _ = try await Self.put(port, "/b/large?partNumber=1&uploadId=u")
      _ = try await Self.put(port, "/b/large?tagging")
      _ = await RawHTTP.send(port: port, "POST", "/b/large?uploads")
      _ = await RawHTTP.send(port: port, "POST", "/b/large?uploadId=u")
      let counts = try await given.counts("s3")
      #expect(counts["put"] == 4)
      #expect(counts["duplicates"] == 1)
      #expect(
        counts["objects"]
          == [
            ["bucket": "b", "key": "a b", "times": 2], ["bucket": "b", "key": "large", "times": 1],
            ["bucket": "b", "key": "other/key", "times": 1],
          ])
      try await given.control("POST", "/reset")
      #expect(try await given.counts("s3", "put") == 0)
    }
  }

  @Test("a server that answers and hangs up as soon as it has the body loses no answer")
  func quickServer() async throws {
    try await Self.way { given, port, _ in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<200 {
          group.addTask { try await Self.put(port, "/b/\(number)").status }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.filter { $0 != 200 } == [])
      #expect(try await given.counts("s3", "put") == 200)
    }
  }

  @Test("an upload whose end begins with 200 and is an error was not put")
  func lateError() async throws {
    let error = "<Error><Code>InternalError</Code></Error>"
    let late = "HTTP/1.1 200 OK\r\nContent-Length: \(error.utf8.count)\r\n\r\n\(error)"
    try await Self.way(to: { _ in late }) { given, port, _ in
      let answer = try Given.answer(await RawHTTP.send(port: port, "POST", "/b/key?uploadId=u"))
      #expect(answer.body == error)
      #expect(try await given.counts("s3", "put") == 0)
    }
  }

  @Test("it can be taken down like the others, and is refused what S3 never does")
  func down() async throws {
    let time = StandInTime(
      now: { Date(timeIntervalSince1970: 0) }, sleep: { _ in try await Task.sleep(for: .seconds(3600)) })
    let upstream = try #require(S3Upstream(url: "http://127.0.0.1:9"))
    try await Given.standIns({
      $0.time = time
      $0.s3Upstream = upstream
    }) { given in
      let port = try #require(given.standIns.ports.s3)
      #expect(try await given.control("GET", "/healthz").json["listening"]?["s3"] == true)
      try await given.control("POST", "/faults", #"{"listener":"s3","kind":"down","durationSeconds":60}"#)
      let refused = try await RawHTTP.outcomeOnceClosed(port: port)
      guard case .refused = refused else {
        Issue.record("expected a refused connect, got \(refused)")
        return
      }
      let senseless = try await given.control("POST", "/faults", #"{"listener":"s3","kind":"malformedJSON"}"#)
      #expect(senseless.status == 400)
      #expect(try senseless.text("error")?.contains("S3") == true)
    }
  }

  @Test("a server that is not there is told as such, and nothing is counted")
  func unreachable() async throws {
    try await UnansweredPort.hold { refusing in
      let upstream = try #require(S3Upstream(url: "http://127.0.0.1:\(refusing)"))
      try await Given.standIns({ $0.s3Upstream = upstream }) { given in
        let answer = try await Self.put(try #require(given.standIns.ports.s3), "/bucket/key")
        #expect(answer.status == 502)
        #expect(answer.body.contains("<Code>UpstreamUnreachable</Code>"))
        #expect(try await given.counts("s3", "put") == 0)
      }
    }
  }

  @Test("without a server there is no such listener")
  func absent() async throws {
    try await Given.standIns { given in
      #expect(given.standIns.ports.s3 == nil)
      let fault = try await given.control("POST", "/faults", #"{"listener":"s3","kind":"cutBeforeEffect"}"#)
      #expect(fault.status == 400)
      #expect(try await given.counts()["s3"] == nil)
    }
  }

  @Test(
    "only a plain address of a server is one",
    arguments: ["127.0.0.1:9000", "https://127.0.0.1:9000", "http://127.0.0.1", "http://127.0.0.1:1/path", ""])
  func addresses(text: String) {
    #expect(S3Upstream(url: text) == nil)
  }

  @Test("a body that is too large is refused with the limit")
  func large() async throws {
    try await Given.standIns { given in
      let body = String(repeating: "x", count: Listener.bodyLimit + 1)
      let answer = try await given.engine("POST", Given.map + "/cam", body: body)
      #expect(answer.status == 413)
      #expect(answer.body.contains("\(Listener.bodyLimit) bytes"))
    }
  }
}
