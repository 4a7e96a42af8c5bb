import JobQueue

/// `create-fastly-target`.
enum CreateFastlyTargetKind: JobKind {
  private typealias Defaults = CreateFastlyTarget.Defaults

  static let summary =
    "Creates a Wowza CDN (Fastly) stream target that serves a bucket, one per bucket unless told otherwise."
  static let example =
    "rundown enqueue create-fastly-target --connection main --bucket example-live --region eu-central-1"
  static let fields: [JobField] = [
    .required("connection", .connection(.wowzaVideo), "the Wowza Video account"),
    .required("bucket", "the bucket to serve"),
    .required("region", "the bucket's region"),
    .optional("name", "the target's name", fallback: Defaults.name(of: "BUCKET")),
    .optional(
      "originRegion", .choice(CreateFastlyTarget.regionWords), "the part of the world nearest to the bucket",
      fallback: "from region"),
    .optional("originURL", "the origin", fallback: "the bucket's regional address"),
    .optional("forceSSL", .bool, "playback over HTTPS only", fallback: "false"),
    .optional(
      "allowSameOrigin", .bool, "create it even if a target of another name serves the same origin",
      fallback: "\(Defaults.allowSameOrigin)"),
  ]

  static let role: ResourceRole? = .cdnTarget

  static let resultFields = [
    "playbackURL", "id", "name", "bucket", "originURL", "playbackRoot", "connection", "created",
  ]

  static func standing(_ parameters: CreateFastlyTarget, _ look: ProviderLook) async throws -> Standing? {
    try await parameters.standing(look)
  }

  static func requests(_ parameters: CreateFastlyTarget, toward standing: Standing) -> Int {
    parameters.requests(toward: standing)
  }

  static func handler(_ resources: JobResources) -> CreateFastlyTargetHandler {
    CreateFastlyTargetHandler(clients: resources.clients)
  }
}
