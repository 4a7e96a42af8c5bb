import HTTPTransport
import Secrets
import Testing

/// What libcurl does when a reused connection dies:
///
///     client                                   server
///     GET /first                     ->
///                                    <-        200, connection kept
///     POST /effect, same connection  ->        reads all of it, acts
///                                    <-        closes without a byte
///     (libcurl alone would send POST /effect again here)
@Suite("Repetition after a dead connection")
struct RepetitionTests {
  /// Answers the first request of its first connection and closes after the second; answers all others.
  private let diesAtSecondRequest: ScriptedServer.Script = { peer, index in
    guard index == 0 else { return peer.answerAll() }
    peer.readRequest()
    peer.answer()
    peer.readRequest()
  }

  @Test("A request that must not act twice is sent once and its failure is unknown", arguments: ["POST", "PATCH"])
  func effectOnce(method: String) async throws {
    try await given(server: diesAtSecondRequest) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      let effect = HTTPRequest(method: method, url: given.server.url("/effect"), body: .bytes(Array("pay".utf8)))
      let error = try await given.failure(of: effect)
      #expect(error.code == .connectionLost)
      #expect(error.delivery == .unknown)
      #expect(given.server.requests.map(\.requestLine) == ["GET /first HTTP/1.1", "\(method) /effect HTTP/1.1"])
    }
  }

  @Test("A conditional write is sent once, since its second copy would be refused because of its first")
  func conditionalPut() async throws {
    try await given(server: diesAtSecondRequest) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      let put = HTTPRequest(
        method: "PUT", url: given.server.url("/key"), headers: [HTTPHeader("If-None-Match", "*")],
        body: .bytes([1]))
      #expect(try await given.failure(of: put).delivery == .unknown)
      #expect(given.server.requests.count == 2)
    }
  }

  @Test("A write that may act only once is sent once, whatever its method", arguments: ["PUT", "DELETE"])
  func actsOnce(method: String) async throws {
    try await given(server: diesAtSecondRequest) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      let write = HTTPRequest(method: method, url: given.server.url("/key"), actsOnce: true)
      #expect(try await given.failure(of: write).delivery == .unknown)
      #expect(given.server.requests.count == 2)
    }
  }

  @Test("A request that may be repeated is, on a new connection", arguments: ["GET", "PUT", "DELETE"])
  func repeatable(method: String) async throws {
    try await given(server: diesAtSecondRequest) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      let response = try await given.transport.send(HTTPRequest(method: method, url: given.server.url("/again")))
      #expect(response.status == 200)
      #expect(response.metrics.newConnections == 1)
      #expect(given.server.requests.count == 3)
    }
  }

  @Test("A POST reuses a connection that is alive")
  func postReuses() async throws {
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      let request = HTTPRequest(method: "POST", url: given.server.url(), body: .bytes([1]))
      let first = try await given.transport.send(request)
      let second = try await given.transport.send(request)
      #expect(first.metrics.newConnections == 1)
      #expect(second.metrics.newConnections == 0)
    }
  }

  @Test("A POST is not lost to a connection that was closed while idle: it goes out on a new one")
  func closedWhileIdle() async throws {
    let (closed, probe) = AsyncStream.makeStream(of: Void.self)
    try await given(server: { peer, index in
      guard index == 0 else { return peer.answerAll() }
      peer.readRequest()
      peer.answer()
      peer.end()
      probe.finish()
    }) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      for await _ in closed {}
      let post = HTTPRequest(method: "POST", url: given.server.url("/effect"), body: .bytes([1]))
      let response = try await given.transport.send(post)
      #expect(response.status == 200)
      #expect(response.metrics.newConnections == 1)
      #expect(given.server.requests.map(\.requestLine) == ["GET /first HTTP/1.1", "POST /effect HTTP/1.1"])
    }
  }

  /// Which copies reach the server under each scheme: `negotiate` sends the whole request and is refused, `digest`
  /// knows that it will be and leaves the body out. The copy that counts carries both authorization and body.
  @Test(
    "A POST whose connection dies after the challenge was answered is sent once with authorization",
    arguments: [(HTTPAuthentication.Scheme.negotiate, ["pay", "pay"]), (.digest, ["", "pay"])])
  func digestEffectOnce(scheme: HTTPAuthentication.Scheme, bodies: [String]) async throws {
    try await given(server: { peer, _ in
      peer.readRequest()
      peer.answer("401 Unauthorized", headers: [#"WWW-Authenticate: Digest realm="r", nonce="n", qop="auth""#])
      peer.readRequest()
    }) { given in
      let request = HTTPRequest(
        method: "POST", url: given.server.url(), body: .bytes(Array("pay".utf8)),
        authentication: HTTPAuthentication(user: Secret("u"), password: Secret("p"), scheme: scheme))
      let error = try await given.failure(of: request)
      #expect(error.code == .connectionLost)
      #expect(error.delivery == .unknown)
      let requests = given.server.requests
      #expect(requests.map { String(decoding: $0.body, as: UTF8.self) } == bodies)
      #expect(requests.map { $0.values("authorization").count } == [0, 1])
    }
  }
}
