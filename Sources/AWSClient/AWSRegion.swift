/// Names of regions such as `eu-central-1`.
public enum AWSRegion {
  /// Whether a text can be a region's name and nothing else, wherever it appears in a host name.
  public static func isWellFormed(_ name: String) -> Bool {
    (1...40).contains(name.utf8.count) && name.first != "-" && name.last != "-"
      && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// Whether AWS can have a region of this name: new ones appear, so only the form is checked.
  public static func canBeOfAWS(_ name: String) -> Bool {
    let words = name.split(separator: "-", omittingEmptySubsequences: false)
    return isWellFormed(name) && words.count >= 3 && !words.contains("")
      && words.last?.utf8.allSatisfy { (48...57).contains($0) } == true
  }

  /// Whether a text can be the region in a signature, including the names that servers other than AWS use: `auto`,
  /// `fr-par`, `default`.
  public static func canBeSignedFor(_ name: String) -> Bool {
    (1...255).contains(name.utf8.count)
      && name.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"/,".utf8.contains($0) }
  }

  /// The partition of a region, the second word in the names of its resources: `arn:aws-cn:s3:::BUCKET`. Partitions
  /// know nothing of each other's resources.
  static func partition(of region: String) -> String { entry(of: region)?.partition ?? "aws" }

  /// The domain of a region's services; most partitions have their own.
  static func domain(of region: String) -> String { entry(of: region)?.domain ?? "amazonaws.com" }

  private static func entry(of region: String) -> (start: String, partition: String, domain: String)? {
    others.first { region.hasPrefix($0.start) }
  }

  /// All partitions except the common one, as in AWS' SDKs.
  private static let others = [
    (start: "cn-", partition: "aws-cn", domain: "amazonaws.com.cn"),
    (start: "us-gov-", partition: "aws-us-gov", domain: "amazonaws.com"),
    (start: "eusc-", partition: "aws-eusc", domain: "amazonaws.eu"),
    (start: "us-iso-", partition: "aws-iso", domain: "c2s.ic.gov"),
    (start: "us-isob-", partition: "aws-iso-b", domain: "sc2s.sgov.gov"),
    (start: "eu-isoe-", partition: "aws-iso-e", domain: "cloud.adc-e.uk"),
    (start: "us-isof-", partition: "aws-iso-f", domain: "csp.hci.ic.gov"),
  ]
}
