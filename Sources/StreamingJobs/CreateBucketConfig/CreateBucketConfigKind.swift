import AWSClient
import JobQueue

/// `create-bucket-config`.
enum CreateBucketConfigKind: JobKind {
  private typealias Defaults = CreateBucketConfig.Defaults

  static let summary =
    "Creates a bucket, or adopts one, and sets its ownership, public access, CORS, lifecycle, policy and tags."
  static let example =
    "rundown enqueue create-bucket-config --connection media --bucket example-live --region eu-central-1"
  static let fields: [JobField] = [
    .required("connection", .connection(.aws), "the AWS connection"),
    .required("bucket", "the bucket's name"),
    .optional("region", "where the bucket is created", fallback: "the connection's region"),
    .optional(
      "ownership", .choice(CreateBucketConfig.ownerships), "who owns the objects that engines write",
      fallback: Defaults.ownership.rawValue),
    .optional(
      "blockPublicAccess", .bool, "whether public ACLs and policies are blocked",
      fallback: "\(Defaults.blockPublicAccess)"),
    .optional("publicRead", .bool, "whether a policy lets everyone read objects", fallback: "\(Defaults.publicRead)"),
    .optional(
      "corsOrigins", .strings, "origins of web players", fallback: Defaults.corsOrigins.joined(separator: ", ")),
    .optional(
      "corsMethods", .strings, "methods that players may use", fallback: Defaults.corsMethods.joined(separator: ", ")),
    .optional(
      "corsAllowedHeaders", .strings, "request headers that players may send",
      fallback: Defaults.corsAllowedHeaders.joined(separator: ", ")),
    .optional(
      "corsExposedHeaders", .strings, "response headers that players may read",
      fallback: Defaults.corsExposedHeaders.joined(separator: ", ")),
    .optional(
      "abortIncompleteDays", .int, "days after which unfinished uploads are removed",
      fallback: "\(Defaults.abortIncompleteDays)"),
    .optional("tags", .stringMap, "tags to set; existing ones are kept"),
    .optional(
      "skipUnsupported", .bool, "whether settings that the server lacks are skipped",
      fallback: "\(Defaults.skipUnsupported)"),
  ]

  static let role: ResourceRole? = .bucket

  static let resultFields = [
    "url", "bucket", "region", "created", "changed", "unsupported", "unchanged",
  ]

  static func standing(_ parameters: CreateBucketConfig, _ look: ProviderLook) async throws -> Standing? {
    try await parameters.standing(look)
  }

  static func requests(_ parameters: CreateBucketConfig, toward standing: Standing) -> Int {
    parameters.requests(toward: standing)
  }

  static func handler(_ resources: JobResources) -> CreateBucketConfigHandler {
    CreateBucketConfigHandler(clients: resources.clients)
  }
}
