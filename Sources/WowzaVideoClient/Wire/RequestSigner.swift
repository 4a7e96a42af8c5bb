import Crypto
import FoundationEssentials
import HTTPTransport
import Secrets

/// The headers that show who asks.
enum RequestSigner {
  /// - Parameters:
  ///   - path: with its `/api/vX.Y` prefix; the query and a slash at the end are not signed.
  ///   - now: seconds since 1970; a signature is good for 15 s around the server's time.
  static func headers(_ credentials: WowzaVideoCredentials, path: String, now: Int64) -> [HTTPHeader] {
    switch credentials {
    case .bearer(let token):
      return [HTTPHeader("Authorization", secret: Secret("Bearer " + token.reveal()))]
    case .keyPair(let apiKey, let accessKey):
      return [HTTPHeader("wsc-api-key", secret: apiKey), HTTPHeader("wsc-access-key", secret: accessKey)]
    case .signature(let apiKey, let accessKey):
      return [
        HTTPHeader("wsc-access-key", secret: accessKey), HTTPHeader("wsc-timestamp", String(now)),
        HTTPHeader("wsc-signature", signature(apiKey: apiKey, path: path, now: now)),
      ]
    }
  }

  /// Lower-case hexadecimal HMAC-SHA256 of `timestamp:path:key` with the API key.
  static func signature(apiKey: Secret, path: String, now: Int64) -> String {
    let signed = path.hasSuffix("/") ? String(path.dropLast()) : path
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("\(now):\(signed):\(apiKey.reveal())".utf8), using: SymmetricKey(data: Data(apiKey.reveal().utf8)))
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
