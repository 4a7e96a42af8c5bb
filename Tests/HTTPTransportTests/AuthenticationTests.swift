import HTTPTransport
import Secrets
import Testing

@Suite("Authentication")
struct AuthenticationTests {
  private static let digestChallenge = #"WWW-Authenticate: Digest realm="engine", nonce="n0nce", qop="auth""#
  private static let basicChallenge = #"WWW-Authenticate: Basic realm="engine""#

  /// Asks for authentication until it gets some, then answers 201.
  private static func challenging(with challenge: String) -> ScriptedServer.Script {
    { peer, _ in
      while let request = peer.readRequest() {
        if request.values("authorization").isEmpty {
          peer.answer("401 Unauthorized", headers: [challenge], body: "who are you?")
        } else {
          peer.answer("201 Created", body: "done")
        }
      }
    }
  }

  private func post(_ given: Given, _ scheme: HTTPAuthentication.Scheme) -> HTTPRequest {
    HTTPRequest(
      method: "POST", url: given.server.url("/v2/x?y=1"), body: .bytes(Array("body".utf8)),
      authentication: HTTPAuthentication(user: Secret("admin"), password: Secret("pa:ss w0rd"), scheme: scheme))
  }

  @Test(
    "Digest answers the challenge, sends the body again and never the password",
    arguments: [HTTPAuthentication.Scheme.negotiate, .digest])
  func digest(scheme: HTTPAuthentication.Scheme) async throws {
    try await given(server: Self.challenging(with: Self.digestChallenge)) { given in
      let response = try await given.transport.send(post(given, scheme))
      #expect(response.status == 201)
      #expect(response.body == Array("done".utf8))
      #expect(response.header("www-authenticate") == nil)
      let requests = given.server.requests
      #expect(requests.count == 2)
      #expect(requests.last?.body == Array("body".utf8))
      let authorization = try #require(requests.last?.values("authorization").first)
      #expect(authorization.hasPrefix("Digest "))
      for part in [#"username="admin""#, #"nonce="n0nce""#, #"uri="/v2/x?y=1""#] {
        #expect(authorization.contains(part))
      }
      #expect(!authorization.contains("w0rd"))
    }
  }

  @Test("Negotiation falls to Basic where the server asks for it")
  func negotiatedBasic() async throws {
    try await given(server: Self.challenging(with: Self.basicChallenge)) { given in
      let response = try await given.transport.send(post(given, .negotiate))
      #expect(response.status == 201)
      // RFC 7617, 2: base64 of "admin:pa:ss w0rd".
      #expect(given.server.requests.map { $0.values("authorization") } == [[], ["Basic YWRtaW46cGE6c3MgdzByZA=="]])
    }
  }

  @Test("Digest only never answers a server that asks for Basic")
  func digestOnly() async throws {
    try await given(server: Self.challenging(with: Self.basicChallenge)) { given in
      let response = try await given.transport.send(post(given, .digest))
      #expect(response.status == 401)
      #expect(given.server.requests.allSatisfy { $0.values("authorization").isEmpty })
    }
  }

  @Test("Basic goes with the first request")
  func basicAtOnce() async throws {
    try await given(server: Self.challenging(with: Self.basicChallenge)) { given in
      _ = try await given.transport.send(post(given, .basic))
      #expect(given.server.requests.map(\.body) == [Array("body".utf8)])
    }
  }

  @Test("A wrong password ends with the server's 401, not with a loop")
  func wrongPassword() async throws {
    try await given(server: { peer, _ in
      peer.answerAll("401 Unauthorized", headers: [Self.digestChallenge], body: "no")
    }) { given in
      let response = try await given.transport.send(post(given, .negotiate))
      #expect(response.status == 401)
      #expect(given.server.requests.count == 2)
    }
  }

  @Test("A server that takes a POST without the body it was not yet given is reported as an unknown effect")
  func unaskedAuthentication() async throws {
    try await given(server: { peer, _ in peer.answerAll() }) { given in
      let error = try await given.failure(of: post(given, .digest))
      #expect(error.code == .protocolViolation)
      #expect(error.delivery == .unknown)
      #expect(given.server.requests.map(\.body) == [[]])
    }
  }

  @Test("A secret is in no failure and no exchange")
  func noSecretShown() async throws {
    let told = Told()
    try await given(server: { peer, _ in
      peer.readRequest()
      peer.answer("401 Unauthorized", headers: [Self.digestChallenge])
      peer.readRequest()
    }) { given in
      var request = post(given, .negotiate)
      request.url = given.server.url("/x?token=t0ken")
      request.headers = [HTTPHeader("X-Key", secret: Secret("k3y"))]
      let error = try await HTTPExchange.$observer.withValue(told.tell) { try await given.failure(of: request) }
      let everything = "\(error) \(String(reflecting: error)) \(told.exchanges) \(String(reflecting: request))"
      for secret in ["w0rd", "k3y", "admin"] { #expect(!everything.contains(secret)) }
      #expect(!"\(error) \(told.exchanges)".contains("t0ken"))
    }
  }
}
