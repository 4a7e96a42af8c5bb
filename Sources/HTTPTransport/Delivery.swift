/// Whether a request that failed may have taken effect at the other side. Safe retries depend on this value.
public enum Delivery: String, Sendable, Hashable, Codable {
  /// The request never reached the server: nothing happened there.
  case notSent
  /// The server answered and refused: nothing happened there.
  case refused
  /// The request was sent, at least in part, and no complete answer came: it may have taken effect.
  case unknown
}
