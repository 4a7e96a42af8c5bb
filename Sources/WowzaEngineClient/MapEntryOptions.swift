public import Secrets

/// `extraOptions` of a map entry: cloud storage, and any other option that the engine's typed model does not have.
public struct MapEntryOptions: Sendable, Hashable {
  /// `cloudstorage.provider`: `S3`.
  public var provider: String?
  /// `cloudstorage.bucketName`.
  public var bucketName: String?
  /// `cloudstorage.region`, an AWS region word.
  public var region: String?
  /// `cloudstorage.accessID`, the access key id.
  public var accessID: String?
  /// `cloudstorage.secretAccessKey`.
  public var secretAccessKey: Secret?
  /// `cloudstorage.transportDebug`: the engine logs the transfers.
  public var transportDebug: Bool?
  /// `http.relativePlaylists`: needed for playback behind a CDN.
  public var relativePlaylists: Bool?
  /// Every other option.
  public var additional: [String: EngineValue]

  /// Creates options; nil values are not sent.
  public init(
    provider: String? = nil, bucketName: String? = nil, region: String? = nil, accessID: String? = nil,
    secretAccessKey: Secret? = nil, transportDebug: Bool? = nil, relativePlaylists: Bool? = nil,
    additional: [String: EngineValue] = [:]
  ) {
    self.provider = provider
    self.bucketName = bucketName
    self.region = region
    self.accessID = accessID
    self.secretAccessKey = secretAccessKey
    self.transportDebug = transportDebug
    self.relativePlaylists = relativePlaylists
    self.additional = additional
  }

  init(_ fields: [String: EngineValue]) {
    var reader = FieldReader(fields)
    provider = reader.take("cloudstorage.provider", \.text)
    bucketName = reader.take("cloudstorage.bucketName", \.text)
    region = reader.take("cloudstorage.region", \.text)
    accessID = reader.take("cloudstorage.accessID", \.text)
    secretAccessKey = reader.take("cloudstorage.secretAccessKey", \.text).map { Secret($0) }
    transportDebug = reader.take("cloudstorage.transportDebug", \.flag)
    relativePlaylists = reader.take("http.relativePlaylists", \.flag)
    additional = reader.rest
  }

  var wire: EngineValue {
    var fields = additional
    fields["cloudstorage.provider"] = provider.map(EngineValue.string) ?? fields["cloudstorage.provider"]
    fields["cloudstorage.bucketName"] = bucketName.map(EngineValue.string) ?? fields["cloudstorage.bucketName"]
    fields["cloudstorage.region"] = region.map(EngineValue.string) ?? fields["cloudstorage.region"]
    fields["cloudstorage.accessID"] = accessID.map(EngineValue.string) ?? fields["cloudstorage.accessID"]
    fields["cloudstorage.secretAccessKey"] =
      secretAccessKey.map { .string($0.reveal()) } ?? fields["cloudstorage.secretAccessKey"]
    fields["cloudstorage.transportDebug"] =
      transportDebug.map(EngineValue.bool) ?? fields["cloudstorage.transportDebug"]
    fields["http.relativePlaylists"] = relativePlaylists.map(EngineValue.bool) ?? fields["http.relativePlaylists"]
    return .object(fields)
  }
}
