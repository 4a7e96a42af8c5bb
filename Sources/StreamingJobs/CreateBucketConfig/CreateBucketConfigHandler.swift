import AWSClient
import HTTPTransport
public import JobQueue

/// Creates the bucket if it is missing, then applies each setting: reads it, compares it, writes it if it differs,
/// reads it back.
public struct CreateBucketConfigHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by the names of their connections.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Sets the bucket up.
  public func run(_ parameters: CreateBucketConfig, context: JobContext) async throws -> BucketConfigResult {
    do {
      let result = try await setUp(parameters, context)
      try await WrittenSettings.forget(context)
      return result
    } catch {
      // An operator who retries the job may have changed something in between.
      if case .dead = classify(error) { try await WrittenSettings.forget(context) }
      throw error
    }
  }

  private func setUp(_ parameters: CreateBucketConfig, _ context: JobContext) async throws -> BucketConfigResult {
    let s3 = try await clients.s3(parameters.connection, region: parameters.region)
    let usual = parameters.region ?? s3.endpoint.region
    let made = try await context.effect(
      // A name belongs to one bucket, however often it is requested.
      "create-bucket", lateEffectWindow: .zero,
      // In us-east-1 a repeated creation resets the bucket's ACLs, so nothing is ever created without looking.
      find: { _ in
        Finding(
          try await home(of: parameters, region: usual, s3).map { MadeBucket(name: parameters.bucket, region: $0) })
      },
      perform: {
        try await create(parameters, region: usual, s3)
        return MadeBucket(name: parameters.bucket, region: usual)
      })
    let region = made.value.region ?? usual
    let bucket = NewBucket(name: parameters.bucket, context: context)
    var written = try await WrittenSettings.current(context)
    var unsupported: [BucketSetting] = []
    for setting in parameters.settings where !written.isSettled(setting.name, at: context.clock.now()) {
      do {
        guard try await bucket.awaited({ try await apply(setting, to: parameters.bucket, s3) }) else { continue }
        context.note("\(setting.name): written and read back")
        try await written.add(setting.name, context)
      } catch let error as S3UnsupportedSubresource {
        unsupported.append(setting)
        context.note("\(setting.name): unsupported; \(error)")
      } catch let error as ProviderError where s3.endpoint.ownBase != nil && Self.isUnknown(error) {
        unsupported.append(setting)
        context.note("\(setting.name): unsupported; the server refused to set it (\(error.code ?? ""))")
      }
    }
    let missing = unsupported.filter(\.isAskedFor).map(\.name)
    if !missing.isEmpty, !(parameters.skipUnsupported ?? CreateBucketConfig.Defaults.skipUnsupported) {
      throw Self.lacking(missing, parameters)
    }
    let created = made.origin == .performed
    let changed = parameters.settings.map(\.name).filter(written.has)
    return BucketConfigResult(
      bucket: parameters.bucket, region: region,
      url: s3.endpoint.shownURL(bucket: parameters.bucket, region: region),
      created: created, changed: changed, unsupported: unsupported.map(\.name),
      unchanged: !created && changed.isEmpty)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict {
    if let verdict = error as? Verdict { return verdict }
    guard let differs = error as? SettingDiffers else { return FailureClassifier.classify(error) }
    return .retry(Failure(code: "differs", message: "\(differs)", hint: differs.cause))
  }

  /// Writes a setting that differs.
  /// - Returns: whether it had to be written.
  private func apply(_ setting: BucketSetting, to bucket: String, _ s3: S3Client) async throws -> Bool {
    guard try await setting.difference(s3) != nil else { return false }
    try await setting.write(s3)
    // The write may have been answered by a gateway in front of a server whose responses cannot be told from a
    // gateway's.
    if s3.endpoint.ownBase != nil, try await setting.difference(s3) != nil { try await setting.write(s3) }
    if let difference = try await setting.difference(s3) {
      throw SettingDiffers(bucket: bucket, setting: setting.name, difference: difference, cause: setting.cause)
    }
    return true
  }

  /// The region of an existing bucket of ours; nil if there is none.
  private func home(of parameters: CreateBucketConfig, region: String, _ s3: S3Client) async throws -> String? {
    guard let head = try await s3.headBucket(parameters.bucket) else { return nil }
    guard let home = head.region, home != region else { return region }
    // A self-hosted server may not need a region, so ours is only a guess.
    guard s3.endpoint.ownBase != nil, parameters.region == nil else {
      throw Verdict.dead(
        Failure(
          code: "other-region", message: "bucket \(parameters.bucket) is in \(home), not in \(region)",
          hint: "use its region, or choose another name"))
    }
    return home
  }

  private func create(_ parameters: CreateBucketConfig, region: String, _ s3: S3Client) async throws {
    do {
      try await s3.createBucket(
        parameters.bucket, region: region,
        ownership: parameters.wantedOwnership)
    } catch let error as ProviderError where error.code == "BucketAlreadyOwnedByYou" {
      // Someone else with access to this account created it at the same time.
    } catch let error as ProviderError where error.code == "BucketAlreadyExists" && s3.endpoint.ownBase != nil {
      // Self-hosted servers may return the same code whoever owns the bucket. It is ours if the account may read it.
      guard (try? await s3.headBucket(parameters.bucket)) != nil else { throw error }
    }
  }

  private static func lacking(_ settings: [String], _ parameters: CreateBucketConfig) -> Verdict {
    .dead(
      Failure(
        code: "unsupported",
        message: "the server of bucket \(parameters.bucket) does not support \(settings.joined(separator: ", ")), "
          + "which this job asks for; everything else is set",
        hint: "leave it out, or allow it with skipUnsupported (--skip-unsupported)"))
  }

  /// What a failed write means for a setting that could be read.
  private static func isUnknown(_ error: ProviderError) -> Bool {
    error.status == 501 || error.status == 405 || error.code == "NotImplemented"
  }
}

/// The bucket that a job created or found, as the result of its effect.
struct MadeBucket: Codable, Sendable, Hashable {
  var name: String
  /// Its region; nil in results of earlier versions.
  var region: String?

  init(name: String, region: String?) {
    self.name = name
    self.region = region
  }

  /// Also reads results of earlier versions: the name alone.
  init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      (self.name, region) = (name, nil)
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      region = try container.decodeIfPresent(String.self, forKey: .region)
    }
  }
}
