/// The result of `upload-recording`.
public struct UploadResult: Codable, Sendable, Hashable {
  /// The bucket.
  public var bucket: String
  /// The object's key.
  public var key: String
  /// The object's address.
  public var url: String
  /// Bytes.
  public var size: Int64
  /// The object's entity tag, as the server reported it.
  public var etag: String?
  /// CRC-32C of all bytes, in base64.
  public var crc32c: String
  /// How many parts it has; 1 for a single request.
  public var parts: Int
  /// How many of them were sent by an earlier attempt.
  public var resumedParts: Int
  /// What was compared after the upload: `size`, and `checksum` if the server reports one.
  public var verified: [String]
  /// Whether the same content already existed.
  public var unchanged: Bool
}
