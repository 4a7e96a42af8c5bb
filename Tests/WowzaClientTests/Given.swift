import FoundationEssentials
import HTTPTransport
import Secrets
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

/// Running stand-ins and the real transport to reach them.
struct Given: Sendable {
  let standIns: StandIns
  let transport: CurlTransport

  static let token = WowzaVideoCredentials.bearer(Secret("standin-token"))
  static let apiKey = Secret(String(repeating: "0123456789abcdef", count: 4))
  static let accessKey = Secret(String(repeating: "fedcba9876543210", count: 4))
  static let engineAccount = WowzaEngineCredentials(user: Secret("wse"), password: Secret("wse-secret"))

  /// Runs `body` against fresh stand-ins and stops them, whatever happens.
  static func standIns(
    _ change: (inout StandInsConfiguration) -> Void = { _ in }, _ body: (Given) async throws -> Void
  ) async throws {
    var configuration = StandInsConfiguration()
    change(&configuration)
    let given = Given(
      standIns: try await StandIns.start(configuration),
      transport: CurlTransport(configuration: CurlTransport.Configuration(proxy: .none)))
    do {
      try await body(given)
    } catch {
      await given.stop()
      throw error
    }
    await given.stop()
  }

  private func stop() async {
    transport.shutdown()
    await standIns.stop()
  }

  /// A client of the stand-in of Wowza Video. The stand-ins keep the machine's time, and so does `now`.
  func video(
    _ version: String = "v1.11", _ credentials: WowzaVideoCredentials = token, clockAhead seconds: Int64 = 0,
    timeouts: HTTPTimeouts = HTTPTimeouts()
  ) throws -> WowzaVideoClient {
    WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(standIns.ports.video)/", version: try #require(WowzaVideoVersion(version)),
      credentials: { credentials }, transport: transport,
      now: { Int64(Date().timeIntervalSince1970) + seconds }, timeouts: timeouts)
  }

  /// A client of the stand-in of an engine.
  func engine(
    _ credentials: WowzaEngineCredentials? = engineAccount, authentication: HTTPAuthentication.Scheme = .negotiate
  ) throws -> WowzaEngineClient {
    let port = try #require(standIns.ports.engines["fra1"])
    return WowzaEngineClient(
      transport: transport, baseURL: "http://127.0.0.1:\(port)", credentials: { credentials },
      authentication: authentication)
  }

  /// Asks the control API and expects it to agree.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> StandInValue {
    let response = try await transport.send(
      HTTPRequest(
        method: method, url: "http://127.0.0.1:\(standIns.ports.control)\(path)",
        body: body.map { .bytes(Array($0.utf8)) } ?? .none))
    let text = String(decoding: response.body, as: UTF8.self)
    try #require((200..<300).contains(response.status), "\(method) \(path): \(text)")
    return try JSONDecoder().decode(StandInValue.self, from: Data(response.body))
  }

  func fault(_ json: String) async throws {
    try await control("POST", "/faults", json)
  }

  /// What was made at Wowza Video so far: `createdTargets`, `createdLiveStreams`, `starts`.
  func made(_ count: String) async throws -> StandInValue? {
    try await control("GET", "/counts")["video"]?[count]
  }

  /// How many requests of a method and a path the stand-ins have seen.
  func requests(_ method: String, containing path: String) async throws -> Int {
    guard case .array(let lines)? = try await control("GET", "/journal")["requests"] else { return 0 }
    return lines.filter { $0["method"]?.string == method && $0["path"]?.string?.contains(path) == true }.count
  }
}

/// The error that a call of a client must end with.
func providerError<Value>(
  sourceLocation: SourceLocation = #_sourceLocation, _ call: () async throws -> Value
) async throws -> ProviderError {
  try await #require(throws: ProviderError.self, sourceLocation: sourceLocation) { _ = try await call() }
}
