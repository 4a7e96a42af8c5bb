import AWSClient
import JobQueue
import StreamingJobs

/// The manifest fields for the parameters of a resource's job: the reverse of an expansion.
enum ExportedFields {
  private static let paths: [ResourceRole: [String: String]] = [
    .mapEntry: [
      "engine": "engine", "application": "application", "entryName": "target.entryName",
      "sourceStream": "sourceStream", "streamName": "streamName", "bucket": "bucket.name",
      "credential": "target.credential", "profile": "target.profile", "groupName": "abr.group",
      "streamMatcher": "abr.matcher", "relativePlaylists": "target.options.http.relativePlaylists",
      "transportDebug": "target.options.cloudstorage.transportDebug", "enabled": "enabled",
      "onExisting": "onExisting.mapEntry",
    ],
    .bucket: [
      "connection": "bucket.connection", "ownership": "bucket.objectOwnership",
      "blockPublicAccess": "bucket.blockPublicAccess", "publicRead": "bucket.publicRead",
      "corsOrigins": "bucket.cors.origins", "corsMethods": "bucket.cors.methods",
      "corsAllowedHeaders": "bucket.cors.allowedHeaders", "corsExposedHeaders": "bucket.cors.exposedHeaders",
      "abortIncompleteDays": "bucket.lifecycle.abortIncompleteMultipartDays", "tags": "bucket.tags",
      "skipUnsupported": "bucket.skipUnsupported",
    ],
    .cdnTarget: [
      "connection": "cdn.connection", "name": "cdn.name", "originRegion": "cdnOrigin", "originURL": "cdn.originURL",
      "forceSSL": "cdn.forceSSL", "allowSameOrigin": "cdn.allowSameOrigin",
    ],
  ]

  /// The field values that one resource gives its stream, by path, as a manifest writes them.
  static func values(of resource: ExportedResource) -> [String: JSONValue] {
    var paths = paths[resource.role] ?? [:]
    if resource.role == .mapEntry {
      // A name of an AWS region is a region; the region of another server is recognized only if it is the only one.
      let isOfAWS = resource.text("region").map { AWSRegion.canBeOfAWS($0) } ?? false
      paths["region"] = isOfAWS ? "region" : "awsRegion"
      if resource.text("groupName") != nil { paths["profile"] = "abr.childProfile" }
    }
    var values: [String: JSONValue] = [:]
    for (name, value) in resource.parameters where value != .null {
      guard let path = paths[name] else { continue }
      values[path] = ManifestField.at(path)?.shape == .text ? literal(value) : value
    }
    if resource.role == .cdnTarget { values["cdn.kind"] = .string("wowza-cdn") }
    return values
  }

  /// A literal text for a field with placeholders: its braces are doubled.
  static func literal(_ value: JSONValue) -> JSONValue {
    if case .string(let text) = value { .string(literal(text)) } else { value }
  }

  /// The same for the text of a label.
  static func literal(_ text: String) -> String { text.replacing("{", with: "{{").replacing("}", with: "}}") }
}
