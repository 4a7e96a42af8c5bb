import Crypto
import FoundationEssentials

/// Digest access authentication with `qop=auth` (RFC 7616): fresh nonces, every nonce count used once.
struct DigestGate: Sendable {
  enum Verdict: Equatable, Sendable {
    case accepted
    case refused(challenge: String)
  }

  enum Algorithm: String, Sendable {
    case md5 = "MD5"
    case sha256 = "SHA-256"

    /// Lower-case hex of the digest of `text`.
    func hash(_ text: String) -> String {
      switch self {
      case .md5: Self.hex(Insecure.MD5.hash(data: Data(text.utf8)))
      case .sha256: Self.hex(SHA256.hash(data: Data(text.utf8)))
      }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  private struct Nonce {
    let issued: Date
    var usedCounts: Set<UInt32> = []
  }

  static let realm = "Wowza"
  /// The maximum number of nonces kept; the oldest is dropped first, and its owner gets `stale=true`.
  static let limit = 1000

  private var nonces: [String: Nonce] = [:]
  private var order: [String] = []

  /// Checks one request against the account; every refusal has a fresh challenge.
  mutating func check(
    _ request: Request, account: EngineAccount, algorithm: Algorithm, lifetime: Double, now: Date,
    random: inout SeededRandom
  ) -> Verdict {
    guard let header = request.header("Authorization").flatMap(DigestHeader.init),
      header["username"] == account.user, header["realm"] == Self.realm, header["uri"] == request.target,
      header["qop"] == "auth", (header["algorithm"] ?? "MD5") == algorithm.rawValue,
      let nonce = header["nonce"], let cnonce = header["cnonce"], let count = header["nc"], count.count == 8,
      let number = UInt32(count, radix: 16), let response = header["response"]
    else { return refuse(stale: false, algorithm, now, &random) }
    let secret = algorithm.hash("\(account.user):\(Self.realm):\(account.password)")
    let request = algorithm.hash("\(request.method):\(request.target)")
    guard response == algorithm.hash("\(secret):\(nonce):\(count):\(cnonce):auth:\(request)") else {
      return refuse(stale: false, algorithm, now, &random)
    }
    // Only a caller who knows the password learns that the nonce is merely old.
    guard var known = nonces[nonce], now.timeIntervalSince(known.issued) < lifetime else {
      return refuse(stale: true, algorithm, now, &random)
    }
    guard known.usedCounts.insert(number).inserted else { return refuse(stale: false, algorithm, now, &random) }
    nonces[nonce] = known
    return .accepted
  }

  /// A challenge with a new nonce.
  mutating func refuse(
    stale: Bool, _ algorithm: Algorithm, _ now: Date, _ random: inout SeededRandom
  ) -> Verdict {
    let nonce = random.word(32)
    if order.count == Self.limit { nonces[order.removeFirst()] = nil }
    nonces[nonce] = Nonce(issued: now)
    order.append(nonce)
    let base = "Digest realm=\"\(Self.realm)\", domain=\"/\", nonce=\"\(nonce)\", "
    return .refused(
      challenge: base + "algorithm=\(algorithm.rawValue), qop=\"auth\"" + (stale ? ", stale=true" : ""))
  }
}
