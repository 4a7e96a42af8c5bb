/// A version of the Wowza Video REST API and its differences from the others.
///
/// The product works with accounts on 1.x and on 2.0; the paths, bodies and credentials of a version are decided here
/// and nowhere else. Sources: the vendor's specifications of 1.7 to 2.0 and its migration guide.
public struct WowzaVideoVersion: Sendable, Hashable {
  /// 1 or 2.
  public let major: Int
  /// The number after the point.
  public let minor: Int

  private init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Every version that this client supports, oldest first.
  public static let known = [
    Self(1, 6), Self(1, 7), Self(1, 8), Self(1, 9), Self(1, 10), Self(1, 11), Self(2, 0),
  ]

  /// Parses `v1.11` or `1.11`; nil for anything that is not one of ``known``.
  public init?(_ text: String) {
    guard let version = Self.known.first(where: { "\($0)" == text || "\($0)" == "v" + text }) else { return nil }
    self = version
  }

  /// API key and access key, plain or as a signature: removed in 1.9.
  public var takesKeys: Bool { self < Self(1, 9) }

  /// Bearer tokens came with 1.8.
  public var takesBearer: Bool { self >= Self(1, 8) }

  /// Assets, and with them restreaming, came with 1.8; 2.0 marks them as deprecated but still supports them.
  public var hasAssets: Bool { self >= Self(1, 8) }

  /// `delivery_protocols` of a CDN target came with 1.7.
  public var hasDeliveryProtocols: Bool { self >= Self(1, 7) }

  /// `url_suffix` of a CDN target came with 2.0.
  public var hasURLSuffix: Bool { major >= 2 }

  /// The word for CDN targets in paths and wrappers.
  public var targetWord: String { major >= 2 ? "wowza_cdn" : "fastly" }
}

extension WowzaVideoVersion: Comparable, CustomStringConvertible {
  /// Older versions come first; 1.10 is newer than 1.9.
  public static func < (left: Self, right: Self) -> Bool { (left.major, left.minor) < (right.major, right.minor) }

  /// Its form in a path: `v1.11`.
  public var description: String { "v\(major).\(minor)" }
}
