import FoundationEssentials
import HTTPTransport
import TestServers
import Testing

/// The control API of the stand-ins.
extension Given {
  /// Asks the control API and expects it to agree.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> StandInValue {
    try await send(method, "http://127.0.0.1:\(standIns.ports.control)\(path)", body)
  }

  func fault(_ json: String) async throws {
    try await control("POST", "/faults", json)
  }

  /// What was done to the engine so far: `created`, `updated`, `conflicts`.
  func engineCount(_ count: String) async throws -> StandInValue? {
    try await control("GET", "/counts")["engines"]?["fra1"]?[count]
  }

  /// What was done to Wowza Video so far: `createdTargets`, `createdLiveStreams`, `starts`.
  func videoCount(_ count: String) async throws -> StandInValue? {
    try await control("GET", "/counts")["video"]?[count]
  }

  /// The map entries of an application as the engine holds them, secrets masked.
  func mapEntries(_ application: String = "live") async throws -> [StandInValue] {
    try await elements("engines", "fra1", application)
  }

  /// A list of the stand-ins' state.
  func elements(_ path: String...) async throws -> [StandInValue] {
    var value: StandInValue? = try await control("GET", "/state")
    for key in path { value = value?[key] }
    guard case .array(let elements)? = value else { return [] }
    return elements
  }

  /// Makes a map entry as a person would.
  func putEntry(_ name: String, _ body: String, application: String = "live") async throws {
    let port = try #require(standIns.ports.engines["fra1"])
    let base = "http://127.0.0.1:\(port)/v2/servers/_defaultServer_/vhosts/_defaultVHost_/applications"
    let pair = Data("\(Self.engineUser):\(Self.enginePassword)".utf8).base64EncodedString()
    try await send(
      "POST", "\(base)/\(application)/pushpublish/mapentries/\(name)", body,
      HTTPHeader("Authorization", "Basic " + pair))
  }

  /// Asks Wowza Video for what no job ever asks.
  func video(_ method: String, _ path: String) async throws {
    let response = try await transport.send(
      HTTPRequest(
        method: method, url: "http://127.0.0.1:\(standIns.ports.video)/api/v1.11/\(path)",
        headers: [HTTPHeader("Authorization", "Bearer " + Self.token)]))
    try #require((200..<300).contains(response.status), "\(method) \(path)")
  }

  @discardableResult
  private func send(
    _ method: String, _ url: String, _ body: String?, _ headers: HTTPHeader...
  ) async throws -> StandInValue {
    let response = try await transport.send(
      HTTPRequest(method: method, url: url, headers: headers, body: body.map { .bytes(Array($0.utf8)) } ?? .none))
    let text = String(decoding: response.body, as: UTF8.self)
    try #require((200..<300).contains(response.status), "\(method) \(url): \(text)")
    return try JSONDecoder().decode(StandInValue.self, from: Data(response.body))
  }
}
