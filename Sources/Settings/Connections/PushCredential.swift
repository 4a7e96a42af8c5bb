public import Secrets

/// A key pair that an engine stores to push to S3.
public struct PushCredential: Connection {
  /// The key pair.
  public var keys: KeyPairReference
}

extension PushCredential {
  /// Its section.
  public static let section = "pushCredentials"

  /// Its keys.
  public static let keys = [
    SettingKey("accessKeyId", .secret, "the id of the access key", isRequired: true),
    SettingKey("secretAccessKey", .secret, "the access key", isRequired: true),
  ]

  /// Reads an entry.
  public static func read(_ node: YAMLNode, _ path: String, by reader: inout YAMLReader) -> PushCredential? {
    let keys = reader.fields(node, path, Self.keys.names)
    return KeyPairReference(keys, path, node, by: &reader).map { PushCredential(keys: $0) }
  }

  /// Both keys.
  public var secretReferences: [SecretReference] { keys.references }

  /// Both references.
  public func words(span: (Duration) -> String) -> [String] { keys.references.map { "\($0)" } }
}

extension Connections {
  /// Key pairs that an engine stores to push to S3.
  public var pushCredentials: [String: Sourced<PushCredential>] { self[PushCredential.self] }
}
