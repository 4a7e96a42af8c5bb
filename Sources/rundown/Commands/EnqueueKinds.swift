public import ArgumentParser
import JobQueue
public import StreamingJobs

private let bucketConfig = CreateBucketConfig.kind
private let mapEntry = CreateMapEntry.kind
private let fastlyTarget = CreateFastlyTarget.kind
private let restream = RestreamAsset.kind
private let upload = UploadRecording.kind

struct EnqueueBucketConfig: AsyncParsableCommand {
  static let configuration = CommandConfiguration.of(bucketConfig)

  @Option(help: .of(bucketConfig, "connection")) var connection: String
  @Option(help: .of(bucketConfig, "bucket")) var bucket: String
  @Option(help: .of(bucketConfig, "region")) var region: String?
  @Option(help: .of(bucketConfig, "ownership")) var ownership: String?
  @Option(help: .of(bucketConfig, "blockPublicAccess")) var blockPublicAccess: Bool?
  @Option(help: .of(bucketConfig, "publicRead")) var publicRead: Bool?
  @Option(help: .of(bucketConfig, "corsOrigins")) var corsOrigins: [String] = []
  @Option(help: .of(bucketConfig, "corsMethods")) var corsMethods: [String] = []
  @Option(help: .of(bucketConfig, "corsAllowedHeaders")) var corsAllowedHeaders: [String] = []
  @Option(help: .of(bucketConfig, "corsExposedHeaders")) var corsExposedHeaders: [String] = []
  @Option(help: .of(bucketConfig, "abortIncompleteDays")) var abortIncompleteDays: Int?
  @Option(help: .of(bucketConfig, "tags")) var tags: [NameAndValue] = []
  @Option(help: .of(bucketConfig, "skipUnsupported")) var skipUnsupported: Bool?
  @OptionGroup var job: JobOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await EnqueueOne(options: options, job: job).run(
      CreateBucketConfig(
        connection: connection, bucket: bucket, region: region, ownership: ownership,
        blockPublicAccess: blockPublicAccess, publicRead: publicRead,
        corsOrigins: corsOrigins.isEmpty ? nil : corsOrigins,
        corsMethods: corsMethods.isEmpty ? nil : corsMethods,
        corsAllowedHeaders: corsAllowedHeaders.isEmpty ? nil : corsAllowedHeaders,
        corsExposedHeaders: corsExposedHeaders.isEmpty ? nil : corsExposedHeaders,
        abortIncompleteDays: abortIncompleteDays, tags: tags.isEmpty ? nil : NameAndValue.dictionary(tags),
        skipUnsupported: skipUnsupported))
  }
}

struct EnqueueMapEntry: AsyncParsableCommand {
  static let configuration = CommandConfiguration.of(mapEntry)

  @Option(help: .of(mapEntry, "engine")) var engine: String
  @Option(help: .of(mapEntry, "application")) var application: String
  @Option(help: .of(mapEntry, "entryName")) var entryName: String
  @Option(help: .of(mapEntry, "sourceStream")) var sourceStream: String
  @Option(help: .of(mapEntry, "bucket")) var bucket: String
  @Option(help: .of(mapEntry, "region")) var region: String
  @Option(help: .of(mapEntry, "credential")) var credential: String
  @Option(help: .of(mapEntry, "streamName")) var streamName: String?
  @Option(help: .of(mapEntry, "profile")) var profile: String?
  @Option(help: .of(mapEntry, "groupName")) var groupName: String?
  @Option(help: .of(mapEntry, "streamMatcher")) var streamMatcher: String?
  @Option(help: .of(mapEntry, "relativePlaylists")) var relativePlaylists: Bool?
  @Option(help: .of(mapEntry, "transportDebug")) var transportDebug: Bool?
  @Option(help: .of(mapEntry, "onExisting")) var onExisting: CreateMapEntry.OnExisting?
  @OptionGroup var job: JobOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await EnqueueOne(options: options, job: job).run(
      CreateMapEntry(
        engine: engine, application: application, entryName: entryName, sourceStream: sourceStream,
        streamName: streamName, bucket: bucket, region: region, credential: credential, profile: profile,
        groupName: groupName, streamMatcher: streamMatcher, relativePlaylists: relativePlaylists,
        transportDebug: transportDebug, onExisting: onExisting))
  }
}

