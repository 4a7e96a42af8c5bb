public import Secrets

/// A streaming engine's REST interface.
public struct EngineConnection: Connection {
  /// How it authenticates us.
  public enum Authentication: String, Sendable, CaseIterable { case none, basic, digest, negotiate }
  /// `https://host:8087`.
  public var url: String
  /// How it authenticates us; `digest` if not given.
  public var authentication: Authentication
  /// Nil only without authentication.
  public var user: SecretReference?
  /// Nil only without authentication.
  public var password: SecretReference?
  /// The server's name in REST paths; `_defaultServer_`.
  public var serverName: String
  /// The virtual host in REST paths; `_defaultVHost_`.
  public var vhost: String
  /// A PEM file of additional trusted authorities.
  public var caFile: String?
  /// The limits of our requests.
  public var limits: ConnectionLimits
}

extension EngineConnection {
  /// Its section.
  public static let section = "engines"

  /// Its keys.
  public static let keys = [
    SettingKey("url", .url, "the address of its REST interface, such as https://host:8087", isRequired: true),
    SettingKey(
      "auth", .choice(Authentication.allCases.map(\.rawValue)), "how it asks who we are; digest when not given"),
    SettingKey("user", .secret, "the user of its REST interface"),
    SettingKey("password", .secret, "that user's password"),
    SettingKey("serverName", .text, "the server's name in REST paths; _defaultServer_ when not given"),
    SettingKey("vhost", .text, "the virtual host in REST paths; _defaultVHost_ when not given"),
    .caFile,
    .limits([SettingKey("concurrentWrites", .int(1...1000), "jobs that write to one application at once")]),
  ]

  /// Reads an entry.
  public static func read(_ node: YAMLNode, _ path: String, by reader: inout YAMLReader) -> EngineConnection? {
    let keys = reader.fields(node, path, Self.keys.names)
    let words = Self.keys.words(of: "auth")
    let word = keys["auth"].flatMap { reader.choice($0, "\(path).auth", of: words) }
    let authentication = word.flatMap { Authentication(rawValue: $0) } ?? .digest
    if authentication != .none {
      for key in ["user", "password"] where keys[key] == nil { reader.missing(key, in: path, at: node) }
    }
    guard let url = reader.requiredURL(keys, path, node) else { return nil }
    return EngineConnection(
      url: url, authentication: authentication, user: reader.secret(keys, "user", path),
      password: reader.secret(keys, "password", path),
      serverName: reader.text(keys, "serverName", path) ?? "_defaultServer_",
      vhost: reader.text(keys, "vhost", path) ?? "_defaultVHost_", caFile: reader.text(keys, "caFile", path),
      limits: ConnectionLimits(keys, path, known: Self.keys.names(below: "limits"), by: &reader))
  }

  /// User and password.
  public var secretReferences: [SecretReference] {
    [user, password].compactMap { $0 }
  }

  /// Where it is, how it authenticates us, and the limits of our requests.
  public func words(span: (Duration) -> String) -> [String] {
    [url, authentication.rawValue] + secretReferences.map { "\($0)" } + limits.words(span: span)
  }
}

extension Connections {
  /// Streaming engines.
  public var engines: [String: Sourced<EngineConnection>] { self[EngineConnection.self] }
}
