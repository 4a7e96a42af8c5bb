/// Names of regions such as `eu-central-1`.
public enum AWSRegion {
  /// Whether a text can be a region's name and nothing else, wherever it is put into a host name.
  public static func isWellFormed(_ name: String) -> Bool {
    (1...40).contains(name.utf8.count) && name.first != "-" && name.last != "-"
      && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// The domain of a region's services; China has its own.
  static func domain(of region: String) -> String {
    region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  }
}
