public import Secrets

/// An access key pair by reference.
public struct KeyPairReference: Sendable, Hashable {
  /// The key's id.
  public var accessKeyID: SecretReference
  /// The key.
  public var secretAccessKey: SecretReference
}

extension KeyPairReference {
  /// Reads `accessKeyId` and `secretAccessKey`; nil, with a report, if one is missing.
  init?(_ keys: [String: YAMLNode], _ path: String, _ node: YAMLNode, by reader: inout YAMLReader) {
    for key in ["accessKeyId", "secretAccessKey"] where keys[key] == nil { reader.missing(key, in: path, at: node) }
    guard let id = reader.secret(keys, "accessKeyId", path), let key = reader.secret(keys, "secretAccessKey", path)
    else { return nil }
    self.init(accessKeyID: id, secretAccessKey: key)
  }

  /// Both.
  var references: [SecretReference] { [accessKeyID, secretAccessKey] }
}
