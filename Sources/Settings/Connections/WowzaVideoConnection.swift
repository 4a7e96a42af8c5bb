public import Secrets

/// A Wowza Video account.
public struct WowzaVideoConnection: Connection {
  /// How requests are signed.
  public enum Authentication: Sendable, Hashable {
    /// A bearer token.
    case token(SecretReference)
    /// Two headers.
    case apiKey(SecretReference, accessKey: SecretReference)
    /// A signature made from both.
    case hmac(SecretReference, accessKey: SecretReference)
  }
  /// `https://api.video.wowza.com`.
  public var url: String
  /// `v2.0`.
  public var version: String
  /// How requests are signed.
  public var authentication: Authentication
  /// A PEM file of additional trusted authorities.
  public var caFile: String?
  /// The limits of our requests.
  public var limits: ConnectionLimits
}

extension WowzaVideoConnection {
  /// Its section.
  public static let section = "wowzaVideo"

  /// Its keys.
  public static let keys = [
    SettingKey("url", .url, "the address of the API; https://api.video.wowza.com when not given"),
    SettingKey("version", .text, "the version of the API; v2.0 when not given"),
    SettingKey(
      "authentication", .choice(["token", "apiKey", "hmac"]), "how requests are signed; token when not given"),
    SettingKey("token", .secret, "the bearer token"),
    SettingKey("apiKey", .secret, "the API key, with authentication: apiKey or hmac"),
    SettingKey("accessKey", .secret, "the access key, with authentication: apiKey or hmac"),
    .caFile,
    .limits([
      SettingKey("liveStreams", .allowance, "live streams that the account may make within a sliding window"),
      SettingKey(
        "lateEffectWindow", .span, "how long what was asked for may still be made when no answer came; 1h at most"),
      SettingKey("lateness", .span, "an earlier name of lateEffectWindow", isFormer: true),
    ]),
  ]

  /// Reads an entry.
  public static func read(_ node: YAMLNode, _ path: String, by reader: inout YAMLReader) -> WowzaVideoConnection? {
    let keys = reader.fields(node, path, Self.keys.names)
    let words = Self.keys.words(of: "authentication")
    let word = keys["authentication"].flatMap { reader.choice($0, "\(path).authentication", of: words) } ?? "token"
    let needed = word == "token" ? ["token"] : ["apiKey", "accessKey"]
    for key in needed where keys[key] == nil { reader.missing(key, in: path, at: node) }
    let secrets = needed.compactMap { reader.secret(keys, $0, path) }
    let url = keys["url"].map { reader.url($0, "\(path).url") } ?? "https://api.video.wowza.com"
    guard let url, secrets.count == needed.count else { return nil }
    let authentication: WowzaVideoConnection.Authentication =
      switch word {
      case "token": .token(secrets[0])
      case "hmac": .hmac(secrets[0], accessKey: secrets[1])
      default: .apiKey(secrets[0], accessKey: secrets[1])
      }
    return WowzaVideoConnection(
      url: url, version: reader.text(keys, "version", path) ?? "v2.0", authentication: authentication,
      caFile: reader.text(keys, "caFile", path),
      limits: ConnectionLimits(
        keys, path, known: Self.keys.names(below: "limits"), by: &reader))
  }

  /// The references to the secrets that it authenticates with.
  public var secretReferences: [SecretReference] {
    switch authentication {
    case .token(let token): [token]
    case .apiKey(let key, let access), .hmac(let key, let access): [key, access]
    }
  }

  /// Where it is, how requests are signed, and the limits of our requests.
  public func words(span: (Duration) -> String) -> [String] {
    let signing =
      switch authentication {
      case .token: "token"
      case .apiKey: "apiKey"
      case .hmac: "hmac"
      }
    let keys = secretReferences.map { "\($0)" }.joined(separator: "  ")
    return [url, version, "\(signing) \(keys)"] + limits.words(span: span)
  }
}

extension Connections {
  /// Wowza Video accounts.
  public var wowzaVideo: [String: Sourced<WowzaVideoConnection>] { self[WowzaVideoConnection.self] }
}
