/// What a connection leads to; the raw value is its section of the configuration.
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

  /// What its gates begin with, and the word for what is behind them; nil where jobs go through none.
  var gateWords: (prefix: String, noun: String)? {
    switch self {
    case .engine: ("engine", "engine")
    case .aws: ("aws", "AWS connection")
    case .wowzaVideo: ("wowza-video", "account")
    case .pushCredential: nil
    }
  }

  /// The gate of the connection of this name; nil where jobs go through none.
  public func gate(of name: String) -> String? { gateWords.map { "\($0.prefix):\(name)" } }
}
