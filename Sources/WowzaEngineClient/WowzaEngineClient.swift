public import HTTPTransport
public import Secrets

/// The REST interface of one Wowza Streaming Engine (`/v2`, port 8087).
///
/// No call is repeated here: the caller knows whether a repeat is safe, and ``ProviderError/delivery`` is what it needs
/// to decide.
public struct WowzaEngineClient: Sendable {
  /// Provides the credentials at the time of a call; nil for an engine without authentication.
  public typealias CredentialsSource = @Sendable () async throws -> WowzaEngineCredentials?

  static let provider = "wowza-engine"

  private let transport: any HTTPTransport
  private let credentials: CredentialsSource
  private let scheme: HTTPAuthentication.Scheme
  private let baseURL: String
  private let serverName: String
  private let vhost: String

  /// Creates a client.
  /// - Parameters:
  ///   - baseURL: scheme, host and port: `http://engine.example.net:8087`.
  ///   - memory: what is known about how the engine authenticates; shared by the clients of one connection.
  public init(
    transport: any HTTPTransport, baseURL: String, credentials: @escaping CredentialsSource,
    authentication: HTTPAuthentication.Scheme = .negotiate, memory: AuthenticationMemory = AuthenticationMemory(),
    serverName: String = "_defaultServer_", vhost: String = "_defaultVHost_"
  ) {
    self.transport = AuthenticatingTransport(transport, memory: memory)
    self.credentials = credentials
    self.scheme = authentication
    self.serverName = serverName
    self.vhost = vhost
    var base = baseURL
    while base.hasSuffix("/") { base.removeLast() }
    self.baseURL = base
  }

  /// The engine's version and health.
  public func serverStatus() async throws -> EngineServerStatus {
    EngineServerStatus(
      try await read(statusPath, .serverStatus, operation: "GET status", target: serverName))
  }

  /// The value of `auth:` that fits the engine's challenge; nil if the challenge is not supported. Determined by a read
  /// without credentials.
  public func fittingAuthentication() async throws -> String? {
    let target = "servers/\(serverName)/status"
    do {
      let response = try await transport.send(
        HTTPRequest(url: "\(baseURL)/v2/\(target)", headers: [HTTPHeader("Accept", "application/json; charset=utf-8")]))
      return EngineAnswer(
        operation: "GET status", target: serverName, isWrite: false, response: response, scheme: nil,
        record: .serverStatus, server: serverName
      ).fittingAuthentication
    } catch {
      throw ProviderError(
        provider: Self.provider, operation: "GET status", target: serverName, transport: error, mayBeOwn: \.isJSON)
    }
  }

  /// All applications of the virtual host.
  public func applications() async throws -> [EngineApplication] {
    let answer = try await read(
      hostPath + ["applications"], .applications, operation: "GET applications", target: vhost)
    return (answer["applications"]?.elements ?? []).compactMap { EngineApplication($0) }
  }

  /// All map entries of an application.
  public func mapEntries(application: String) async throws -> [MapEntry] {
    let answer = try await read(
      mapPath(application), .mapEntries, operation: "GET mapentries", target: application)
    return (answer["mapEntries"]?.elements ?? []).compactMap { MapEntry($0) }
  }

  /// One map entry; nil if it or its application does not exist.
  public func mapEntry(_ name: String, application: String) async throws -> MapEntry? {
    do {
      return MapEntry(
        answer: try await read(
          mapPath(application) + [name], .mapEntry, operation: "GET mapentries", target: "\(application)/\(name)"),
        named: name)
    } catch let error as ProviderError where error.status == 404 {
      return nil
    }
  }

  /// Creates an entry. If it already exists, this is a ``ProviderError`` of status 409.
  public func createMapEntry(_ entry: MapEntry, named name: String, application: String) async throws {
    try await write("POST", [name], entry, application: application) { $0 != nil }
  }

