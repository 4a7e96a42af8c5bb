/// The result of `create-bucket-config`.
public struct BucketConfigResult: Codable, Sendable, Hashable {
  /// The bucket.
  public var bucket: String
  /// Its region.
  public var region: String
  /// Its regional address, the one that a CDN can fetch from.
  public var url: String
  /// Whether this job created the bucket.
  public var created: Bool
  /// The settings that were written.
  public var changed: [String]
  /// The settings that this server does not support.
  public var unsupported: [String]
  /// Whether everything was already as requested.
  public var unchanged: Bool
}
