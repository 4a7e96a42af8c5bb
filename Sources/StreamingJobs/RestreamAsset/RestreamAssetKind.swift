import JobQueue

/// `restream-asset`.
enum RestreamAssetKind: JobKind {
  private typealias Defaults = RestreamAsset.Defaults

  static let summary = "Puts a Wowza Video asset on air as a live stream, created exactly once."
  static let example = "rundown enqueue restream-asset --connection main --asset-id paprtlx9"
  static let fields: [JobField] = [
    .required("connection", .connection(.wowzaVideo), "the Wowza Video account"),
    .optional("assetID", "the asset's id"),
    .optional("assetName", "the asset's name, which must be unique"),
    .optional("liveStreamID", "an existing live stream to put on air instead of a new one"),
    .optional("start", .bool, "whether the live stream is started", fallback: "\(Defaults.start)"),
    .optional(
      "startTimeoutSeconds", .int, "how long starting may take, in seconds", fallback: "\(Defaults.startTimeoutSeconds)"
    ),
    .optional(
      "assetTimeoutSeconds", .int, "how long to wait for an asset to be processed, in seconds",
      fallback: "\(Defaults.assetTimeoutSeconds)"
    ),
    .optional("run", "a name that tells several restreams of one asset apart"),
    .optional("occurrence", "the name of one planned time on air, which stop-live-stream ends"),
    .optional("notAfter", "the time after which it is too late: nothing is created or started then"),
  ]

  static let resultFields = [
    "playbackURL", "liveStreamID", "assetID", "state", "connection", "unchanged", "firstJob",
  ]

  static let airtime: Airtime? = .start

  static func ending(_ parameters: RestreamAsset) -> JobEnding? {
    guard parameters.start ?? Defaults.start else { return nil }
    return JobEnding(.airtime(.stop), ["connection": .string(parameters.connection)])
  }

  static func handler(_ resources: JobResources) -> RestreamAssetHandler {
    RestreamAssetHandler(clients: resources.clients, queue: resources.queue)
  }
}
