import HTTPTransport
import Secrets
import Testing

/// A connection that the server closes once it has asked who is there is no failure of anybody:
///
///     client                                   server
///     POST or GET, without credentials   ->
///                                        <-    401 and a challenge; the connection is closed, said or not
///     the same with credentials          ->    on a new connection
@Suite("A connection cut between a challenge and its answer")
struct AuthenticationCutTests {
  enum Cut: String, CaseIterable, Sendable {
    case afterChallenge = "closed as soon as the challenge is sent"
    case announced = "closed with Connection: close"
    case beforeAnswer = "closed when the next request has come on it"
  }

  private static let challenges = [
    HTTPAuthentication.Scheme.digest: #"WWW-Authenticate: Digest realm="engine", nonce="n0nce", qop="auth""#,
    .negotiate: #"WWW-Authenticate: Basic realm="engine""#,
  ]

  /// Cuts its first connection; on all others it asks for credentials and takes them.
  private static func script(_ cut: Cut, _ challenge: String) -> ScriptedServer.Script {
    { peer, index in
      while let request = peer.readRequest() {
        guard request.values("authorization").isEmpty else {
          peer.answer("201 Created", body: "done")
          continue
        }
        peer.answer(
          "401 Unauthorized", headers: [challenge] + (cut == .announced ? ["Connection: close"] : []), body: "who?")
        guard index == 0 else { continue }
        if cut == .beforeAnswer { peer.readRequest() }
        return
      }
    }
  }

  @Test(
    "costs a new connection and nothing else, and a write is done once",
    arguments: Cut.allCases, ["GET", "POST", "PUT", "DELETE"])
  func cut(_ cut: Cut, method: String) async throws {
    for (scheme, challenge) in Self.challenges {
      try await given(server: Self.script(cut, challenge)) { given in
        let transport = AuthenticatingTransport(given.transport, memory: AuthenticationMemory())
        let request = HTTPRequest(
          method: method, url: given.server.url("/v2/x"),
          body: method == "GET" || method == "DELETE" ? .none : .bytes(Array("body".utf8)),
          authentication: HTTPAuthentication(user: Secret("admin"), password: Secret("pass"), scheme: scheme),
          actsOnce: true)
        for _ in 1...2 {
          let response = try await transport.send(request)
          #expect(response.status == 201)
        }
        let requests = given.server.requests
        #expect(requests.first?.values("authorization") == [] && requests.first?.requestLine.hasPrefix("GET ") == true)
        let written = requests.filter { $0.requestLine.hasPrefix(method) && !$0.values("authorization").isEmpty }
        // A read that is lost with a kept connection is sent again.
        #expect(written.count == 2 || method == "GET")
        #expect(written.allSatisfy { $0.body == Array((request.body.isNone ? "" : "body").utf8) })
      }
    }
  }

  @Test("the same when a nonce ran out, in the midst of a write")
  func renewed() async throws {
    try await given(server: { peer, index in
      while let request = peer.readRequest() {
        let nonce = index < 3 ? "first" : "second"
        let told = request.values("authorization").first ?? ""
        if told.contains(#"nonce="\#(nonce)""#) {
          peer.answer("201 Created")
          continue
        }
        let challenge = #"WWW-Authenticate: Digest realm="engine", nonce="\#(nonce)", qop="auth", stale=true"#
        peer.answer("401 Unauthorized", headers: [challenge])
        return
      }
    }) { given in
      let transport = AuthenticatingTransport(given.transport, memory: AuthenticationMemory())
      let request = HTTPRequest(
        method: "POST", url: given.server.url("/v2/x"), body: .bytes([1]),
        authentication: HTTPAuthentication(user: Secret("admin"), password: Secret("pass"), scheme: .digest))
      for _ in 1...3 {
        let response = try await transport.send(request)
        #expect(response.status == 201)
      }
    }
  }
}

extension HTTPRequestBody {
  fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
