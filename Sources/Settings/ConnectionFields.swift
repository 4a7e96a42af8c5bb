import Secrets

/// The fields that several connections share.
extension YAMLReader {
  mutating func text(_ keys: [String: YAMLNode], _ key: String, _ path: String) -> String? {
    keys[key].flatMap { text($0, "\(path).\(key)") }
  }

  mutating func secret(_ keys: [String: YAMLNode], _ key: String, _ path: String) -> SecretReference? {
    guard let node = keys[key], let reference = secret(node, "\(path).\(key)") else { return nil }
    if case .awsProfile = reference {
      report("RD0110", "\(path).\(key): a profile is not one value", at: node, help: "use source: profile")
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

  mutating func keyPair(_ keys: [String: YAMLNode], _ path: String, _ node: YAMLNode) -> KeyPairReference? {
    for key in ["accessKeyId", "secretAccessKey"] where keys[key] == nil { missing(key, in: path, at: node) }
    guard let id = secret(keys, "accessKeyId", path), let key = secret(keys, "secretAccessKey", path) else {
      return nil
    }
    return KeyPairReference(accessKeyID: id, secretAccessKey: key)
  }
}