struct EnqueueFastlyTarget: AsyncParsableCommand {
  static let configuration = CommandConfiguration.of(fastlyTarget)

  @Option(help: .of(fastlyTarget, "connection")) var connection: String
  @Option(help: .of(fastlyTarget, "bucket")) var bucket: String
  @Option(help: .of(fastlyTarget, "region")) var region: String
  @Option(help: .of(fastlyTarget, "name")) var name: String?
  @Option(help: .of(fastlyTarget, "originRegion")) var originRegion: String?
  @Option(help: .of(fastlyTarget, "originURL")) var originURL: String?
  @Option(help: .of(fastlyTarget, "forceSSL")) var forceSSL: Bool?
  @Option(help: .of(fastlyTarget, "allowSameOrigin")) var allowSameOrigin: Bool?
  @OptionGroup var job: JobOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await EnqueueOne(options: options, job: job).run(
      CreateFastlyTarget(
        connection: connection, bucket: bucket, region: region, name: name, originRegion: originRegion,
        originURL: originURL, forceSSL: forceSSL, allowSameOrigin: allowSameOrigin))
  }
}

struct EnqueueRestream: AsyncParsableCommand {
  static let configuration = CommandConfiguration.of(restream)

  @Option(help: .of(restream, "connection")) var connection: String
  @Option(help: .of(restream, "assetID")) var assetID: String?
  @Option(help: .of(restream, "assetName")) var assetName: String?
  @Option(help: .of(restream, "liveStreamID")) var liveStreamID: String?
  @Option(help: .of(restream, "start")) var start: Bool?
  @Option(help: .of(restream, "startTimeoutSeconds")) var startTimeoutSeconds: Int?
  @Option(help: .of(restream, "assetTimeoutSeconds")) var assetTimeoutSeconds: Int?
  @Option(name: .customLong("run"), help: .of(restream, "run")) var runName: String?
  @OptionGroup var job: JobOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try await EnqueueOne(options: options, job: job).run(
      RestreamAsset(
        connection: connection, assetID: assetID, assetName: assetName, liveStreamID: liveStreamID,
        start: start, startTimeoutSeconds: startTimeoutSeconds, assetTimeoutSeconds: assetTimeoutSeconds, run: runName))
  }
}

struct EnqueueUpload: AsyncParsableCommand {
  static let configuration = CommandConfiguration.of(upload)

  @Option(help: .of(upload, "connection")) var connection: String
  @Option(help: .of(upload, "file")) var file: String
  @Option(help: .of(upload, "bucket")) var bucket: String
  @Option(help: .of(upload, "key")) var key: String
  @Option(help: .of(upload, "region")) var region: String?
  @Option(help: .of(upload, "contentType")) var contentType: String?
  @Option(help: .of(upload, "cacheControl")) var cacheControl: String?
  @Option(help: .of(upload, "acl")) var acl: String?
  @Option(help: .of(upload, "storageClass")) var storageClass: String?
  @Option(help: .of(upload, "partSize")) var partSize: Int?
  @Option(help: .of(upload, "parallelParts")) var parallelParts: Int?
  @Option(help: .of(upload, "onExisting")) var onExisting: UploadRecording.OnExisting?
  @OptionGroup var job: JobOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    try ProcessContext.requireFolder(for: file)
    try await EnqueueOne(options: options, job: job).run(
      UploadRecording(
        connection: connection, file: ProcessContext.absolute(file), bucket: bucket, key: key, region: region,
        contentType: contentType, cacheControl: cacheControl, acl: acl, storageClass: storageClass, partSize: partSize,
        parallelParts: parallelParts, onExisting: onExisting))
  }
}

extension CreateMapEntry.OnExisting: ExpressibleByArgument {}
extension UploadRecording.OnExisting: ExpressibleByArgument {}
