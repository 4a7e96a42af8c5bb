import AWSClient
import JobQueue

/// One setting of a bucket: how it is compared and how it is written.
struct BucketSetting: Sendable {
  /// The setting's name, as S3 calls it.
  let name: String
  /// What differs from what was asked; nil when nothing does.
  let difference: @Sendable (S3Client) async throws -> String?
  /// Brings it about.
  let write: @Sendable (S3Client) async throws -> Void
  /// Why a setting that was written may not be what was asked.
  let cause: String?
}

/// A setting that was written and is read back otherwise. Settings may take a moment to be seen, so it is tried again.
struct SettingDiffers: Error, CustomStringConvertible {
  let bucket: String
  let setting: String
  let difference: String
  let cause: String?

  var description: String { "\(setting) of bucket \(bucket): \(difference)" }
}

extension CreateBucketConfig {
  /// What is to be set, in the order in which S3 allows it: ownership before access, access before the policy.
  var settings: [BucketSetting] {
    var settings = [ownershipSetting, publicAccessSetting, corsSetting, lifecycleSetting]
    if publicRead == true { settings.append(policySetting) }
    if let tags, !tags.isEmpty { settings.append(tagSetting(tags)) }
    return settings
  }

  private var ownershipSetting: BucketSetting {
    let bucket = bucket
    let wanted = S3ObjectOwnership(rawValue: ownership ?? "") ?? .objectWriter
    return BucketSetting(
      name: "ownership",
      difference: { s3 in
        let found = try await s3.ownershipControls(bucket)
        return found == wanted ? nil : "it is \(found?.rawValue ?? "not set"), not \(wanted.rawValue)"
      },
      write: { try await $0.putOwnershipControls(bucket, wanted) }, cause: nil)
  }

  private var publicAccessSetting: BucketSetting {
    let bucket = bucket
    let on = blockPublicAccess ?? false
    let wanted = S3PublicAccessBlock(
      blockPublicACLs: on, ignorePublicACLs: on, blockPublicPolicy: on, restrictPublicBuckets: on)
    return BucketSetting(
      name: "publicAccessBlock",
      difference: { s3 in
        let found = try await s3.publicAccessBlock(bucket)
        // Not set means off for the bucket's own part.
        if found == wanted || found == nil && !on { return nil }
        return "it is \(found.map { "\($0)" } ?? "not set")"
      },
      write: { try await $0.putPublicAccessBlock(bucket, wanted) },
      cause: "a block of the account or organisation is stricter than the bucket's own")
  }

  private static let playersRuleID = "rundown-players"

  private var corsSetting: BucketSetting {
    let bucket = bucket
    let wanted = playersRule
    return BucketSetting(
      name: "cors",
      difference: { s3 in
        let found = try await s3.cors(bucket)?.first { $0.id == Self.playersRuleID }
        if found == wanted { return nil }
        return wanted == nil ? "our rule is there" : found == nil ? "our rule is not there" : "our rule is another"
      },
      write: { s3 in
        let others = try await (s3.cors(bucket) ?? []).filter { $0.id != Self.playersRuleID }
        let rules = others + (wanted.map { [$0] } ?? [])
        if rules.isEmpty { try await s3.deleteCORS(bucket) } else { try await s3.putCORS(bucket, rules) }
      }, cause: nil)
  }

  /// What players may ask for; nil when a person gave an empty list of them.
  private var playersRule: S3CORSRule? {
    let origins = corsOrigins ?? ["*"]
    guard !origins.isEmpty else { return nil }
    return S3CORSRule(
      id: Self.playersRuleID, allowedOrigins: origins, allowedMethods: corsMethods ?? ["GET", "HEAD"],
      allowedHeaders: ["*"], exposeHeaders: ["ETag", "Content-Length"], maxAgeSeconds: 3000)
  }

  private var lifecycleSetting: BucketSetting {
    let bucket = bucket
    let days = abortIncompleteDays ?? 7
    let id = "rundown-abort-incomplete-uploads"
    return BucketSetting(
      name: "lifecycle",
      difference: { s3 in
        guard let found = try await s3.lifecycle(bucket)?.first(where: { $0.id == id }) else {
          return "our rule is not there"
        }
        let holds =
          found.xml.contains("<DaysAfterInitiation>\(days)</DaysAfterInitiation>")
          && found.xml.contains("<Status>Enabled</Status>")
        return holds ? nil : "our rule is another than \(days) days"
      },
      write: { s3 in
        let others = try await (s3.lifecycle(bucket) ?? []).filter { $0.id != id }
        try await s3.putLifecycle(bucket, others + [.abortIncompleteUploads(id: id, afterDays: days)])
      }, cause: nil)
  }

  private var policySetting: BucketSetting {
    let bucket = bucket
    return BucketSetting(
      name: "policy",
      difference: { s3 in
        let policy = try PublicReadPolicy(json: try await s3.policy(bucket), bucket: bucket)
        return policy.isThere ? nil : "our statement is not there"
      },
      write: { s3 in
        let policy = try PublicReadPolicy(json: try await s3.policy(bucket), bucket: bucket)
        try await s3.putPolicy(bucket, json: try policy.merged())
      }, cause: "a block of the account refuses public policies")
  }

  private func tagSetting(_ wanted: [String: String]) -> BucketSetting {
    let bucket = bucket
    return BucketSetting(
      name: "tags",
      difference: { s3 in
        let found = try await s3.tagging(bucket) ?? [:]
        let wrong = wanted.keys.sorted().filter { found[$0] != wanted[$0] }
        return wrong.isEmpty ? nil : "different: \(wrong.joined(separator: ", "))"
      },
      write: { s3 in
        let found = try await s3.tagging(bucket) ?? [:]
        try await s3.putTagging(bucket, found.merging(wanted) { _, ours in ours })
      }, cause: nil)
  }
}
