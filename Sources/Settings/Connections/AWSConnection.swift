import AWSClient
public import Secrets

/// An AWS account, or another S3 server.
public struct AWSConnection: Connection {
  /// Where the keys come from.
  public enum Source: Sendable, Hashable {
    /// Environment, profile, container or instance role, in AWS' order.
    case defaultChain
    /// References.
    case keys(KeyPairReference, sessionToken: SecretReference?)
    /// A profile of the AWS configuration files.
    case profile(String)
  }
  /// Where the keys come from.
  public var source: Source
  /// The ARN of a role to assume.
  public var assumeRole: String?
  /// The external id that the role requires.
  public var externalID: String?
  /// `eu-central-1`.
  public var region: String?
  /// The address of another S3 server.
  public var endpoint: String?
  /// A PEM file of additional trusted authorities; nil for that of `AWS_CA_BUNDLE`, if there is one.
  public var caFile: String?
  /// The limits of our requests.
  public var limits: ConnectionLimits
}

extension AWSConnection {
  /// Its section.
  public static let section = "aws"

  /// Its keys.
  public static let keys = [
    SettingKey(
      "source", .choice(["default-chain", "static", "profile"]),
      "where its keys come from; default-chain when not given"
    ),
    SettingKey("accessKeyId", .secret, "the id of the access key, with source: static"),
    SettingKey("secretAccessKey", .secret, "the access key, with source: static"),
    SettingKey("sessionToken", .secret, "the session token, with source: static"),
    SettingKey("profile", .text, "a profile of the AWS configuration files, with source: profile"),
    SettingKey("assumeRole", .text, "the ARN of a role to take on"),
    SettingKey("externalId", .text, "the external id that the role asks for"),
    SettingKey("region", .text, "such as eu-central-1"),
    SettingKey("endpoint", .url, "the address of another S3 server than AWS"),
    .caFile, .limits(),
  ]

  /// Reads an entry.
  public static func read(_ node: YAMLNode, _ path: String, by reader: inout YAMLReader) -> AWSConnection? {
    let keys = reader.fields(node, path, Self.keys.names)
    let words = Self.keys.words(of: "source")
    let word = keys["source"].map { reader.choice($0, "\(path).source", of: words) }
    var source = AWSConnection.Source.defaultChain
    switch word ?? "default-chain" {
    case "static":
      guard let pair = KeyPairReference(keys, path, node, by: &reader) else { return nil }
      source = .keys(pair, sessionToken: reader.secret(keys, "sessionToken", path))
    case "profile":
      guard let profile = reader.text(keys, "profile", path) else {
        reader.missing("profile", in: path, at: node)
        return nil
      }
      source = .profile(profile)
    default: break
    }
    return AWSConnection(
      source: source, assumeRole: reader.text(keys, "assumeRole", path),
      externalID: reader.text(keys, "externalId", path), region: region(keys, path, &reader),
      endpoint: keys["endpoint"].flatMap { reader.url($0, "\(path).endpoint") },
      caFile: reader.text(keys, "caFile", path),
      limits: ConnectionLimits(keys, path, known: Self.keys.names(below: "limits"), by: &reader))
  }

  /// As in a job: self-hosted servers may use any region names, AWS does not.
  private static func region(
    _ keys: [String: YAMLNode], _ path: String, _ reader: inout YAMLReader
  ) -> String? {
    guard let node = keys["region"], let name = reader.text(node, "\(path).region") else { return nil }
    guard keys["endpoint"] == nil else {
      if AWSRegion.canBeSignedFor(name) { return name }
      reader.report(
        "RD0113", "\(path).region: '\(name)' is not a valid region name", at: node,
        help: "write the server's own name for it, such as fr-par")
      return nil
    }
    guard case .wrong(let nearest) = AWSRegion.standing(of: name) else { return name }
    reader.report(
      "RD0113", "\(path).region: \(AWSRegion.refusal(of: name))", at: node,
      help: nearest == nil
        ? "write one such as eu-central-1; a server other than AWS needs endpoint"
        : AWSRegion.help(nearest: nearest))
    return nil
  }

  /// The references to its own keys.
  public var secretReferences: [SecretReference] {
    guard case .keys(let pair, let token) = source else { return [] }
    return pair.references + [token].compactMap { $0 }
  }

  /// Where its keys come from, where it is, and the limits of our requests.
  public func words(span: (Duration) -> String) -> [String] {
    let source =
      switch source {
      case .defaultChain: ["default-chain"]
      case .profile(let name): ["profile \(name)"]
      case .keys: secretReferences.map { "\($0)" }
      }
    return source + [region, endpoint, assumeRole].compactMap { $0 } + limits.words(span: span)
  }
}

extension Connections {
  /// AWS accounts and other S3 servers.
  public var aws: [String: Sourced<AWSConnection>] { self[AWSConnection.self] }
}
