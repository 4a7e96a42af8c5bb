import AWSClient
import Secrets
import WowzaEngineClient

extension CreateMapEntry {
  /// The entry as the engine is to hold it.
  func wanted(_ key: PushKey) -> MapEntry {
    let isGroup = groupName != nil
    let writer = profile ?? Defaults.profile
    return MapEntry(
      entryName: entryName, sourceStreamName: sourceStream, streamName: isGroup ? nil : streamName ?? sourceStream,
      profile: isGroup ? "group-manager" : writer, childProfile: isGroup ? writer : nil, groupName: groupName,
      streamMatcher: isGroup ? streamMatcher ?? Defaults.streamMatcher : nil,
      // Engines let a new entry push; only what is to be otherwise is said.
      enabled: enabled == false ? false : nil, debugLog: false,
      extraOptions: MapEntryOptions(
        provider: "S3", bucketName: bucket, region: region, accessID: key.accessKeyID,
        secretAccessKey: key.secretAccessKey, transportDebug: transportDebug ?? Defaults.transportDebug,
        relativePlaylists: relativePlaylists ?? Defaults.relativePlaylists))
  }

  /// Whether an entry that differs is updated.
  var replaces: Bool { (onExisting ?? Defaults.onExisting) == .replace }

  /// `{application}/{stream name or group name}/playlist.m3u8`, percent-encoded: it becomes the end of a URL.
  var playlistPath: String {
    [application, groupName ?? streamName ?? sourceStream, "playlist.m3u8"]
      .map { PercentEncoding.encode($0, keepingSlash: true) }.joined(separator: "/")
  }
}

/// How an entry that is there compares with the one that is wanted.
struct MapEntryComparison: Hashable {
  /// What is not as asked.
  var differences: [FieldDifference] = []
  /// The fields that the engine does not tell, or blanks out, so that nobody can say whether they are as asked.
  var unread: [String] = []
  /// Whether the entry may push, as far as the engine tells.
  let isEnabled: Bool?

  /// Compares what the engine tells. How it tells options is not documented: beside the other fields, as text, masked, or
  /// not at all. A switch that is missing among options that are told is off.
  /// - Parameter isOurs: whether this job asked for the entry: then a field that is not told at all, as opposed to one that
  ///   is told empty, is one that the engine does not show. In an entry of another hand it is not set.
  init(_ wanted: MapEntry, _ found: MapEntry, isOurs: Bool = false) {
    isEnabled = found.enabled
    for (name, asked, held) in [
      ("sourceStreamName", wanted.sourceStreamName, found.sourceStreamName),
      ("streamName", wanted.streamName, found.streamName), ("profile", wanted.profile, found.profile),
      ("childProfile", wanted.childProfile, found.childProfile), ("group.name", wanted.groupName, found.groupName),
      ("group.streamMatcher", wanted.streamMatcher, found.streamMatcher),
    ] {
      if isOurs, held == nil, found.additional[name] == nil {
        option(name, asked, held)
      } else {
        compare(name, asked, held)
      }
    }
    // A new entry pushes. One of another hand may have been switched off; one that is not told to be is on. Where a new one
    // is to be quiet, one that is there is left to whoever switches it.
    if !isOurs, wanted.enabled != false, found.enabled == false {
      differences.append(FieldDifference(field: "enabled", found: "false", wanted: "true"))
    }
    if isOurs, wanted.enabled == false { option("enabled", false, found.enabled == nil ? nil : false) }
    guard let asked = wanted.extraOptions else { return }
    let held = found.extraOptions ?? MapEntryOptions()
    // The manual writes the provider in capitals; how the engine keeps it is not known.
    let isProvider = held.provider?.lowercased() == asked.provider?.lowercased()
    option("cloudstorage.provider", asked.provider, isProvider ? asked.provider : held.provider)
    option("cloudstorage.bucketName", asked.bucketName, held.bucketName)
    option("cloudstorage.region", asked.region, held.region)
    // An id is told to nobody either, ours as little as another's.
    secret("cloudstorage.accessID", asked.accessID.map { Secret($0) }, held.accessID.map { Secret($0) })
    let off: Bool? = found.extraOptions == nil ? nil : false
    option("cloudstorage.transportDebug", asked.transportDebug, held.transportDebug ?? off)
    option("http.relativePlaylists", asked.relativePlaylists, held.relativePlaylists ?? off)
    secret("cloudstorage.secretAccessKey", asked.secretAccessKey, held.secretAccessKey)
  }

  private mutating func compare<Value: Equatable>(_ field: String, _ asked: Value?, _ held: Value?) {
    guard let asked, asked != held else { return }
    differences.append(FieldDifference(field: field, found: held.map { "\($0)" }, wanted: "\(asked)"))
  }

  private mutating func option<Value: Equatable>(_ field: String, _ asked: Value?, _ held: Value?) {
    guard asked != nil else { return }
    if held == nil { unread.append(field) } else { compare(field, asked, held) }
  }

  private mutating func secret(_ field: String, _ asked: Secret?, _ held: Secret?) {
    guard let asked else { return }
    guard let held, !Self.isMasked(held.reveal()) else { return unread.append(field) }
    if held != asked {
      // What is there and what was asked are never shown.
      differences.append(FieldDifference(field: field, wanted: nil))
    }
  }

  /// Whether a value was blanked out, wholly or in part: neither an access key's id nor its secret has such characters.
  private static func isMasked(_ value: String) -> Bool {
    value.isEmpty || value.contains { "*•●…[]<>() #".contains($0) }
      || ["hidden", "masked", "redacted"].contains(value.lowercased())
      || (value.count > 2 && value.allSatisfy { ".xX#-_".contains($0) })
      || ["....", "XXXXXX", "xxxxxx"].contains(where: value.contains)
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
    if wanted.enabled != false, enabled == false { enabled = true }
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
