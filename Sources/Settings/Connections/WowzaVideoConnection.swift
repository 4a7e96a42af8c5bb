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
  /// A PEM file of extra trusted authorities.
  public var caFile: String?
  /// How much of it we ask at once.
  public var limits: ConnectionLimits
}

extension WowzaVideoConnection {
  /// Its section.
  public static let section = "wowzaVideo"

  /// Reads one.
  public static func read(_ node: YAMLNode, _ path: String, by reader: inout YAMLReader) -> WowzaVideoConnection? {
    let known = ["url", "version", "authentication", "token", "apiKey", "accessKey", "caFile", "limits"]
    let keys = reader.fields(node, path, known)
    let words = ["token", "apiKey", "hmac"]
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
        keys, path, known: ["requestsPerSecond", "liveStreams", "lateEffectWindow", "lateness"], by: &reader))
  }

  /// What it proves itself with.
  public var secretReferences: [SecretReference] {
    switch authentication {
    case .token(let token): [token]
    case .apiKey(let key, let access), .hmac(let key, let access): [key, access]
    }
  }

  /// Where it is, how requests are signed, and how much of it we ask.
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
