import FoundationEssentials
public import HTTPTransport
import Secrets

/// The REST API of one Wowza Video account, versions 1.6 to 2.0.
///
/// No call is repeated here: whether a repeat is safe is the caller's knowledge, and ``ProviderError/delivery`` is what
/// it needs to decide.
public struct WowzaVideoClient: Sendable {
  /// Yields the credentials at the time of a call.
  public typealias CredentialsSource = @Sendable () async throws -> WowzaVideoCredentials

  /// The version that is spoken.
  public let version: WowzaVideoVersion
  private let transport: any HTTPTransport
  private let baseURL: String
  private let credentials: CredentialsSource
  private let clock: @Sendable () -> Int64

  /// Creates a client.
  /// - Parameters:
  ///   - baseURL: `https://api.video.wowza.com`.
  ///   - clock: seconds since 1970.
  public init(
    transport: any HTTPTransport, baseURL: String = "https://api.video.wowza.com", version: WowzaVideoVersion,
    credentials: @escaping CredentialsSource, clock: @escaping @Sendable () -> Int64
  ) {
    self.transport = transport
    self.version = version
    self.credentials = credentials
    self.clock = clock
    var base = baseURL
    while base.hasSuffix("/") { base.removeLast() }
    self.baseURL = base
  }

  /// Sends a call and gives its answer to be judged.
  func send(
    _ method: String, _ path: [String], query: [(name: String, value: String)] = [], body: [UInt8]? = nil,
    operation: String, target: String
  ) async throws -> VideoAnswer {
    guard !path.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      throw notSent(operation, target, code: "invalid-request", "a name in the path is empty, \".\" or \"..\"", nil)
    }
    let known = try await credentials(for: operation, target)
    let wholePath = "/api/\(version)" + path.map { "/" + Self.escaped($0) }.joined()
    let shownQuery = query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
    let request = HTTPRequest(
      method: method, url: baseURL + wholePath + (shownQuery.isEmpty ? "" : "?" + shownQuery),
      headers: [HTTPHeader("Accept", "application/json"), HTTPHeader("Content-Type", "application/json")]
        + RequestSigner.headers(known, path: wholePath, now: clock()),
      body: body.map { .bytes($0) } ?? .none, sink: .memory(limit: 8 << 20))
    do {
      return VideoAnswer(
        operation: operation, target: target, isWrite: method != "GET", response: try await transport.send(request),
        hidden: known.secrets)
    } catch {
      throw ProviderError(provider: VideoAnswer.provider, operation: operation, target: target, transport: error)
    }
  }

  private func credentials(for operation: String, _ target: String) async throws -> WowzaVideoCredentials {
    let known = try await credentials()
    if let problem = known.problem(with: version) {
      throw notSent(
        operation, target, code: "credentials-kind", problem, "set version or credentials of this connection")
    }
    return known
  }

  func notSent(_ operation: String, _ target: String, code: String, _ message: String, _ hint: String?) -> ProviderError
  {
    ProviderError(
      provider: VideoAnswer.provider, operation: operation, target: target, code: code, message: message,
      delivery: .notSent, hint: hint)
  }

  /// Every record of a list, page after page.
  ///
  /// - Throws: ``ProviderError`` when the list is longer than the bound: a record that was not seen would be made again.
  func list<Record: Decodable & Sendable>(
    _ type: Record.Type, _ path: [String], query: [(name: String, value: String)] = [], wrappers: [String],
    operation: String
  ) async throws -> [Record] {
    var records: [Record] = []
    for page in 1...Self.mostPages {
      let answer = try await send(
        "GET", path, query: query + [("page", "\(page)"), ("per_page", "\(Self.perPage)")], operation: operation,
        target: "page \(page)")
      let content = try answer.decoded(Page<Record>.self)
      guard let list = wrappers.lazy.compactMap({ content.records[$0] }).first else { throw answer.undecodable }
      records += list
      guard let total = content.totalPages, total > page else { return records }
    }
    throw ProviderError(
      provider: VideoAnswer.provider, operation: operation, target: "all pages", code: "list-too-long",
      message: "the list has more than \(Self.mostPages * Self.perPage) records", delivery: .refused,
      hint: "remove what is not needed any more from the account")
  }

  /// The largest page, and so many of them: 100,000 records.
  private static let perPage = 1000
  private static let mostPages = 100

  /// Everything but RFC 3986's unreserved characters is escaped.
  private static func escaped(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
    let bytes = text.utf8.flatMap { byte -> [UInt8] in
      plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
