/// What `create-bucket-config` says when it is done.
public struct BucketConfigResult: Codable, Sendable, Hashable {
  /// The bucket.
  public var bucket: String
  /// Where it is.
  public var region: String
  /// Its regional address, the one that a CDN can fetch from.
  public var url: String
  /// Whether this job made the bucket.
  public var created: Bool
  /// The settings that were written.
  public var changed: [String]
  /// The settings that this server does not know.
  public var unsupported: [String]
  /// Whether everything was as asked already.
  public var unchanged: Bool
}
