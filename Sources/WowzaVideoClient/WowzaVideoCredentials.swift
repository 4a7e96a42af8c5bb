public import Secrets

/// The credentials of a Wowza Video account.
public enum WowzaVideoCredentials: Sendable, Hashable {
  /// A JWT from the account's token page; from 1.8 on, and the only way from 1.9.
  case bearer(Secret)
  /// Both keys in the clear, up to 1.8.
  case apiKey(key: Secret, accessKey: Secret)
  /// A signature with the API key, which itself is not sent; up to 1.8.
  case hmac(key: Secret, accessKey: Secret)

  /// Every value that must not appear in a message.
  var secrets: [Secret] {
    switch self {
    case .bearer(let token): [token]
    case .apiKey(let key, let accessKey), .hmac(let key, let accessKey): [key, accessKey]
    }
  }

  /// Why a version does not accept these; nil if it does.
  func problem(with version: WowzaVideoVersion) -> String? {
    switch self {
    case .bearer where !version.takesBearer: "\(version) does not accept a bearer token (v1.8 and later do)"
    case .apiKey where !version.takesKeys, .hmac where !version.takesKeys:
      "\(version) does not accept an API key (v1.8 and earlier do)"
    default: nil
    }
  }
}
