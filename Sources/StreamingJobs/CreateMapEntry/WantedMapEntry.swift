import Secrets
import WowzaEngineClient

extension CreateMapEntry {
  /// The entry as the engine is to hold it.
  func wanted(_ key: PushKey) -> MapEntry {
    let isGroup = groupName != nil
    let writer = profile ?? "cupertino-cloudstorage"
    return MapEntry(
      entryName: entryName, sourceStreamName: sourceStream, streamName: isGroup ? nil : streamName ?? sourceStream,
      profile: isGroup ? "group-manager" : writer, childProfile: isGroup ? writer : nil, groupName: groupName,
      streamMatcher: isGroup ? streamMatcher ?? "namePrefix" : nil, debugLog: false,
      extraOptions: MapEntryOptions(
        provider: "S3", bucketName: bucket, region: region, accessID: key.accessKeyID,
        secretAccessKey: key.secretAccessKey, transportDebug: transportDebug ?? false,
        relativePlaylists: relativePlaylists ?? true))
  }

  /// `{application}/{stream name or group name}/playlist.m3u8`.
  var playlistPath: String { "\(application)/\(groupName ?? streamName ?? sourceStream)/playlist.m3u8" }
}

/// A field of a map entry that is not as asked.
struct MapEntryDifference: Hashable {
  let field: String
  /// What was asked and what is there; secrets are never shown.
  let sentence: String

  /// What of `wanted` is missing or different in `found`.
  ///
  /// Engines may not tell a secret again: one that is missing or masked is taken for right. A switch that is not told
  /// is off.
  static func between(_ wanted: MapEntry, _ found: MapEntry) -> [MapEntryDifference] {
    var differences: [MapEntryDifference] = []
    func compare<Value: Equatable>(_ field: String, _ asked: Value?, _ held: Value?) {
      guard let asked, asked != held else { return }
      let shown = held.map { "'\($0)'" } ?? "nothing"
      differences.append(MapEntryDifference(field: field, sentence: "\(field) is \(shown), not '\(asked)'"))
    }
    compare("sourceStreamName", wanted.sourceStreamName, found.sourceStreamName)
    compare("streamName", wanted.streamName, found.streamName)
    compare("profile", wanted.profile, found.profile)
    compare("childProfile", wanted.childProfile, found.childProfile)
    compare("group.name", wanted.groupName, found.groupName)
    compare("group.streamMatcher", wanted.streamMatcher, found.streamMatcher)
    let asked = wanted.extraOptions
    let held = found.extraOptions
    compare("cloudstorage.provider", asked?.provider, held?.provider)
    compare("cloudstorage.bucketName", asked?.bucketName, held?.bucketName)
    compare("cloudstorage.region", asked?.region, held?.region)
    compare("cloudstorage.accessID", asked?.accessID, held?.accessID)
    compare("cloudstorage.transportDebug", asked?.transportDebug, held?.transportDebug ?? false)
    compare("http.relativePlaylists", asked?.relativePlaylists, held?.relativePlaylists ?? false)
    if let key = held?.secretAccessKey, !isMasked(key), let wantedKey = asked?.secretAccessKey, key != wantedKey {
      differences.append(
        MapEntryDifference(field: "cloudstorage.secretAccessKey", sentence: "cloudstorage.secretAccessKey differs"))
    }
    return differences
  }

  /// Whether a secret was blanked out rather than told: nothing, or stars and dots only.
  private static func isMasked(_ secret: Secret) -> Bool {
    secret.reveal().allSatisfy { "*•.".contains($0) }
  }
}

extension MapEntry {
  /// Takes over what was asked; every other field stays as the engine told it.
  mutating func adopt(_ wanted: MapEntry) {
    sourceStreamName = wanted.sourceStreamName ?? sourceStreamName
    streamName = wanted.streamName ?? streamName
    profile = wanted.profile ?? profile
    childProfile = wanted.childProfile ?? childProfile
    groupName = wanted.groupName ?? groupName
    streamMatcher = wanted.streamMatcher ?? streamMatcher
    var options = extraOptions ?? MapEntryOptions()
    options.provider = wanted.extraOptions?.provider ?? options.provider
    options.bucketName = wanted.extraOptions?.bucketName ?? options.bucketName
    options.region = wanted.extraOptions?.region ?? options.region
    options.accessID = wanted.extraOptions?.accessID ?? options.accessID
    options.transportDebug = wanted.extraOptions?.transportDebug ?? options.transportDebug
    options.relativePlaylists = wanted.extraOptions?.relativePlaylists ?? options.relativePlaylists
    extraOptions = options
  }
}
