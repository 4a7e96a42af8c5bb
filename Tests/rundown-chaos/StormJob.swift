/// A job as it stands in a file of jobs.
struct StormJob: Encodable, Sendable {
  let kind: String
  let with: [String: String]

  static let region = "eu-central-1"
  static let application = "live"

  /// The job that asks for a thing.
  /// - Parameter folder: where the files lie that are uploaded.
  init(_ thing: Thing, folder: String) {
    switch thing.kind {
    case .mapEntry:
      kind = "create-map-entry"
      with = [
        "engine": thing.place, "application": Self.application, "entryName": thing.name, "sourceStream": thing.name,
        "bucket": Thing.bucket, "region": Self.region, "credential": "push",
      ]
    case .target:
      kind = "create-fastly-target"
      with = ["connection": thing.place, "bucket": thing.name, "region": Self.region]
    case .liveStream:
      kind = "restream-asset"
      with = ["connection": thing.place, "assetID": thing.name]
    case .upload:
      kind = "upload-recording"
      with = [
        "connection": "media", "file": "\(folder)/\(thing.name)", "bucket": thing.place, "region": Self.region,
        "key": thing.name,
      ]
    }
  }

  private init(kind: String, with: [String: String]) {
    self.kind = kind
    self.with = with
  }

  /// The job that makes the bucket of the uploads.
  static let bucket = StormJob(
    kind: "create-bucket-config", with: ["connection": "media", "bucket": Thing.bucket, "region": region])
}

/// A file of jobs.
struct StormJobFile: Encodable, Sendable {
  let apiVersion = "rundown/v1"
  let kind = "Jobs"
  let jobs: [StormJob]
}
