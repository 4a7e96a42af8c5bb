/// Removes secrets from what the control API shows; the engine's own answers keep them, as the real ones do.
enum SecretMask {
  private static let words = ["secret", "password", "passphrase", "token", "rtmp_url"]

  static func mask(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map { key, member in (key, hides(key, member) ? "***" : mask(member)) }))
    case .array(let elements): .array(elements.map(mask))
    default: value
    }
  }

  /// Only texts can be secrets: switches such as `token_auth_enabled` stay readable.
  private static func hides(_ key: String, _ member: JSONValue) -> Bool {
    guard member.string != nil else { return false }
    let key = key.lowercased()
    return words.contains { key.contains($0) }
  }
}
