import AWSClient
import Secrets
import WowzaEngineClient

extension CreateMapEntry {
  /// The entry as it should be at the engine.
  func wanted(_ key: PushKey) -> MapEntry {
    let isGroup = groupName != nil
    let writer = profile ?? Defaults.profile
    return MapEntry(
      entryName: entryName, sourceStreamName: sourceStream, streamName: isGroup ? nil : streamName ?? sourceStream,
      profile: isGroup ? "group-manager" : writer, childProfile: isGroup ? writer : nil, groupName: groupName,
      streamMatcher: isGroup ? streamMatcher ?? Defaults.streamMatcher : nil,
      // A new entry pushes by default; only what should be different is sent.
      enabled: enabled == false ? false : nil, debugLog: false,
      extraOptions: MapEntryOptions(
        provider: "S3", bucketName: bucket, region: region, accessID: key.accessKeyID,
        secretAccessKey: key.secretAccessKey, transportDebug: transportDebug ?? Defaults.transportDebug,
        relativePlaylists: relativePlaylists ?? Defaults.relativePlaylists))
  }

  /// Whether an entry that differs is updated.
  var replaces: Bool { (onExisting ?? Defaults.onExisting) == .replace }

  /// `{application}/{stream name or group name}/playlist.m3u8`, percent-encoded, because it becomes the end of a URL.
  var playlistPath: String {
    [application, groupName ?? streamName ?? sourceStream, "playlist.m3u8"]
      .map { PercentEncoding.encode($0, keepingSlash: true) }.joined(separator: "/")
  }
}

/// How an existing entry compares with the wanted one.
struct MapEntryComparison: Hashable {
  /// What differs from the request.
  var differences: [FieldDifference] = []
  /// The fields that the engine does not report, or masks, so that they cannot be verified.
  var unread: [String] = []
  /// Whether the entry may push, as far as the engine reports it.
  let isEnabled: Bool?

  /// Compares what the engine reports. How it reports options is not documented: beside the other fields, as text,
  /// masked, or not at all. If options are reported but a switch is missing, it is off.
  /// - Parameter isOurs: whether this job requested the entry. Then a field that is not reported at all (as opposed to
  ///   one that is reported as empty) is one that the engine does not show; in other entries it is not set.
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
    // A new entry pushes. Another one may have been switched off; if its state is not reported, it is on. If new
    // entries are to be disabled, an existing one is left to whoever switches it.
    if !isOurs, wanted.enabled != false, found.enabled == false {
      differences.append(FieldDifference(field: "enabled", found: "false", wanted: "true"))
    }
    if isOurs, wanted.enabled == false { option("enabled", false, found.enabled == nil ? nil : false) }
    guard let asked = wanted.extraOptions else { return }
    let held = found.extraOptions ?? MapEntryOptions()
    // The manual writes the provider in capitals; how the engine stores it is not known.
    let isProvider = held.provider?.lowercased() == asked.provider?.lowercased()
    option("cloudstorage.provider", asked.provider, isProvider ? asked.provider : held.provider)
    option("cloudstorage.bucketName", asked.bucketName, held.bucketName)
    option("cloudstorage.region", asked.region, held.region)
    // Ids are shown to nobody, neither ours nor another's.
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
      // Neither value is ever shown.
      differences.append(FieldDifference(field: field, wanted: nil))
    }
  }

  /// Whether a value was masked, wholly or in part: neither an access key's id nor its secret contains such characters.
  private static func isMasked(_ value: String) -> Bool {
    value.isEmpty || value.contains { "*•●…[]<>() #".contains($0) }
      || ["hidden", "masked", "redacted"].contains(value.lowercased())
      || (value.count > 2 && value.allSatisfy { ".xX#-_".contains($0) })
      || ["....", "XXXXXX", "xxxxxx"].contains(where: value.contains)
  }
}

extension MapEntry {
  /// Applies the request; every other field keeps the value that the engine reported.
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
