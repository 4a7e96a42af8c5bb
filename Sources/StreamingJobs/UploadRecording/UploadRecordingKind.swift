import JobQueue

/// `upload-recording`.
enum UploadRecordingKind: JobKind {
  private typealias Defaults = UploadRecording.Defaults

  static let summary = "Uploads a recording to a bucket and verifies its size and checksum."
  static let example =
    "rundown enqueue upload-recording --connection media --file match.mp4 --bucket example-vod --key 2026/match.mp4"
  static let fields: [JobField] = [
    .required("connection", .connection(.aws), "the AWS connection"),
    .required("file", .path, "the file to upload"),
    .required("bucket", "the bucket"),
    .required("key", "the object's key"),
    .optional("region", "the bucket's region", fallback: "the connection's region"),
    .optional("contentType", "the object's content type", fallback: "from the file's extension"),
    .optional("cacheControl", "the object's Cache-Control"),
    .optional("acl", "a canned ACL, such as public-read"),
    .optional("storageClass", "a storage class, such as STANDARD_IA"),
    .optional(
      "partSize", .int, "size of a part in MiB", fallback: "\(PartPlan.smallest >> 20), more for very large files"),
    .optional("parallelParts", .int, "parts sent at once", fallback: "\(Defaults.parallelParts)"),
    .optional(
      "onExisting", .choice(UploadRecording.OnExisting.allCases.map(\.rawValue)),
      "what to do when the key holds another object",
      fallback: Defaults.onExisting.rawValue),
  ]

  static let resultFields = [
    "url", "bucket", "key", "size", "etag", "crc32c", "parts", "resumedParts", "verified", "unchanged",
  ]

  static func progress(_ journal: Journal) -> JobProgress? { .ofUpload(journal) }

  static func handler(_ resources: JobResources) -> UploadRecordingHandler {
    UploadRecordingHandler(clients: resources.clients, roots: resources.uploadRoots)
  }
}
