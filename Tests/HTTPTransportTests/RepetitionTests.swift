import Glibc
import Secrets
import Testing
import Threading

@testable import HTTPTransport

/// What libcurl does when a reused connection dies:
///
///     client                                   server
///     GET /first                     ->
///                                    <-        200, connection kept
///     POST /effect, same connection  ->        reads all of it, acts
///                                    <-        closes without a byte
///     (libcurl alone would send POST /effect again here)
@Suite("Repetition after a dead connection", .timeLimit(.minutes(20)))
struct RepetitionTests {
  /// Answers the first request of its first connection and closes after the second; answers all others.
  private let diesAtSecondRequest: ScriptedServer.Script = { peer, index in
    guard index == 0 else { return peer.answerAll() }
    peer.readRequest()
    peer.answer()
    peer.readRequest()
  }

  /// The server is at work on the only copy when the connection goes: no kept connection was involved.
  @Test(
    "A request that must not act twice is sent once and its failure is unknown",
    arguments: ["POST", "PATCH", "conditional PUT", "PUT once", "DELETE once"])
  func effectOnce(kind: String) async throws {
    try await given(server: { peer, index in
      guard index != 1 else { return _ = peer.readRequest() }
      peer.answerAll()
    }) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      let error = try await given.failure(of: Self.write(kind, given.server.url("/effect")))
      #expect(error.code == .connectionLost)
      #expect(error.delivery == .unknown)
      #expect(given.server.requests.count == 2)
    }
  }

  /// However the server closes what it kept, before or after it has read what comes next: that is no matter of a write.
  @Test(
    "A write that must not act twice leaves on a new connection, whatever the server does to the one it kept",
    arguments: ["POST", "PATCH", "conditional PUT", "PUT once", "DELETE once"])
  func newConnection(kind: String) async throws {
    try await given(server: diesAtSecondRequest) { given in
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first")))
      let response = try await given.transport.send(Self.write(kind, given.server.url("/effect")))
      #expect(response.status == 200)
      #expect(response.metrics.newConnections == 1)
      #expect(given.server.requests.count == 2)
    }
  }

  private static func write(_ kind: String, _ url: String) -> HTTPRequest {
    let method = String(kind.split(separator: " ").first { $0.allSatisfy(\.isUppercase) } ?? "")
    return HTTPRequest(
      method: method, url: url,
      headers: kind.hasPrefix("conditional") ? [HTTPHeader("If-None-Match", "*")] : [],
      body: method == "DELETE" ? .none : .bytes([1]), actsOnce: kind.hasSuffix("once"))
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

  ///     client                          server
  ///     GET /first                 ->
  ///                                <-   an answer that is longer than its head says
  ///     GET /again                 ->
  ///                                <-   the rest of the first answer, which is none to this request
  @Test(
    "A request that may be repeated is, when the rest of another answer comes in its place",
    arguments: ["GET", "PUT", "DELETE"])
  func restOfAnotherAnswer(method: String) async throws {
    try await given(server: { peer, index in
      guard index == 0 else { return peer.answerAll() }
      peer.readRequest()
      peer.answer("404 Not Found", body: "<Error/>")
      peer.readRequest()
      peer.write("<Configuration>of no use</Configuration>")
    }) { given in
      #expect(try await given.transport.send(HTTPRequest(url: given.server.url("/first"))).status == 404)
      let response = try await given.transport.send(HTTPRequest(method: method, url: given.server.url("/again")))
      #expect(response.status == 200)
      #expect(response.metrics.newConnections == 1)
    }
  }

  @Test("What is no HTTP on a new connection too is told")
  func neverHTTP() async throws {
    try await given(server: { peer, _ in
      peer.readRequest()
      peer.write("<Configuration>of no use</Configuration>")
    }) { given in
      let error = try await given.failure(of: HTTPRequest(url: given.server.url()))
      #expect(error.code == .protocolViolation)
      #expect(given.server.requests.count == 1)
    }
  }

  /// libcurl alone gives up after five of them:
  ///
  ///     client                                    server
  ///     8 times GET, at once              ->
  ///                                       <-      200 each, all 8 connections kept
  ///     GET on a kept connection          ->      resets it without an answer, and so the next, and the next …
  @Test(
    "However many kept connections die under it, a request that may be repeated gets through", arguments: [false, true])
  func manyDead(resets: Bool) async throws {
    let kept = 8
    let together = Meeting(of: kept)
    try await given(server: { peer, index in
      guard index < kept else { return peer.answerAll() }
      if index == 0 {
        peer.readRequest()
        peer.answer()
      }
      peer.readRequest()
      together.join()
      peer.answer()
      peer.readRequest()
      if resets { peer.resetOnClose() }
    }) { given in
      // Before a first answer libcurl waits whether one connection will do for all.
      _ = try await given.transport.send(HTTPRequest(url: given.server.url("/before")))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<kept {
          group.addTask { _ = try await given.transport.send(HTTPRequest(url: given.server.url("/first"))) }
        }
        try await group.waitForAll()
      }
      let response = try await given.transport.send(HTTPRequest(url: given.server.url("/again")))
      #expect(response.status == 200)
      #expect(response.metrics.newConnections == 1)
    }
  }

  @Test("A kept connection serves the next request that may be repeated")
  func readReuses() async throws {
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      let first = try await given.transport.send(
        HTTPRequest(method: "POST", url: given.server.url(), body: .bytes([1])))
      let second = try await given.transport.send(HTTPRequest(url: given.server.url()))
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

/// Lets nobody go before all are there.
private final class Meeting: Sendable {
  private let missing: MutexBox<Int>

  init(of count: Int) { missing = MutexBox(count) }

  func join() {
    missing.withLock { $0 -= 1 }
    while missing.withLock({ $0 }) > 0 { usleep(500) }
  }
}