  /// Reads an entry, changes it and writes all of it back. The engine accepts only whole entries and has no conditional
  /// writes, so the entry is read again right before the write: changes made by others meanwhile are merged again. Only
  /// changes during the write itself can be lost.
  /// - Parameter secretAccessKey: sent in place of the returned one, which may be missing or masked.
  /// - Returns: the entry as it was sent.
  public func updateMapEntry(
    _ name: String, application: String, secretAccessKey: Secret? = nil,
    change: @Sendable (inout MapEntry) throws -> Void
  ) async throws -> MapEntry {
    var found = try await presentMapEntry(name, application)
    for _ in 0..<Self.mostLooks {
      var entry = found
      try change(&entry)
      if let secretAccessKey {
        var options = entry.extraOptions ?? MapEntryOptions()
        options.secretAccessKey = secretAccessKey
        entry.extraOptions = options
      }
      let newest = try await presentMapEntry(name, application)
      if newest.isConfigured(as: found) {
        let sent = entry
        try await write("PUT", [name], entry, application: application) { now in
          now.map { sent.isConfigured(as: newest) || !$0.isConfigured(as: newest) } ?? false
        }
        return entry
      }
      found = newest
    }
    throw ProviderError(
      provider: Self.provider, operation: "PUT mapentries", target: "\(application)/\(name)", code: "changing",
      message: "someone else keeps changing the entry", delivery: .refused, hint: "check who else writes map entries")
  }

  private static let mostLooks = 5

  private func presentMapEntry(_ name: String, _ application: String) async throws -> MapEntry {
    let answer = try await read(
      mapPath(application) + [name], .mapEntry, operation: "GET mapentries", target: "\(application)/\(name)")
    guard let entry = MapEntry(answer: answer, named: name) else {
      throw refused(operation: "PUT mapentries", target: name, message: "the engine returned no entry", hint: nil)
    }
    return entry
  }

  /// Deletes an entry; one that does not exist counts as deleted.
  public func deleteMapEntry(_ name: String, application: String) async throws {
    do {
      try await write("DELETE", [name], nil, application: application) { $0 == nil }
    } catch let error as ProviderError where error.status == 404 {
      return
    }
  }

  /// Enables an entry, so that it pushes.
  public func enableMapEntry(_ name: String, application: String) async throws {
    try await write("PUT", [name, "actions", "enable"], nil, application: application) {
      $0.map { $0.enabled ?? true } ?? false
    }
  }

  /// Disables an entry, so that it stops pushing.
  public func disableMapEntry(_ name: String, application: String) async throws {
    try await write("PUT", [name, "actions", "disable"], nil, application: application) {
      $0.map { !($0.enabled ?? false) } ?? false
    }
  }

  private var statusPath: [String] { ["v2", "servers", serverName, "status"] }

  private var hostPath: [String] { ["v2", "servers", serverName, "vhosts", vhost] }

  private func mapPath(_ application: String) -> [String] {
    hostPath + ["applications", application, "pushpublish", "mapentries"]
  }

  /// Writes an entry, or performs an action on it.
  /// - Parameter isDone: whether the entry as read afterwards shows the effect. The engine answers each write with its
  ///   envelope; for a success without one, which a captive portal may send as well, only this shows who answered.
  private func write(
    _ method: String, _ path: [String], _ entry: MapEntry?, application: String, isDone: (MapEntry?) -> Bool
  ) async throws {
    let action = path.count > 1 ? " " + path.dropFirst().joined(separator: "/") : ""
    try await AnswerJudgement.told {
      let answer = try await exchange(
        method, mapPath(application) + path, operation: "\(method) mapentries\(action)",
        target: "\(application)/\(path[0])", entry: entry)
      _ = try answer.value()
      guard answer.isBare else { return }
      let isSeen = try? await isDone(mapEntry(path[0], application: application))
      guard isSeen == true else { throw answer.bareWithoutEffect() }
    }
  }

