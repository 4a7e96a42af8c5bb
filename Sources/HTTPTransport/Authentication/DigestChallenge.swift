import Crypto
import FoundationEssentials
import Secrets
import Wire

/// A server's challenge by HTTP Digest (RFC 7616, and RFC 2069 if it names no `qop`).
struct DigestChallenge: Sendable, Hashable {
  enum Algorithm: String, Sendable {
    case md5 = "MD5"
    case md5Session = "MD5-sess"
    case sha256 = "SHA-256"
    case sha256Session = "SHA-256-sess"

    /// Lower-case hexadecimal digits of the digest.
    func hash(_ text: String) -> String {
      switch self {
      case .md5, .md5Session: Hex.text(Insecure.MD5.hash(data: Data(text.utf8)))
      case .sha256, .sha256Session: Hex.text(SHA256.hash(data: Data(text.utf8)))
      }
    }

    var isOfSession: Bool { self == .md5Session || self == .sha256Session }
    var strength: Int { self == .md5 || self == .md5Session ? 0 : 1 }
  }

  let realm: String
  var nonce: String
  let algorithm: Algorithm
  /// As the server wrote it: an algorithm that it did not name is not named in the answer.
  let namesAlgorithm: Bool
  let opaque: String?
  /// Whether answers contain a count (`qop=auth`).
  let counts: Bool
  /// Whether the reason is a stale nonce, with correct credentials.
  let isStale: Bool

  /// Reads a challenge; nil for one that cannot be answered: another scheme, or an unknown algorithm or protection.
  init?(_ challenge: HTTPChallenge) {
    let known = challenge.parameters
    guard challenge.scheme == "digest", let realm = known["realm"], let nonce = known["nonce"] else { return nil }
    let name = known["algorithm"]
    let algorithm = [Algorithm.md5, .md5Session, .sha256, .sha256Session].first {
      $0.rawValue.lowercased() == (name ?? "MD5").lowercased()
    }
    guard let algorithm else { return nil }
    if let qop = known["qop"] {
      guard qop.split(separator: ",").contains(where: { $0.filter { $0 != " " }.lowercased() == "auth" }) else {
        return nil
      }
      counts = true
    } else {
      counts = false
    }
    self.realm = realm
    self.nonce = nonce
    self.algorithm = algorithm
    namesAlgorithm = name != nil
    opaque = known["opaque"]
    isStale = known["stale"]?.lowercased() == "true"
  }

  /// The value of `Authorization` for one request.
  /// - Parameters:
  ///   - uri: path and query as they are sent.
  ///   - count: how often the nonce was used, including this time.
  ///   - clientNonce: random, created for this request.
  func authorization(
    _ authentication: HTTPAuthentication, method: String, uri: String, count: Int, clientNonce: String
  ) -> Secret {
    let (user, password) = (authentication.user.reveal(), authentication.password.reveal())
    var secret = algorithm.hash("\(user):\(realm):\(password)")
    if algorithm.isOfSession { secret = algorithm.hash("\(secret):\(nonce):\(clientNonce)") }
    let request = algorithm.hash("\(method):\(uri)")
    let digits = String(count, radix: 16)
    let number = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    let response =
      counts
      ? algorithm.hash("\(secret):\(nonce):\(number):\(clientNonce):auth:\(request)")
      : algorithm.hash("\(secret):\(nonce):\(request)")
    var fields = [
      "username=\(Self.quoted(user))", "realm=\(Self.quoted(realm))", "nonce=\(Self.quoted(nonce))",
      "uri=\(Self.quoted(uri))", "response=\"\(response)\"",
    ]
    if namesAlgorithm { fields.append("algorithm=\(algorithm.rawValue)") }
    if let opaque { fields.append("opaque=\(Self.quoted(opaque))") }
    if counts { fields += ["qop=auth", "nc=\(number)"] }
    if counts || algorithm.isOfSession { fields.append("cnonce=\(Self.quoted(clientNonce))") }
    return Secret("Digest " + fields.joined(separator: ", "))
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
