/// The gates of connections: a job that needs a provider's account or host waits while its gate is closed.
public enum ProviderGate {
  /// The gate of a streaming engine.
  public static func engine(_ name: String) -> String { key(.engine, name) }
  /// The gate of an AWS connection.
  public static func aws(_ name: String) -> String { key(.aws, name) }
  /// The gate of a Wowza Video account.
  public static func wowzaVideo(_ name: String) -> String { key(.wowzaVideo, name) }

  private static func key(_ kind: ConnectionKind, _ name: String) -> String { kind.gate(of: name) ?? name }

  /// A gate in words, such as `account main`; other keys are returned as they are.
  public static func words(_ key: String) -> String {
    for (prefix, noun) in ConnectionKind.allCases.compactMap(\.gateWords)
    where key.hasPrefix("\(prefix):") && key.utf8.count > prefix.utf8.count + 1 {
      return "\(noun) \(key.dropFirst(prefix.count + 1))"
    }
    return key
  }

  /// Whether a key is the gate of a connection.
  public static func isKnown(_ key: String) -> Bool { words(key) != key }
}
