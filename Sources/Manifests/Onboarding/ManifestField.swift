/// One value of a stream, which any layer of a manifest or a column of a sheet may set.
///
/// The list of them, ``all``, is the source for reading manifests and sheets, for suggestions about unknown fields, and
/// for the template of a sheet.
package struct ManifestField: Sendable, Hashable {
  /// The type of its value.
  package enum Shape: Sendable, Hashable {
    /// Text with placeholders such as `{stream}`.
    case text
    /// Yes or no.
    case bool
    /// A whole number within limits.
    case int(ClosedRange<Int>)
    /// A duration, such as `30s`.
    case duration
    /// One of a few words.
    case choice([String])
    /// Texts.
    case texts
    /// Some of a few words.
    case choices([String])
    /// Names and texts.
    case map
    /// A date and a time of day, or a time with its offset from UTC.
    case time
  }

  /// Its path in a manifest, such as `target.entryName`; also the name of its column in a sheet.
  package let path: String
  /// The type of its value.
  package let shape: Shape
  /// Its meaning, in one phrase.
  package let help: String
  /// A shorter name for its column.
  package let column: String?
  /// The value if it is not set.
  package let fallback: String?
  /// Whether no job supports it yet: it is accepted, and reported as not supported.
  package let isLater: Bool

  private init(
    _ path: String, _ shape: Shape, _ help: String, column: String? = nil, fallback: String? = nil,
    isLater: Bool = false
  ) {
    (self.path, self.shape, self.help) = (path, shape, help)
    (self.column, self.fallback, self.isLater) = (column, fallback, isLater)
  }

  /// All fields, in the order in which they are documented.
  package static let all: [ManifestField] = [
    ManifestField("engine", .text, "the engine's connection"),
    ManifestField("region", .text, "a name under regions, or an AWS region"),
    ManifestField("awsRegion", .text, "the AWS region of the bucket", fallback: "region, where it is one"),
    ManifestField(
      "cdnOrigin", .choice(["us", "eu", "asia", "sa", "india"]), "the part of the world nearest to the bucket"),
    ManifestField("application", .text, "the engine's application", fallback: "live"),
    ManifestField("sourceStream", .text, "the incoming stream", fallback: "{stream}"),
    ManifestField("streamName", .text, "the name at the destination", fallback: "the source stream's name"),
    ManifestField("renditions", .texts, "suffixes of stream names, one entry for each", fallback: "one entry"),
    ManifestField("enabled", .bool, "whether the engine pushes right away", fallback: "yes; no when start is set"),
    ManifestField("start", .time, "when the entry is enabled"),
    ManifestField("stop", .time, "when the entry is disabled"),
    ManifestField("timezone", .text, "the zone of start and stop, such as Europe/Berlin"),
    ManifestField("target.kind", .choice(["s3-hls", "rtmp", "pull"]), "what the engine pushes", fallback: "s3-hls"),
    ManifestField("target.profile", .text, "the profile that writes to cloud storage", column: "profile"),
    ManifestField("target.entryName", .text, "the entry's name", column: "entryName", fallback: "{stream}-s3"),
    ManifestField("target.credential", .text, "the key pair that the engine pushes with", column: "credential"),
    ManifestField("target.options.http.relativePlaylists", .bool, "relative playlists, needed behind a CDN"),
    ManifestField("target.options.cloudstorage.transportDebug", .bool, "whether the engine logs transfers"),
    ManifestField("abr.group", .text, "the group of an adaptive entry"),
    ManifestField("abr.matcher", .text, "how members of the group are found"),
    ManifestField("abr.childProfile", .text, "the profile that writes the group's members"),
    ManifestField("bucket.name", .text, "the bucket to push to", column: "bucket"),
    ManifestField("bucket.connection", .text, "the AWS connection", fallback: "the only one there is"),
    ManifestField(
      "bucket.objectOwnership", .choice(["ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced"]),
      "who owns the objects that engines write"),
    ManifestField("bucket.publicRead", .bool, "whether a policy lets everyone read"),
    ManifestField("bucket.blockPublicAccess", .bool, "whether public access is blocked"),
    ManifestField("bucket.cors.origins", .texts, "origins of web players"),
    ManifestField("bucket.cors.methods", .texts, "methods that players may use"),
    ManifestField("bucket.cors.allowedHeaders", .texts, "request headers that players may send"),
    ManifestField("bucket.cors.exposedHeaders", .texts, "response headers that players may read"),
    ManifestField(
      "bucket.lifecycle.abortIncompleteMultipartDays", .int(1...3650), "days after which unfinished uploads are removed"
    ),
    ManifestField("bucket.lifecycle.expire.prefix", .text, "what expires", isLater: true),
    ManifestField("bucket.lifecycle.expire.days", .int(1...36_500), "days after which it expires", isLater: true),
    ManifestField("bucket.tags", .map, "tags to set"),
    ManifestField("bucket.skipUnsupported", .bool, "whether settings that the server lacks are skipped"),
    ManifestField("cdn.kind", .choice(["wowza-cdn", "none"]), "the CDN in front of the bucket", fallback: "none"),
    ManifestField("cdn.connection", .text, "the Wowza Video account", fallback: "the only one there is"),
    ManifestField("cdn.scope", .choice(["bucket"]), "what shares one target", fallback: "bucket"),
    ManifestField("cdn.name", .text, "the target's name", fallback: "cdn-BUCKET"),
    ManifestField("cdn.forceSSL", .bool, "playback over HTTPS only"),
    ManifestField("cdn.originURL", .text, "the origin", fallback: "the bucket's regional address"),
    ManifestField("cdn.allowSameOrigin", .bool, "create it even if another target serves the origin"),
    ManifestField("verify.playlist", .int(100...599), "the expected HTTP status of the playlist", isLater: true),
    ManifestField("verify.freshWithin", .duration, "the maximum age of the newest segment", isLater: true),
    ManifestField("verify.through", .choices(["s3", "cdn"]), "where to check", isLater: true),
    ManifestField("verify.timeout", .duration, "how long to keep checking", isLater: true),
    ManifestField(
      "verify.whenSourceOffline", .choice(["hold", "pass", "fail"]), "what to do when the source is offline",
      isLater: true),
    ManifestField("onExisting.bucket", .choice(["adopt"]), "what to do with an existing bucket", fallback: "adopt"),
    ManifestField(
      "onExisting.mapEntry", .choice(["fail", "replace", "replace-if-different"]),
      "what to do with an existing entry that differs", fallback: "fail"),
    ManifestField(
      "onExisting.cdnTarget", .choice(["adopt"]), "what to do with an existing target", fallback: "adopt"),
    ManifestField(
      "protect", .choices(["bucket", "mapEntry", "cdnTarget"]), "resources that must never be deleted", isLater: true),
    ManifestField("labels", .map, "labels to find it by"),
  ]

  /// Whether a sheet has a column for it; labels have one for each name.
  package var isColumn: Bool { path != "labels" }

  private static let byPath = Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })

  /// The field at a place.
  package static func at(_ path: String) -> ManifestField? { byPath[path] }

  /// The keys that a mapping may have: those of its fields, and of the mappings below.
  /// - Parameter prefix: the path of the mapping followed by a dot; empty for the top.
  static func keys(below prefix: String) -> [String] {
    var keys: [String] = []
    func add(_ key: String) { if !keys.contains(key) { keys.append(key) } }
    for field in all where field.path.hasPrefix(prefix) {
      let rest = field.path.dropFirst(prefix.count)
      // The option's own name has dots; writing it as nested mappings means the same.
      if prefix == "target.options." { add(String(rest)) }
      add(String(rest.prefix { $0 != "." }))
    }
    return keys
  }

  /// What a text in place of a mapping means: `bucket: example-live`.
  static let shortForms = ["bucket": "bucket.name", "cdn": "cdn.kind", "target": "target.kind"]
}
