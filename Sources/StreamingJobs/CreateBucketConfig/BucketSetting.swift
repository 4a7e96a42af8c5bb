import AWSClient
import JobQueue

/// One setting of a bucket: how it is compared and how it is written.
struct BucketSetting: Sendable {
  /// The setting's name, as S3 calls it.
  let name: String
  /// Whether it was requested; otherwise it is a default, which a server may lack.
  let isAskedFor: Bool
  /// How the setting differs from the request; nil if it does not.
  let difference: @Sendable (S3Client) async throws -> SettingDifference?
  /// Writes the setting.
  let write: @Sendable (S3Client) async throws -> Void
  /// Why a setting that was written may still differ.
  let cause: String?
}

extension CreateBucketConfig {
  /// The settings, in the order that S3 requires: ownership before access, access before the policy.
  var settings: [BucketSetting] {
    var settings = [ownershipSetting, publicAccessSetting, corsSetting, lifecycleSetting]
    if publicRead ?? Defaults.publicRead { settings.append(policySetting) }
    if let tags, !tags.isEmpty { settings.append(tagSetting(tags)) }
    return settings
  }

  /// Who owns the objects that others write.
  var wantedOwnership: S3ObjectOwnership { ownership.flatMap { S3ObjectOwnership(rawValue: $0) } ?? Defaults.ownership }

  private var ownershipSetting: BucketSetting {
    let bucket = bucket
    let wanted = wantedOwnership
    return BucketSetting(
      name: "ownership", isAskedFor: ownership != nil,
      difference: { s3 in
        let found = try await s3.ownershipControls(bucket)
        return found == wanted ? nil : SettingDifference(wanted: wanted.rawValue, found: found?.rawValue)
      },
      write: { try await $0.putOwnershipControls(bucket, wanted) }, cause: nil)
  }

  private var publicAccessSetting: BucketSetting {
    let bucket = bucket
    let on = blockPublicAccess ?? Defaults.blockPublicAccess
    let wanted = S3PublicAccessBlock(
      blockPublicACLs: on, ignorePublicACLs: on, blockPublicPolicy: on, restrictPublicBuckets: on)
    return BucketSetting(
      name: "publicAccessBlock", isAskedFor: blockPublicAccess != nil,
      difference: { s3 in
        let found = try await s3.publicAccessBlock(bucket)
        // If it is not set, the bucket's own block is off.
        if found == wanted || found == nil && !on { return nil }
        return SettingDifference(wanted: wanted.words, found: found?.words)
      },
      write: { try await $0.putPublicAccessBlock(bucket, wanted) },
      cause: "account-level or organization-level Block Public Access is stricter than the bucket's own")
  }

  private static let playersRuleID = "rundown-players"

  private var corsSetting: BucketSetting {
    let bucket = bucket
    let wanted = playersRule
    return BucketSetting(
      name: "cors", isAskedFor: asksForCORS,
      difference: { s3 in
        let rules = try await s3.cors(bucket) ?? []
        let found = rules.first { $0.id == Self.playersRuleID }
        // A server may store no ids, or ids of its own.
        if let wanted, (found ?? rules.first(where: wanted.means)).map(wanted.means) == true { return nil }
        if wanted == nil, found == nil { return nil }
        return SettingDifference(wanted: wanted?.words ?? "none of our rules", found: found?.words)
      },
      write: { s3 in
        let others = try await (s3.cors(bucket) ?? []).filter { $0.id != Self.playersRuleID }
        let rules = others + (wanted.map { [$0] } ?? [])
        if rules.isEmpty { try await s3.deleteCORS(bucket) } else { try await s3.putCORS(bucket, rules) }
      }, cause: nil)
  }

  /// What players may request; nil if an empty list was given.
  private var playersRule: S3CORSRule? {
    let origins = corsOrigins ?? Defaults.corsOrigins
    guard !origins.isEmpty else { return nil }
    return S3CORSRule(
      id: Self.playersRuleID, allowedOrigins: origins, allowedMethods: corsMethods ?? Defaults.corsMethods,
      allowedHeaders: corsAllowedHeaders ?? Defaults.corsAllowedHeaders,
      exposeHeaders: corsExposedHeaders ?? Defaults.corsExposedHeaders,
      maxAgeSeconds: 3000)
  }

  private var asksForCORS: Bool {
    corsOrigins != nil || corsMethods != nil || corsAllowedHeaders != nil || corsExposedHeaders != nil
  }

  private var lifecycleSetting: BucketSetting {
    let bucket = bucket
    let wanted = S3LifecycleRule.abortIncompleteUploads(
      id: "rundown-abort-incomplete-uploads", afterDays: abortIncompleteDays ?? Defaults.abortIncompleteDays)
    return BucketSetting(
      name: "lifecycle", isAskedFor: abortIncompleteDays != nil,
      difference: { s3 in
        let rules = try await s3.lifecycle(bucket) ?? []
        let found = rules.first { $0.id == wanted.id }
        // A server may store no ids, or ids of its own.
        if (found ?? rules.first(where: wanted.means)).map(wanted.means) == true { return nil }
        return SettingDifference(
          wanted: wanted.facts.joined(separator: ", "), found: found?.facts.joined(separator: ", "))
      },
      write: { s3 in
        let others = try await (s3.lifecycle(bucket) ?? []).filter { $0.id != wanted.id }
        try await s3.putLifecycle(bucket, others + [wanted])
      }, cause: nil)
  }

  private var policySetting: BucketSetting {
    let bucket = bucket
    return BucketSetting(
      name: "policy", isAskedFor: true,
      difference: { s3 in
        let policy = try await PublicReadPolicy(s3, bucket)
        return policy.isThere ? nil : SettingDifference(wanted: policy.wanted, found: policy.found)
      },
      write: { s3 in
        let policy = try await PublicReadPolicy(s3, bucket)
        try await s3.putPolicy(bucket, json: try policy.merged())
      }, cause: "an account-level Block Public Access refuses public policies")
  }

  private func tagSetting(_ wanted: [String: String]) -> BucketSetting {
    let bucket = bucket
    return BucketSetting(
      name: "tags", isAskedFor: true,
      difference: { s3 in
        let found = try await s3.tagging(bucket) ?? [:]
        let wrong = wanted.keys.sorted().filter { found[$0] != wanted[$0] }
        guard !wrong.isEmpty else { return nil }
        let there = wrong.filter { found[$0] != nil }
        return SettingDifference(
          wanted: wrong.map { "\($0)=\(wanted[$0] ?? "")" }.joined(separator: ", "),
          found: there.isEmpty ? nil : there.map { "\($0)=\(found[$0] ?? "")" }.joined(separator: ", "))
      },
      write: { s3 in
        let found = try await s3.tagging(bucket) ?? [:]
        try await s3.putTagging(bucket, found.merging(wanted) { _, ours in ours })
      }, cause: nil)
  }
}

extension PublicReadPolicy {
  /// The policy that a bucket has now.
  fileprivate init(_ s3: S3Client, _ bucket: String) async throws {
    try self.init(json: try await s3.policy(bucket), bucket: bucket, partition: s3.endpoint.partition)
  }
}
