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

  /// The mapping `limits`; each kind of connection knows some of its keys.
  mutating func limits(_ keys: [String: YAMLNode], _ path: String, known: [String]) -> ConnectionLimits {
    var limits = ConnectionLimits()
    guard let node = keys["limits"] else { return limits }
    let path = "\(path).limits"
    for (key, node) in mapping(node, path, known: known) {
      switch key {
      case "requestsPerSecond": limits.requestsPerSecond = number(node, "\(path).\(key)", minimum: 1, maximum: 1000)
      case "concurrentWrites": limits.concurrentWrites = number(node, "\(path).\(key)", minimum: 1, maximum: 1000)
      case "lateness": limits.lateness = lateness(node, "\(path).\(key)")
      default: limits.liveStreams = allowance(node, "\(path).\(key)")
      }
    }
    return limits
  }

  private mutating func allowance(_ node: YAMLNode, _ path: String) -> ConnectionLimits.Allowance? {
    let keys = Dictionary(mapping(node, path, known: ["count", "per"])) { first, _ in first }
    for key in ["count", "per"] where keys[key] == nil { missing(key, in: path, at: node) }
    guard let count = keys["count"], let per = keys["per"],
      let number = number(count, "\(path).count", minimum: 1, maximum: 10_000), let window = span(per, "\(path).per")
    else { return nil }
    return ConnectionLimits.Allowance(count: number, window: window)
  }

  /// Intents whose end nobody knows are kept an hour longer than their jobs, and no longer.
  private mutating func lateness(_ node: YAMLNode, _ path: String) -> Duration? {
    guard let span = span(node, path) else { return nil }
    guard span <= .seconds(3600) else {
      report("RD0106", "\(path) may be an hour at most", at: node, help: "write 1h, or less")
      return nil
    }
    return span
  }

  private mutating func span(_ node: YAMLNode, _ path: String) -> Duration? {
    guard let text = text(node, path) else { return nil }
    guard let span = DurationText.parse(text), span > .zero else {
      report("RD0106", "\(path) is no span of time", at: node, help: "write 90s, 30m or 3h")
      return nil
    }
    return span
  }

  mutating func keyPair(_ keys: [String: YAMLNode], _ path: String, _ node: YAMLNode) -> KeyPairReference? {
    for key in ["accessKeyId", "secretAccessKey"] where keys[key] == nil { missing(key, in: path, at: node) }
    guard let id = secret(keys, "accessKeyId", path), let key = secret(keys, "secretAccessKey", path) else {
      return nil
    }
    return KeyPairReference(accessKeyID: id, secretAccessKey: key)
  }
}
