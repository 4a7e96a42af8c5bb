public import JobQueue

/// A stream target of an engine's application: the engine pushes a stream to a bucket whenever its source is live.
public struct CreateMapEntry: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "create-map-entry"
  /// Jobs of this kind share a queue with others for the same provider.
  public static let queue = "engines"
  /// An attempt that takes longer is stuck.
  public static let policy = JobPolicy(timeout: .seconds(60))

  /// What to do if an entry of this name exists and differs.
  public enum OnExisting: String, Codable, Sendable, CaseIterable {
    /// The job fails and names the differences.
    case fail
    /// The entry is updated.
    case replace
  }

  /// The engine's connection.
  public var engine: String
  /// The application.
  public var application: String
  /// The entry's name, unique in the application.
  public var entryName: String
  /// The incoming stream; for a group, the common prefix of its members.
  public var sourceStream: String
  /// The name at the destination; nil for the source's name. Not used with a group.
  public var streamName: String?
  /// The bucket to push to.
  public var bucket: String
  /// The bucket's region.
  public var region: String
  /// The push credential's name.
  public var credential: String
  /// The profile that writes HLS to cloud storage.
  public var profile: String?
  /// The group's name: makes the entry adaptive, led by the group manager.
  public var groupName: String?
  /// How the members of the group are found.
  public var streamMatcher: String?
  /// Whether playlists refer to their segments by relative paths; needed behind a CDN.
  public var relativePlaylists: Bool?
  /// Whether the engine logs transfers.
  public var transportDebug: Bool?
  /// Whether an entry that this job creates may push; an existing one stays as it is.
  public var enabled: Bool?
  /// What to do if an entry of this name exists and differs.
  public var onExisting: OnExisting?

  /// Creates parameters.
  public init(
    engine: String, application: String, entryName: String, sourceStream: String, streamName: String? = nil,
    bucket: String, region: String, credential: String, profile: String? = nil, groupName: String? = nil,
    streamMatcher: String? = nil, relativePlaylists: Bool? = nil, transportDebug: Bool? = nil,
    enabled: Bool? = nil, onExisting: OnExisting? = nil
  ) {
    self.engine = engine
    self.application = application
    self.entryName = entryName
    self.sourceStream = sourceStream
    self.streamName = streamName
    self.bucket = bucket
    self.region = region
    self.credential = credential
    self.profile = profile
    self.groupName = groupName
    self.streamMatcher = streamMatcher
    self.relativePlaylists = relativePlaylists
    self.transportDebug = transportDebug
    self.enabled = enabled
    self.onExisting = onExisting
  }

  /// An entry's name is unique in its application.
  public var uniqueKey: String? { KeyText.unique("map-entry:\(engine):\(application):\(entryName)") }

  /// The job cannot do anything without the engine.
  public var gate: String? { ProviderGate.engine(engine) }

  /// The engine keeps an application's entries in one file, so they are written one after the other.
  public var concurrencyKey: String? { KeyText.name("\(ProviderGate.engine(engine))/\(application)") }

  /// Everything that can be found wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    var issues = [
      ParameterChecks.notEmpty(engine, field: "engine"), ParameterChecks.pathSegment(application, field: "application"),
      ParameterChecks.pathSegment(entryName, field: "entryName"),
      ParameterChecks.notEmpty(sourceStream, field: "sourceStream"),
      ParameterChecks.notEmpty(streamName, field: "streamName"), ParameterChecks.existingBucket(bucket),
      ParameterChecks.region(region), ParameterChecks.notEmpty(credential, field: "credential"),
      ParameterChecks.notEmpty(profile, field: "profile"), ParameterChecks.notEmpty(groupName, field: "groupName"),
      ParameterChecks.notEmpty(streamMatcher, field: "streamMatcher"),
    ].compactMap { $0 }
    if groupName != nil, streamName != nil {
      issues.append(
        ParameterIssue(
          field: "streamName", message: "an adaptive entry has no stream name of its own",
          hint: "the members keep their names; the playlist is found under groupName"))
    }
    if groupName == nil, streamMatcher != nil {
      issues.append(
        ParameterIssue(
          field: "streamMatcher", message: "only an adaptive entry has members to match", hint: "set groupName too"))
    }
    return issues
  }
}

extension CreateMapEntry {
  /// The defaults of the parameters.
  enum Defaults {
    static let profile = "cupertino-cloudstorage"
    static let streamMatcher = "namePrefix"
    static let relativePlaylists = true
    static let transportDebug = false
    static let enabled = true
    static let onExisting = OnExisting.fail
  }
}
