import Crypto
import HTTPTransport
import Secrets

/// The headers with which a request proves who sent it.
enum VideoSignature {
  /// - Parameters:
  ///   - path: from `/api/` on, without query; a trailing slash is not signed.
  ///   - timestamp: Unix time in seconds, within 15 s of the server's clock.
  static func headers(_ credentials: WowzaVideoCredentials, path: String, timestamp: Int64) -> [HTTPHeader] {
    switch credentials {
    case .bearer(let token):
      return [HTTPHeader("Authorization", secret: Secret("Bearer " + token.reveal()))]
    case .apiKey(let key, let accessKey):
      return [HTTPHeader("wsc-api-key", secret: key), HTTPHeader("wsc-access-key", secret: accessKey)]
    case .hmac(let key, let accessKey):
      return [
        HTTPHeader("wsc-access-key", secret: accessKey), HTTPHeader("wsc-timestamp", String(timestamp)),
        HTTPHeader("wsc-signature", secret: Secret(signature(key: key, path: path, timestamp: timestamp))),
      ]
    }
  }

  /// Lower-case hex of HMAC-SHA256 over `{timestamp}:{path}:{API key}`, keyed with the API key.
  static func signature(key: Secret, path: String, timestamp: Int64) -> String {
    var path = path
    while path.hasSuffix("/") { path.removeLast() }
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("\(timestamp):\(path):\(key.reveal())".utf8), using: SymmetricKey(data: Array(key.reveal().utf8)))
    let digits = Array("0123456789abcdef")
    return String(code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
