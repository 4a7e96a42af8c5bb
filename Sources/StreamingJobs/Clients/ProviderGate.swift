/// The gates of connections: what a job goes through that needs the provider account or host behind one.
public enum ProviderGate {
  /// The gate of a streaming engine.
  public static func engine(_ name: String) -> String { "engine:\(name)" }
  /// The gate of an AWS connection.
  public static func aws(_ name: String) -> String { "aws:\(name)" }
  /// The gate of a Wowza Video account.
  public static func wowzaVideo(_ name: String) -> String { "wowza-video:\(name)" }

  /// A gate in words for a sentence, such as `account main`; one that is none of these as it is.
  public static func words(_ key: String) -> String {
    for (prefix, noun) in [("engine:", "engine"), ("aws:", "AWS connection"), ("wowza-video:", "account")]
    where key.hasPrefix(prefix) && key != prefix {
      return "\(noun) \(key.dropFirst(prefix.count))"
    }
    return key
  }

  /// Whether a key is the gate of a connection.
  public static func isKnown(_ key: String) -> Bool { words(key) != key }
}
