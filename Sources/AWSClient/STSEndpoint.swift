/// Where STS is: AWS, or a self-hosted server.
public struct STSEndpoint: Sendable, Hashable {
  /// The region that requests are signed for.
  public var region: String
  /// Scheme, host and port of a self-hosted server, without a slash at the end; nil for AWS.
  public var ownBase: String?

  /// AWS' endpoint of a region; credentials of a regional endpoint are valid in every region.
  public static func aws(region: String) -> STSEndpoint { STSEndpoint(region: region, ownBase: nil) }

  /// A self-hosted server such as `http://127.0.0.1:4566`.
  public static func own(_ base: String, region: String = "us-east-1") -> STSEndpoint {
    STSEndpoint(region: region, ownBase: base.hasSuffix("/") ? String(base.dropLast()) : base)
  }

  var url: String { (ownBase ?? "https://sts.\(region).\(AWSRegion.domain(of: region))") + "/" }
}
