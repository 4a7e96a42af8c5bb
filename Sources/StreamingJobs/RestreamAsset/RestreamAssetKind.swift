import JobQueue

/// `restream-asset`.
enum RestreamAssetKind: JobKind {
  private typealias Defaults = RestreamAsset.Defaults

  static let summary = "An asset of Wowza Video is on air as a live stream, created exactly once."
  static let example = "rundown enqueue restream-asset --connection main --asset-id paprtlx9"
  static let fields: [JobField] = [
    .required("connection", .connection(.wowzaVideo), "the Wowza Video account"),
    .optional("assetID", "the asset's id"),
    .optional("assetName", "the asset's name, when only one has it"),
    .optional("liveStreamID", "a live stream that is there, to be brought on air instead of a new one"),
    .optional("start", .bool, "whether the live stream is started", fallback: "\(Defaults.start)"),
    .optional("startTimeoutSeconds", .int, "how long a start may take", fallback: "\(Defaults.startTimeoutSeconds)"),
    .optional(
      "assetTimeoutSeconds", .int, "how long an asset may be in processing", fallback: "\(Defaults.assetTimeoutSeconds)"
    ),
    .optional("run", "a name that tells two restreams of one asset apart"),
  ]

  static let resultFields = [
    "playbackURL", "liveStreamID", "assetID", "state", "connection",
  ]

  static func handler(_ resources: JobResources) -> RestreamAssetHandler {
    RestreamAssetHandler(clients: resources.clients)
  }
}
