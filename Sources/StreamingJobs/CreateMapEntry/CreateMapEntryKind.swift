import JobQueue

/// `create-map-entry`.
enum CreateMapEntryKind: JobKind {
  private typealias Defaults = CreateMapEntry.Defaults

  static let summary = "Creates a map entry: an engine's application pushes a stream to a bucket."
  static let example =
    "rundown enqueue create-map-entry --engine fra1 --application live --entry-name cam-01-s3 --source-stream cam-01"
    + " --bucket example-live --region eu-central-1 --credential wse-push-eu"
  static let fields: [JobField] = [
    .required("engine", .connection(.engine), "the engine"),
    .required("application", "the application"),
    .required("entryName", "the entry's name, unique in the application"),
    .required("sourceStream", "the incoming stream; for a group, the prefix of its members"),
    .required("bucket", "the bucket to push to"),
    .required("region", "the bucket's region"),
    .required("credential", .connection(.pushCredential), "the key pair that the engine pushes with"),
    .optional("streamName", "the name at the destination", fallback: "the source stream's name"),
    .optional("profile", "the profile that writes HLS to cloud storage", fallback: Defaults.profile),
    .optional("groupName", "the group of an adaptive entry; names its playlist's folder"),
    .optional("streamMatcher", "how members of the group are found", fallback: Defaults.streamMatcher),
    .optional(
      "relativePlaylists", .bool, "relative playlists, needed behind a CDN", fallback: "\(Defaults.relativePlaylists)"),
    .optional("transportDebug", .bool, "whether the engine logs transfers", fallback: "\(Defaults.transportDebug)"),
    .optional(
      "enabled", .bool, "false creates an entry that does not push yet; an existing entry is left as it is",
      fallback: "\(Defaults.enabled)"),
    .optional(
      "onExisting", .choice(CreateMapEntry.OnExisting.allCases.map(\.rawValue)),
      "what to do when an existing entry differs",
      fallback: Defaults.onExisting.rawValue),
  ]

  static let role: ResourceRole? = .mapEntry

  static let resultFields = [
    "playlistPath", "entry", "engine", "application", "created", "changed", "unchanged", "unread",
  ]

  static func standing(_ parameters: CreateMapEntry, _ look: ProviderLook) async throws -> Standing? {
    try await parameters.standing(look)
  }

  static func requests(_ parameters: CreateMapEntry, toward standing: Standing) -> Int {
    parameters.requests(toward: standing)
  }

  static func handler(_ resources: JobResources) -> CreateMapEntryHandler {
    CreateMapEntryHandler(clients: resources.clients)
  }
}
