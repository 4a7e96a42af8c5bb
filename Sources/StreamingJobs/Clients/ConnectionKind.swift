/// What a connection leads to; the raw value is its section in the configuration.
public enum ConnectionKind: String, Sendable, Hashable, CaseIterable {
  /// A streaming engine.
  case engine = "engines"
  /// An AWS account or another S3 server.
  case aws
  /// A Wowza Video account.
  case wowzaVideo
  /// A key pair for engines to push with.
  case pushCredential = "pushCredentials"

  /// The words for a sentence.
  public var phrase: String {
    switch self {
    case .engine: "engine"
    case .aws: "AWS connection"
    case .wowzaVideo: "Wowza Video account"
    case .pushCredential: "push credential"
    }
  }

  /// The prefix of its gates, and the word for what is behind them; nil if it has no gates.
  var gateWords: (prefix: String, noun: String)? {
    switch self {
    case .engine: ("engine", "engine")
    case .aws: ("aws", "AWS connection")
    case .wowzaVideo: ("wowza-video", "account")
    case .pushCredential: nil
    }
  }

  /// The gate of the connection of this name; nil if it has none.
  public func gate(of name: String) -> String? { gateWords.map { "\($0.prefix):\(name)" } }
}
