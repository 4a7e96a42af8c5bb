import AWSClient

/// How a setting of a bucket is, next to how it was asked for.
struct SettingDifference: Sendable, Hashable, CustomStringConvertible {
  private static let longest = 300

  let wanted: String
  /// Nil when it is not set.
  let found: String?

  /// The same as every kind tells it.
  func told(of setting: String) -> FieldDifference {
    FieldDifference(field: setting, found: found.map(Self.short), wanted: Self.short(wanted))
  }

  var description: String { "wanted \(Self.short(wanted)), found \(found.map(Self.short) ?? "none")" }

  /// Somebody else's rule may name a thousand origins.
  private static func short(_ text: String) -> String {
    text.count <= longest ? text : "\(text.prefix(longest))…"
  }
}

/// A setting that was written and is read back otherwise. Settings may take a moment to be seen, so it is tried again.
struct SettingDiffers: Error, CustomStringConvertible {
  let bucket: String
  let setting: String
  let difference: SettingDifference
  let cause: String?

  var description: String { "\(setting) of bucket \(bucket): \(difference)" }
}

extension S3PublicAccessBlock {
  /// The four switches by their names at S3.
  var words: String {
    let switches = [
      ("BlockPublicAcls", blockPublicACLs), ("IgnorePublicAcls", ignorePublicACLs),
      ("BlockPublicPolicy", blockPublicPolicy), ("RestrictPublicBuckets", restrictPublicBuckets),
    ]
    return switches.map { "\($0)=\($1)" }.joined(separator: ", ")
  }
}

extension S3CORSRule {
  /// The rule by the names of its elements at S3.
  var words: String {
    let lists = [
      ("AllowedOrigin", allowedOrigins), ("AllowedMethod", allowedMethods), ("AllowedHeader", allowedHeaders),
      ("ExposeHeader", exposeHeaders), ("MaxAgeSeconds", maxAgeSeconds.map { ["\($0)"] } ?? []),
    ]
    return lists.filter { !$0.1.isEmpty }.map { "\($0)=\($1.joined(separator: " "))" }.joined(separator: ", ")
  }
}
