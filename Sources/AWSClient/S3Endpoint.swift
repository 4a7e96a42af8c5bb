/// Where buckets are: AWS, or a self-hosted server.
public struct S3Endpoint: Sendable, Hashable {
  /// The region that requests are signed for until a bucket is known to be in another.
  public var region: String
  /// Scheme, host and port of a self-hosted server, without a slash at the end; nil for AWS.
  public var ownBase: String?

  /// AWS with regional host names.
  public static func aws(region: String) -> S3Endpoint { S3Endpoint(region: region, ownBase: nil) }

  /// A self-hosted server such as `http://127.0.0.1:9000`, always addressed by path.
  public static func own(_ base: String, region: String = "us-east-1") -> S3Endpoint {
    S3Endpoint(region: region, ownBase: base.hasSuffix("/") ? String(base.dropLast()) : base)
  }

  /// The partition in the names of its resources; servers other than AWS only know `aws`, whatever their region is
  /// called.
  public var partition: String { ownBase == nil ? AWSRegion.partition(of: region) : "aws" }

  /// The address of a bucket, or of a key in it, for people and players, percent-encoded.
  public func shownURL(bucket: String, key: String? = nil, region: String) -> String {
    if ownBase != nil || !BucketName.fitsHost(bucket) {
      return url(bucket: bucket, key: key, region: region, pathStyle: true)
    }
    return key.map { S3URL.object($0, bucket: bucket, region: region) } ?? S3URL.bucket(bucket, region: region)
  }

  /// Whether a name can be a region there: at AWS it becomes part of the host that the next request is sent to.
  func canHave(region: String) -> Bool {
    ownBase == nil ? AWSRegion.isWellFormed(region) : AWSRegion.canBeSignedFor(region)
  }

  var isSecure: Bool { ownBase?.lowercased().hasPrefix("https://") ?? true }

  /// The URL of a bucket or of a key in it, percent-encoded once, without a query.
  func url(bucket: String, key: String?, region: String, pathStyle: Bool = false) -> String {
    let path = key.map { "/" + PercentEncoding.encode($0, keepingSlash: true) }
    if let ownBase { return "\(ownBase)/\(bucket)\(path ?? "")" }
    // The certificate's wildcard covers one label only.
    guard !pathStyle, !bucket.contains("."), BucketName.fitsHost(bucket) else {
      return "https://\(S3URL.host(region: region))/\(bucket)\(path ?? "")"
    }
    return "https://\(bucket).\(S3URL.host(region: region))\(path ?? "/")"
  }
}

/// Addresses of buckets and objects at AWS, for people and players.
public enum S3URL {
  /// `https://BUCKET.s3.REGION.amazonaws.com`, the form that also works right after the bucket's creation.
  public static func bucket(_ name: String, region: String) -> String { "https://\(name).\(host(region: region))" }

  /// The public URL of an object.
  public static func object(_ key: String, bucket name: String, region: String) -> String {
    bucket(name, region: region) + "/" + PercentEncoding.encode(key, keepingSlash: true)
  }

  static func host(region: String) -> String {
    "s3.\(region).\(AWSRegion.domain(of: region))"
  }
}
