import Crypto
import FoundationEssentials
import Secrets
import Wire

/// Signature version 4: canonical request, string to sign, signature.
///
/// Paths are signed as they are sent, encoded once and never normalised: the rule of S3, which makes no difference for
/// IAM and STS, whose path is `/`.
enum SigV4 {
  /// The parts of a request that are covered by a signature.
  struct Request {
    var method: String
    /// The absolute URL as sent.
    var url: String
    /// Every field to sign, without `host`.
    var headers: [(name: String, value: String)]
    /// Hex SHA-256 of the body, or `UNSIGNED-PAYLOAD`.
    var payloadHash: String
  }

  /// Where a signature is valid.
  struct Scope: Hashable {
    /// `YYYYMMDDThhmmssZ`.
    var time: String
    var region: String
    var service: String

    var date: String { String(time.prefix(8)) }
    var text: String { "\(date)/\(region)/\(service)/aws4_request" }
  }

  /// The host as it is sent, path and query of an absolute URL: the scheme's default port is omitted, as HTTP clients
  /// do.
  static func split(url: String) -> (host: String, path: String, query: String) {
    guard let scheme = url.firstRange(of: "://") else { return ("", url, "") }
    let rest = url[scheme.upperBound...]
    let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let tail = rest[authorityEnd...]
    let queryStart = tail.firstIndex(of: "?")
    let path = tail[..<(queryStart ?? tail.endIndex)]
    let query = queryStart.map { String(tail[tail.index(after: $0)...]) } ?? ""
    let usualPort = url[..<scheme.lowerBound].lowercased() == "https" ? ":443" : ":80"
    let authority = rest[..<authorityEnd]
    let host = authority.hasSuffix(usualPort) ? authority.dropLast(usualPort.count) : authority
    return (String(host), path.isEmpty ? "/" : String(path), query)
  }

  static func canonicalRequest(_ request: Request) -> (text: String, signedHeaders: String) {
    let (host, path, query) = split(url: request.url)
    let sortedQuery = query.split(separator: "&").map { pair -> (Substring, Substring) in
      guard let equals = pair.firstIndex(of: "=") else { return (pair, "") }
      return (pair[..<equals], pair[pair.index(after: equals)...])
    }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    let headers =
      (request.headers + [(name: "host", value: host)]).map { ($0.name.lowercased(), collapsed($0.value)) }
      .sorted { $0.0 < $1.0 }
    let names = headers.map(\.0).joined(separator: ";")
    let lines = headers.map { "\($0.0):\($0.1)\n" }.joined()
    return ("\(request.method)\n\(path)\n\(sortedQuery)\n\(lines)\n\(names)\n\(request.payloadHash)", names)
  }

  static func stringToSign(canonicalRequest: String, scope: Scope) -> String {
    "AWS4-HMAC-SHA256\n\(scope.time)\n\(scope.text)\n\(Digests.sha256Hex(Array(canonicalRequest.utf8)))"
  }

  static func signingKey(secret: Secret, scope: Scope) -> SymmetricKey {
    var key = SymmetricKey(data: Array(("AWS4" + secret.reveal()).utf8))
    for part in [scope.date, scope.region, scope.service, "aws4_request"] {
      key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
    return key
  }

  /// The value of the `Authorization` field.
  static func authorization(_ request: Request, accessKeyID: String, key: SymmetricKey, scope: Scope) -> String {
    let canonical = canonicalRequest(request)
    let text = stringToSign(canonicalRequest: canonical.text, scope: scope)
    let signature = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    return "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope.text), SignedHeaders=\(canonical.signedHeaders), "
      + "Signature=\(Hex.text(signature))"
  }

  private static func collapsed(_ value: String) -> String {
    value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
  }
}
