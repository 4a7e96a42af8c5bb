import Glibc
import HTTPTransport
import TestServers
import Testing

@Suite("What a failure says about delivery")
struct DeliveryTests {
  private func expect(
    _ code: HTTPTransportError.Code, _ delivery: Delivery, method: String = "POST",
    timeouts: HTTPTimeouts = HTTPTimeouts(), server script: @escaping ScriptedServer.Script,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await given(server: script) { given in
      let error = try await given.failure(
        of: HTTPRequest(method: method, url: given.server.url("/x"), body: .bytes([1]), timeouts: timeouts))
      #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
      #expect(error.delivery == delivery, "\(error)", sourceLocation: sourceLocation)
    }
  }

  @Test("A name that cannot be resolved: not sent")
  func nameResolution() async throws {
    // A label of 64 letters is no name (RFC 1035, 2.3.4), so the resolver refuses it without asking anybody.
    let host = String(repeating: "a", count: 64) + ".invalid"
    let transport = CurlTransport(configuration: .init(proxy: .none))
    defer { transport.shutdown() }
    let error = await #expect(throws: HTTPTransportError.self) {
      _ = try await transport.send(HTTPRequest(method: "POST", url: "http://\(host)/"))
    }
    #expect(error?.code == .nameResolution)
    #expect(error?.delivery == .notSent)
  }

  @Test("Nobody listening: not sent")
  func refusedConnection() async throws {
    try await UnansweredPort.refuses.hold { port in
      let transport = CurlTransport()
      defer { transport.shutdown() }
      let error = await #expect(throws: HTTPTransportError.self) {
        _ = try await transport.send(HTTPRequest(method: "POST", url: "http://127.0.0.1:\(port)/"))
      }
      #expect(error?.code == .connect)
      #expect(error?.delivery == .notSent)
    }
  }

  @Test("No connection in time: not sent")
  func connectTimeout() async throws {
    // Once the queue of a listener that never accepts is full, Linux leaves further connections without an answer.
    let (listener, port) = try ScriptedServer.listen(backlog: 0)
    var address = ScriptedServer.loopback(port: port)
    let fillers = (0..<4).map { _ in
      let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = connect(filler, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      return filler
    }
    let transport = CurlTransport()
    defer {
      transport.shutdown()
      for descriptor in fillers + [listener] { close(descriptor) }
    }
    let error = await #expect(throws: HTTPTransportError.self) {
      _ = try await transport.send(
        HTTPRequest(
          method: "POST", url: "http://127.0.0.1:\(port)/", timeouts: HTTPTimeouts(connect: .milliseconds(200))))
    }
    #expect(error?.code == .connectTimeout)
    #expect(error?.delivery == .notSent)
  }

  @Test("Cut before the answer: unknown")
  func cutBeforeAnswer() async throws {
    try await expect(.connectionLost, .unknown) { peer, _ in peer.readRequest() }
  }

  @Test("Reset before the answer: unknown")
  func resetBeforeAnswer() async throws {
    try await expect(.connectionLost, .unknown) { peer, _ in
      peer.readRequest()
      peer.resetOnClose()
    }
  }

  @Test("Cut within the head of the answer: unknown")
  func cutInHead() async throws {
    try await expect(.connectionLost, .unknown) { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.1 200 OK\r\nContent-Le")
      peer.resetOnClose()
    }
  }

  @Test("Cut within the body of a success: unknown")
  func cutInBody() async throws {
    try await expect(.connectionLost, .unknown) { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    }
  }

  @Test(
    "Cut within the body of any refusal: unknown, since that would tell whether server or gateway answers",
    arguments: [
      "401 Who", "407 Who", "413 Too Large", "429 Slow Down", "431 Too Large", "500 Oops", "503 Busy", "408 Late",
      "302 Found", "400 Bad", "403 No", "404 Not Found", "409 Conflict", "422 No",
    ])
  func cutInServerError(status: String) async throws {
    try await expect(.connectionLost, .unknown) { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.1 \(status)\r\nContent-Length: 10\r\n\r\nabc")
    }
  }

  @Test("No answer within the total time: unknown")
  func totalTimeout() async throws {
    try await expect(.timeout, .unknown, timeouts: HTTPTimeouts(total: .seconds(3))) { peer, _ in
      peer.readRequest()
      peer.waitForClose()
    }
  }

  @Test("An answer that drips beyond the total time: unknown")
  func drip() async throws {
    try await expect(.timeout, .unknown, timeouts: HTTPTimeouts(total: .seconds(3))) { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\na")
      peer.waitForClose()
    }
  }

  @Test("An answer that stops coming: stalled, unknown")
  func stalled() async throws {
    try await expect(.stalled, .unknown, timeouts: HTTPTimeouts(stall: .seconds(3))) { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\na")
      peer.waitForClose()
    }
  }

  @Test("An answer that is not HTTP: unknown", arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "{\"status\":200}\n"])
  func garbage(answer: String) async throws {
    try await expect(.protocolViolation, .unknown) { peer, _ in
      peer.readRequest()
      peer.write(answer)
    }
  }

  @Test("Fields without end: a violation, unknown")
  func endlessHead() async throws {
    try await expect(.protocolViolation, .unknown) { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.1 200 OK\r\n" + (0..<1_100).map { "X-\($0): 1\r\n" }.joined())
      peer.waitForClose()
    }
  }

  @Test("More body than the sink takes: too large, and unknown for a write that succeeded")
  func tooLarge() async throws {
    try await given(server: { peer, _ in peer.answerAll(body: String(repeating: "x", count: 11)) }) { given in
      let error = try await given.failure(
        of: HTTPRequest(method: "POST", url: given.server.url(), sink: .memory(limit: 10)))
      #expect(error.code == .responseTooLarge)
      #expect(error.delivery == .unknown)
      let exact = try await given.transport.send(HTTPRequest(url: given.server.url(), sink: .memory(limit: 11)))
      #expect(exact.body.count == 11)
    }
  }

  @Test("A complete answer is no failure, whatever its status", arguments: [301, 307, 404, 418, 500, 503])
  func anyStatus(status: Int) async throws {
    try await given(server: { peer, _ in
      peer.answerAll("\(status) Some Words", headers: ["Location: /elsewhere"], body: "why")
    }) { given in
      let response = try await given.transport.send(HTTPRequest(method: "POST", url: given.server.url()))
      #expect(response.status == status)
      #expect(response.body == Array("why".utf8))
      #expect(given.server.requests.count == 1)
    }
  }

  @Test("An HTTP/1.0 answer ends with its connection")
  func http10() async throws {
    try await given(server: { peer, _ in
      peer.readRequest()
      peer.write("HTTP/1.0 200 OK\r\n\r\nall of it")
    }) { given in
      let response = try await given.transport.send(HTTPRequest(url: given.server.url()))
      #expect(response.body == Array("all of it".utf8))
      #expect(response.metrics.httpVersion == 10)
    }
  }
}