  private func read(
    _ path: [String], _ record: EngineRecord, operation: String, target: String
  ) async throws -> EngineValue {
    try await AnswerJudgement.told {
      try await exchange("GET", path, record, operation: operation, target: target, entry: nil).value().unwrapped
    }
  }

  /// Like ``ask(_:_:_:operation:target:entry:)``, with another request to find out who answered if the answer leaves
  /// that open.
  private func exchange(
    _ method: String, _ path: [String], _ record: EngineRecord? = nil, operation: String, target: String,
    entry: MapEntry?
  ) async throws -> EngineAnswer {
    var answer = try await ask(method, path, record, operation: operation, target: target, entry: entry)
    if answer.isDoubtful { answer.isConfirmed = await answersAsItself() }
    return answer
  }

  /// Whether the engine answers as itself to a request that every engine can answer.
  private func answersAsItself() async -> Bool {
    let ordinary: [(path: [String], record: EngineRecord)] = [
      (statusPath, .serverStatus), (hostPath + ["applications"], .applications),
    ]
    for (path, record) in ordinary {
      let answer = try? await ask("GET", path, record, operation: "GET status", target: serverName, entry: nil)
      guard let answer else { return false }
      if answer.showsRecord { return true }
    }
    return false
  }

  private func ask(
    _ method: String, _ path: [String], _ record: EngineRecord?, operation: String, target: String, entry: MapEntry?
  ) async throws -> EngineAnswer {
    // A server may resolve dot segments and so reach another resource; escaping does not prevent that.
    guard !path.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      throw refused(
        operation: operation, target: target, message: "a name in the path is empty, \".\" or \"..\"",
        hint: "use another name")
    }
    let known = try await credentials(operation: operation, target: target)
    let request = HTTPRequest(
      method: method, url: baseURL + path.map { "/" + $0.asPathSegment }.joined(),
      headers: [
        HTTPHeader("Accept", "application/json; charset=utf-8"),
        HTTPHeader("Content-Type", "application/json; charset=utf-8"),
      ],
      body: try entry.map { .bytes(try $0.wire.bytes()) } ?? .none, sink: .memory(limit: 4 << 20),
      authentication: known.map { HTTPAuthentication(user: $0.user, password: $0.password, scheme: scheme) },
      secrets: entry?.secrets ?? [])
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      var failure = ProviderError(
        provider: Self.provider, operation: operation, target: target, transport: error, mayBeOwn: \.isJSON)
      if method == "GET", !failure.isFromProvider { failure.delivery = .refused }
      throw failure
    }
    return EngineAnswer(
      // A write that was held back did nothing, whoever reports it.
      operation: operation, target: target, isWrite: method != "GET" && !response.isToQuestion, response: response,
      scheme: known == nil ? nil : scheme, record: record, server: serverName)
  }

  private func credentials(operation: String, target: String) async throws -> WowzaEngineCredentials? {
    do {
      return try await credentials()
    } catch {
      // The error of foreign code may contain what it read; only its type is safe to report.
      let cause = (error as? SecretError).map { "\($0)" } ?? "the credentials are not available (\(type(of: error)))"
      throw ProviderError(
        provider: Self.provider, operation: operation, target: target, code: "no-credentials", message: cause,
        delivery: .notSent)
    }
  }

  private func refused(operation: String, target: String, message: String, hint: String?) -> ProviderError {
    ProviderError(
      provider: Self.provider, operation: operation, target: target, code: "invalid-request", message: message,
      delivery: .notSent, hint: hint)
  }
}

extension String {
  /// The text as one segment of a path: everything except RFC 3986's unreserved characters is escaped.
  var asPathSegment: String {
    let digits = Array("0123456789ABCDEF")
    var escaped = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        escaped.unicodeScalars.append(UnicodeScalar(byte))
      default:
        escaped.append("%")
        escaped.append(digits[Int(byte >> 4)])
        escaped.append(digits[Int(byte & 15)])
      }
    }
    return escaped
  }
}
