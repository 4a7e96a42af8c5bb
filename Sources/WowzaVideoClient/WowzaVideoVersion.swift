/// A version of Wowza Video's REST API, and what differs between versions.
public struct WowzaVideoVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Before the point.
  public let major: Int
  /// After the point.
  public let minor: Int

  /// The oldest one we speak: its stream targets are the first to take a custom origin.
  public static let oldest = WowzaVideoVersion(major: 1, minor: 6)
  /// The newest one we speak.
  public static let newest = WowzaVideoVersion(major: 2, minor: 0)

  private init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Reads `v1.11` or `1.11`; nil for anything that is no version from ``oldest`` to ``newest``.
  public init?(_ text: String) {
    let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...]).split(
      separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
    self.init(major: major, minor: minor)
    guard (Self.oldest...Self.newest).contains(self) else { return nil }
  }

  /// How it stands in a path: `v1.11`.
  public var description: String { "v\(major).\(minor)" }

  /// The path word of CDN stream targets; also part of their wrapper's name.
  var targetWord: String { major >= 2 ? "wowza_cdn" : "fastly" }

  /// Key pairs and signatures were taken away with 1.9.
  var takesKeys: Bool { self <= WowzaVideoVersion(major: 1, minor: 8) }

  /// Tokens came with 1.8.
  var takesTokens: Bool { self >= WowzaVideoVersion(major: 1, minor: 8) }

  /// The asset manager came with 1.8.
  public var hasAssets: Bool { self >= WowzaVideoVersion(major: 1, minor: 8) }

  /// Whether `lhs` is older.
  public static func < (lhs: WowzaVideoVersion, rhs: WowzaVideoVersion) -> Bool {
    (lhs.major, lhs.minor) < (rhs.major, rhs.minor)
  }
}
