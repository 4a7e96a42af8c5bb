import Crypto
import FoundationEssentials
import Secrets

/// Answers a server's demand for credentials, so that a write is never sent without its body: libcurl starts a Digest
/// handshake with an empty copy of the request, which a server that demands nothing treats as the request itself.
///
/// The first request of a connection finds out what the server demands: a read directly, a write by a GET of its own
/// URL beforehand. From then on each request carries its credentials at once; an expired nonce costs one more request.
/// Basic credentials are sent only where the scheme allows them.
public struct AuthenticatingTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let memory: AuthenticationMemory
  private let clientNonce: @Sendable () -> String

  /// Puts authentication in front of a transport.
  /// - Parameters:
  ///   - memory: what is known about the server; shared by all clients of a connection.
  ///   - clientNonce: creates a random text for each request.
  public init(
    _ base: any HTTPTransport, memory: AuthenticationMemory,
    clientNonce: @escaping @Sendable () -> String = AuthenticatingTransport.randomNonce
  ) {
    self.base = base
    self.memory = memory
    self.clientNonce = clientNonce
  }

  /// 64 random bits.
  @Sendable public static func randomNonce() -> String { String(UInt64.random(in: .min ... .max), radix: 16) }

  /// Performs the exchange, with the handshake if one is needed.
  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    guard let authentication = request.authentication, authentication.scheme != .basic else {
      return try await base.send(request)
    }
    var plain = request
    plain.authentication = nil
    let known: AuthenticationDemand?
    do {
      known = try await memory.claim()
    } catch {
      throw HTTPTransportError(
        code: .cancelled, delivery: .notSent, target: "\(request.method.shown) \(ShownURL(request.url))",
        cause: "cancelled while another request was finding out which authentication the server wants")
    }
    if let known { return try await exchange(plain, authentication, known, isFresh: false) }
    return try await learnAndExchange(plain, authentication)
  }

  private func learnAndExchange(
    _ plain: HTTPRequest, _ authentication: HTTPAuthentication
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let isRead = ["GET", "HEAD"].contains(plain.method)
    var probe = plain
    if !isRead {
      probe.method = "GET"
      probe.body = .none
      probe.sink = .memory(limit: 1 << 20)
      probe.headers.removeAll { $0.name.lowercased() == "content-type" }
    }
    let response: HTTPResponse
    do {
      response = try await base.send(probe)
    } catch {
      await memory.learned(nil)
      guard !isRead else { throw error }
      // The write itself was not sent.
      throw HTTPTransportError(code: error.code, delivery: .notSent, target: error.target, cause: error.cause)
    }
    let demand = AuthenticationDemand(response, allowed: authentication.scheme)
    await memory.learned(demand)
    // Any other answer says why nobody gets through.
    guard let demand else {
      var answer = response
      answer.isToQuestion = !isRead
      return answer
    }
    if demand == .nothing, isRead { return response }
    return try await exchange(plain, authentication, demand, isFresh: true)
  }

  /// - Parameters:
  ///   - isFresh: whether the demand was only just received: if they are refused again, the credentials are wrong.
  ///   - mayBeStale: whether a fresh nonce that the server calls stale is replaced once more.
  private func exchange(
    _ plain: HTTPRequest, _ authentication: HTTPAuthentication, _ demand: AuthenticationDemand, isFresh: Bool,
    mayBeStale: Bool = true
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let response = try await base.send(await authorized(plain, authentication, demand))
    guard response.status == 401 else {
      await renewNonce(response, demand)
      return response
    }
    let new = AuthenticationDemand(response, allowed: authentication.scheme)
    await memory.replace(demand, with: new)
    // A server that demanded nothing at first is treated like one whose nonce expired: 401 says that nothing was done.
    guard let new, new != .nothing else { return response }
    guard isFresh, demand != .nothing else { return try await exchange(plain, authentication, new, isFresh: true) }
    // The server itself says that the credentials are right: if there are several behind one address, each may know
    // only its own nonces.
    guard mayBeStale, new.isStale else { return response }
    return try await exchange(plain, authentication, new, isFresh: true, mayBeStale: false)
  }

  private func authorized(
    _ plain: HTTPRequest, _ authentication: HTTPAuthentication, _ demand: AuthenticationDemand
  ) async -> HTTPRequest {
    var request = plain
    switch demand {
    case .nothing: break
    case .basic:
      let pair = Data("\(authentication.user.reveal()):\(authentication.password.reveal())".utf8)
      request.headers.append(HTTPHeader("Authorization", secret: Secret("Basic \(pair.base64EncodedString())")))
    case .digest(let challenge):
      let value = challenge.authorization(
        authentication, method: plain.method, uri: Self.pathAndQuery(of: plain.url),
        count: await memory.use(challenge), clientNonce: clientNonce())
      request.headers.append(HTTPHeader("Authorization", secret: value))
    }
    return request
  }

  /// RFC 7616, 3.5: the server may name the nonce of the next request.
  private func renewNonce(_ response: HTTPResponse, _ demand: AuthenticationDemand) async {
    guard case .digest(var challenge) = demand, let info = response.header("Authentication-Info"),
      let next = HTTPChallenge.parameters(of: info)["nextnonce"]
    else { return }
    challenge.nonce = next
    await memory.replace(demand, with: .digest(challenge))
  }

  private static func pathAndQuery(of url: String) -> String {
    // After "https://" and the host.
    let rest = url.drop { $0 != ":" }.dropFirst(3)
    guard let start = rest.firstIndex(where: { "/?".contains($0) }) else { return "/" }
    return rest[start] == "?" ? "/\(rest[start...])" : String(rest[start...])
  }
}
