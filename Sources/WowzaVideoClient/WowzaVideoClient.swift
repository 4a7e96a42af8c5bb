public import HTTPTransport
import Secrets

/// The REST API of one Wowza Video account.
///
/// No write is repeated here, with one exception: a signature that was refused because of a wrong clock is renewed
/// once, since nothing happened. Anything else is for the caller to decide, with the help of
/// ``ProviderError/delivery``. Every failure is a ``ProviderError`` of provider `wowza-video`.
public struct WowzaVideoClient: Sendable {
  /// Provides the credentials at the time of a call.
  public typealias CredentialsSource = @Sendable () async throws -> WowzaVideoCredentials

  static let provider = "wowza-video"
  /// The maximum size of an answer in bytes: a full page of 1000 whole records stays far below.
  static let largestAnswer = 8 << 20

  /// The version that this client uses.
  public let version: WowzaVideoVersion
  private let baseURL: String
  private let credentials: CredentialsSource
  private let transport: any HTTPTransport
  private let now: @Sendable () -> Int64
  private let timeouts: HTTPTimeouts

  /// Creates a client.
  /// - Parameters:
  ///   - baseURL: scheme and host, the part before `/api/v2.0`: `https://api.video.wowza.com`.
  ///   - now: seconds since 1970.
  public init(
    baseURL: String, version: WowzaVideoVersion, credentials: @escaping CredentialsSource,
    transport: any HTTPTransport, now: @escaping @Sendable () -> Int64, timeouts: HTTPTimeouts = HTTPTimeouts()
  ) {
    var base = baseURL
    while base.hasSuffix("/") { base.removeLast() }
    self.baseURL = base
    self.version = version
    self.credentials = credentials
    self.transport = transport
    self.now = now
    self.timeouts = timeouts
  }

  /// Sends a call and reads the wanted value from the answer.
  /// - Parameter read: returns nil if the answer lacks what every success contains.
  func send<Value>(_ call: VideoCall, _ read: (VideoValue) -> Value?) async throws -> Value {
    try await send(call) { value, _ in read(value) }
  }

  /// Like ``send(_:_:)``; `read` also gets the time of the answer by the server's own clock.
  func send<Value>(_ call: VideoCall, _ read: (VideoValue, _ date: Int64?) -> Value?) async throws -> Value {
    try await AnswerJudgement.told {
      let answer = try await exchange(call)
      guard let value = read(try answer.value(), answer.date) else {
        throw answer.undecodable("the response lacks the expected fields")
      }
      return value
    }
  }

  /// Like ``send(_:_:)``, but nil if the server does not know the id, or no longer does.
  ///
  /// Only the provider's own answer counts: a gateway's 404 would make an existing thing look missing, and it would be
  /// created again.
  func find<Value>(_ call: VideoCall, _ read: (VideoValue) -> Value?) async throws -> Value? {
    try await find(call) { value, _ in read(value) }
  }

  /// Like ``find(_:_:)``; `read` also gets the time of the answer by the server's own clock.
  func find<Value>(_ call: VideoCall, _ read: (VideoValue, _ date: Int64?) -> Value?) async throws -> Value? {
    do {
      return try await send(call, read)
    } catch let error as ProviderError where error.code == VideoHint.notFound || error.code == VideoHint.deleted {
      return nil
    }
  }

  /// The error of a call that cannot be made at all.
  func invalid(_ call: VideoCall, _ message: String, code: String = "invalid-request", hint: String? = nil)
    -> ProviderError
  {
    ProviderError(
      provider: Self.provider, operation: call.operation, target: call.target, code: code, message: message,
      delivery: .notSent, hint: hint)
  }

  private func exchange(_ call: VideoCall) async throws -> VideoAnswer {
    // A server may resolve dot segments and so reach another resource; escaping does not prevent that.
    guard !call.path.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      throw invalid(call, "an id in the path is empty, \".\" or \"..\"")
    }
    let known = try await credentials(for: call)
    let first = try await exchange(call, known, clockCorrection: 0)
    guard case .hmac = known, first.response.status == 401 else { return first }
    do {
      _ = try first.value()
    } catch {
      if let skew = error.clockSkew?.components.seconds, abs(skew) > VideoHint.clockTolerance {
        return try await exchange(call, known, clockCorrection: skew)
      }
    }
    return first
  }

  private func exchange(
    _ call: VideoCall, _ known: WowzaVideoCredentials, clockCorrection: Int64
  ) async throws -> VideoAnswer {
    let path = "/api/\(version)" + call.path.map { "/" + $0.asPathSegment }.joined()
    var headers = [HTTPHeader("Accept", "application/json")]
    if call.body != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
    headers += VideoSignature.headers(known, path: path, timestamp: now() + clockCorrection)
    let request = HTTPRequest(
      method: call.method, url: baseURL + path + call.query, headers: headers,
      body: try call.body.map { .bytes(try $0.bytes()) } ?? .none, sink: .memory(limit: Self.largestAnswer),
      timeouts: timeouts, secrets: known.secrets)
    do {
      let response = try await transport.send(request)
      return VideoAnswer(call: call, response: response, now: now())
    } catch {
      var failure = ProviderError(
        provider: Self.provider, operation: call.operation, target: call.target, transport: error,
        mayBeOwn: \.isJSON)
      let isUnreadable = error.code == .responseTooLarge || error.code == .protocolViolation
      if isUnreadable, !call.isWrite { failure.delivery = .refused }
      throw failure
    }
  }

  private func credentials(for call: VideoCall) async throws -> WowzaVideoCredentials {
    let known: WowzaVideoCredentials
    do {
      known = try await credentials()
    } catch {
      // The error of foreign code may contain what it read; only its type is safe to report.
      let cause = (error as? SecretError).map { "\($0)" } ?? "the credentials are not available (\(type(of: error)))"
      throw invalid(call, cause, code: "no-credentials")
    }
    if let problem = known.problem(with: version) {
      throw invalid(
        call, problem, code: "unsupported-version", hint: "change the connection's version or authentication")
    }
    return known
  }
}
