public import Secrets

extension Connections {
  /// The references of all connections.
  public var secretReferences: [SecretReference] {
    engines.values.flatMap { [$0.value.user, $0.value.password].compactMap { $0 } }
      + aws.values.flatMap(\.value.references) + wowzaVideo.values.flatMap(\.value.authentication.references)
      + pushCredentials.values.flatMap { [$0.value.accessKeyID, $0.value.secretAccessKey] }
  }
}

extension AWSConnection {
  /// The references of its own keys.
  public var references: [SecretReference] {
    guard case .keys(let pair, let token) = source else { return [] }
    return [pair.accessKeyID, pair.secretAccessKey] + [token].compactMap { $0 }
  }
}

extension WowzaVideoConnection.Authentication {
  /// The references of what it proves itself with.
  public var references: [SecretReference] {
    switch self {
    case .token(let token): [token]
    case .apiKey(let key, let access), .hmac(let key, let access): [key, access]
    }
  }
}
