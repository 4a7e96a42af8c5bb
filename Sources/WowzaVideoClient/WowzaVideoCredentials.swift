public import Secrets

/// How a request shows who asks.
public enum WowzaVideoCredentials: Sendable, Hashable {
  /// A token in `Authorization`; from 1.8, the only way from 1.9.
  case bearer(Secret)
  /// Both keys in headers; up to 1.8.
  case keyPair(apiKey: Secret, accessKey: Secret)
  /// A signature made with the API key, which is not sent itself; up to 1.8.
  case signature(apiKey: Secret, accessKey: Secret)

  /// Every value that must not come back in a message.
  var secrets: [Secret] {
    switch self {
    case .bearer(let token): [token]
    case .keyPair(let apiKey, let accessKey), .signature(let apiKey, let accessKey): [apiKey, accessKey]
    }
  }

  /// Why this version does not take them; nil when it does.
  func problem(with version: WowzaVideoVersion) -> String? {
    switch self {
    case .bearer: version.takesTokens ? nil : "version \(version) knows no tokens; they came with v1.8"
    case .keyPair, .signature:
      version.takesKeys ? nil : "version \(version) takes no API keys; from v1.9 on it takes tokens only"
    }
  }
}
