import Secrets

/// A stream target of an application: one entry of its push publish map.
///
/// The typed properties are those that our jobs use; every other key that the engine returned is kept in ``additional``
/// and sent back, because it is not known whether a PUT keeps keys that are missing from it.
public struct MapEntry: Sendable, Hashable {
  /// The entry's name, unique in its application. The name in the path is enough for a create.
  public var entryName: String?
  /// The incoming stream, a rendition of it, or, with a group manager, the common prefix of the members.
  public var sourceStreamName: String?
  /// The name at the destination.
  public var streamName: String?
  /// The profile: `cupertino-cloudstorage`, `group-manager`, `rtmp` and others.
  public var profile: String?
  /// The profile of the members of a group.
  public var childProfile: String?
  /// `group.name`: the folder of the group's master playlist.
  public var groupName: String?
  /// `group.streamMatcher`: how members are found, `namePrefix`.
  public var streamMatcher: String?
  /// Whether the entry may push.
  public var enabled: Bool?
  /// Whether the engine logs in detail.
  public var debugLog: Bool?
  /// What the session does; read-only, an open set of words, never sent.
  public var sessionStatus: String?
  /// Cloud storage and other options with free keys.
  public var extraOptions: MapEntryOptions?
  /// Every other key.
  public var additional: [String: EngineValue]

  /// Creates an entry; nil values are not sent.
  public init(
    entryName: String? = nil, sourceStreamName: String? = nil, streamName: String? = nil, profile: String? = nil,
    childProfile: String? = nil, groupName: String? = nil, streamMatcher: String? = nil, enabled: Bool? = nil,
    debugLog: Bool? = nil, extraOptions: MapEntryOptions? = nil, additional: [String: EngineValue] = [:]
  ) {
    self.entryName = entryName
    self.sourceStreamName = sourceStreamName
    self.streamName = streamName
    self.profile = profile
    self.childProfile = childProfile
    self.groupName = groupName
    self.streamMatcher = streamMatcher
    self.enabled = enabled
    self.debugLog = debugLog
    self.extraOptions = extraOptions
    self.additional = additional
  }

  /// Reads the answer to a request for one entry; nil if it contains none of this name.
  ///
  /// The entry may be in the envelope's `data`, or the only element of a list. Some requests for a name that does not
  /// exist are answered with a success and a record of defaults: a record without name, source and profile is not an
  /// entry.
  init?(answer: EngineValue, named name: String) {
    var value = answer.unwrapped
    if let listed = value["mapEntries"] {
      guard let one = listed.elements.first(where: { $0["entryName"]?.text == name }) else { return nil }
      value = one
    }
    self.init(value)
    let identity = [entryName, sourceStreamName, profile].compactMap { $0 }
    if identity.allSatisfy(\.isEmpty) { return nil }
  }

  /// Reads an answer; nil if it is not an object.
  init?(_ value: EngineValue) {
    guard case .object(let fields) = value else { return nil }
    var reader = FieldReader(fields)
    entryName = reader.take("entryName", \.text)
    sourceStreamName = reader.take("sourceStreamName", \.text)
    streamName = reader.take("streamName", \.text)
    profile = reader.take("profile", \.text)
    childProfile = reader.take("childProfile", \.text)
    groupName = reader.take("group.name", \.text)
    streamMatcher = reader.take("group.streamMatcher", \.text)
    enabled = reader.take("enabled", \.flag)
    debugLog = reader.take("debugLog", \.flag)
    sessionStatus = reader.take("sessionStatus", \.text)
    var options: [String: EngineValue] = [:]
    if let nested = reader.rest["extraOptions"]?.fields {
      options = nested.withFlatKeys(["cloudstorage", "http"])
      reader.rest["extraOptions"] = nil
    }
    // The engine's own file has these keys flat, so an answer may too; they are sent where the manual puts them.
    for (key, value) in reader.rest where key.hasPrefix("cloudstorage.") || key == "http.relativePlaylists" {
      if options[key] == nil { options[key] = value }
      reader.rest[key] = nil
    }
    extraOptions = options.isEmpty ? nil : MapEntryOptions(options)
    additional = reader.rest
  }

  /// Whether both are configured the same, whatever their sessions do.
  func isConfigured(as other: MapEntry) -> Bool {
    var (own, theirs) = (self, other)
    (own.sessionStatus, theirs.sessionStatus) = (nil, nil)
    return own == theirs
  }

  /// The entry as it is sent.
  var wire: EngineValue {
    var fields = additional
    fields["entryName"] = entryName.map(EngineValue.string) ?? fields["entryName"]
    fields["sourceStreamName"] = sourceStreamName.map(EngineValue.string) ?? fields["sourceStreamName"]
    fields["streamName"] = streamName.map(EngineValue.string) ?? fields["streamName"]
    fields["profile"] = profile.map(EngineValue.string) ?? fields["profile"]
    fields["childProfile"] = childProfile.map(EngineValue.string) ?? fields["childProfile"]
    fields["group.name"] = groupName.map(EngineValue.string) ?? fields["group.name"]
    fields["group.streamMatcher"] = streamMatcher.map(EngineValue.string) ?? fields["group.streamMatcher"]
    fields["enabled"] = enabled.map(EngineValue.bool) ?? fields["enabled"]
    fields["debugLog"] = debugLog.map(EngineValue.bool) ?? fields["debugLog"]
    fields["extraOptions"] = extraOptions?.wire ?? fields["extraOptions"]
    return .object(fields)
  }
}

extension MapEntry {
  /// The documented keys of a map entry that hold secrets, besides the typed one of cloud storage.
  private static let secretKeys = [
    "password", "secureTokenSharedSecret", "srtPassPhrase", "facebook.accessToken", "wowzaCloud.accountAccessKey",
    "wowzaCloud.accountApiKey",
  ]

  /// Every value that must not appear in a message.
  var secrets: [Secret] {
    let typed = [extraOptions?.secretAccessKey, extraOptions?.accessID.map { Secret($0) }].compactMap { $0 }
    return typed + Self.secretKeys.compactMap { additional[$0]?.text.map { Secret($0) } }
  }
}

extension [String: EngineValue] {
  /// The same fields, with `"a": {"b": 1}` written as `"a.b": 1` for these keys.
  fileprivate func withFlatKeys(_ keys: [String]) -> Self {
    var flat = self
    for key in keys {
      guard case .object(let inner)? = self[key] else { continue }
      flat[key] = nil
      flat.merge(inner.map { ("\(key).\($0)", $1) }) { outer, _ in outer }
    }
    return flat
  }
}

/// Takes known keys out of an object and leaves the others.
struct FieldReader {
  /// The keys that were not taken.
  var rest: [String: EngineValue]

  init(_ fields: [String: EngineValue]) { rest = fields }

  /// Takes a key if its value can be read.
  mutating func take<Value>(_ key: String, _ read: (EngineValue) -> Value?) -> Value? {
    guard let value = rest[key].flatMap(read) else { return nil }
    rest[key] = nil
    return value
  }
}
