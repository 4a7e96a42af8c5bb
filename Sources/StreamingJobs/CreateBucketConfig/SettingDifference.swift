import AWSClient

/// The state of a bucket's setting, compared with the request.
struct SettingDifference: Sendable, Hashable, CustomStringConvertible {
  private static let longest = 300

  let wanted: String
  /// Nil if it is not set.
  let found: String?

  /// The same as every kind tells it.
  func told(of setting: String) -> FieldDifference {
    FieldDifference(field: setting, found: found.map(Self.short), wanted: Self.short(wanted))
  }

  var description: String { "wanted \(Self.short(wanted)), found \(found.map(Self.short) ?? "none")" }

  /// Another party's rule may list a thousand origins.
  private static func short(_ text: String) -> String {
    text.count <= longest ? text : "\(text.prefix(longest))…"
  }
}

/// A setting that was written but differs when read back. Settings may take a moment to become visible, so it is tried
/// again.
struct SettingDiffers: Error, CustomStringConvertible {
  let bucket: String
  let setting: String
  let difference: SettingDifference
  let cause: String?

  var description: String { "\(setting) of bucket \(bucket): \(difference)" }
}

extension S3PublicAccessBlock {
  /// The four switches by their S3 names.
  var words: String {
    let switches = [
      ("BlockPublicAcls", blockPublicACLs), ("IgnorePublicAcls", ignorePublicACLs),
      ("BlockPublicPolicy", blockPublicPolicy), ("RestrictPublicBuckets", restrictPublicBuckets),
    ]
    return switches.map { "\($0)=\($1)" }.joined(separator: ", ")
  }
}

extension S3CORSRule {
  /// The rule by its S3 element names.
  var words: String {
    let lists = [
      ("AllowedOrigin", allowedOrigins), ("AllowedMethod", allowedMethods), ("AllowedHeader", allowedHeaders),
      ("ExposeHeader", exposeHeaders), ("MaxAgeSeconds", maxAgeSeconds.map { ["\($0)"] } ?? []),
    ]
    return lists.filter { !$0.1.isEmpty }.map { "\($0)=\($1.joined(separator: " "))" }.joined(separator: ", ")
  }
}
