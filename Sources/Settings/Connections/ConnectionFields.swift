import Secrets

/// The fields that several connections share.
extension YAMLReader {
  /// The entries of a connection.
  mutating func fields(_ node: YAMLNode, _ path: String, _ known: [String]) -> [String: YAMLNode] {
    Dictionary(mapping(node, path, known: known)) { first, _ in first }
  }

  mutating func text(_ keys: [String: YAMLNode], _ key: String, _ path: String) -> String? {
    keys[key].flatMap { text($0, "\(path).\(key)") }
  }

  mutating func secret(_ keys: [String: YAMLNode], _ key: String, _ path: String) -> SecretReference? {
    guard let node = keys[key], let reference = secret(node, "\(path).\(key)") else { return nil }
    if case .awsProfile = reference {
      report(
        "RD0110", "\(path).\(key): a profile is a pair of keys, not a single value", at: node,
        help: "use source: profile")
      return nil
    }
    return reference
  }

  mutating func requiredURL(_ keys: [String: YAMLNode], _ path: String, _ node: YAMLNode) -> String? {
    guard let url = keys["url"] else {
      missing("url", in: path, at: node)
      return nil
    }
    return self.url(url, "\(path).url")
  }

  /// A duration that is not zero.
  mutating func span(_ node: YAMLNode, _ path: String) -> Duration? {
    guard let text = text(node, path) else { return nil }
    guard let span = DurationText.parse(text), span > .zero else {
      report("RD0106", "\(path) is not a valid duration", at: node, help: "write 90s, 30m or 3h")
      return nil
    }
    return span
  }
}
