public import JobQueue

/// A file of this machine is an object in a bucket, whole and verified.
public struct UploadRecording: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "upload-recording"
  /// Jobs of this kind share a queue with others for the same provider.
  public static let queue = "uploads"
  /// An attempt that takes longer is stuck.
  public static let policy = JobPolicy(timeout: .seconds(4 * 3600))

  /// What to do if the key holds another object.
  public enum OnExisting: String, Codable, Sendable, CaseIterable {
    /// The job fails; the same content counts as uploaded.
    case fail
    /// The object is replaced.
    case replace
  }

  /// The AWS connection.
  public var connection: String
  /// The file, by its absolute path.
  public var file: String
  /// The bucket.
  public var bucket: String
  /// The object's key.
  public var key: String
  /// The bucket's region; nil for the connection's.
  public var region: String?
  /// The object's content type; nil to derive it from the file's extension.
  public var contentType: String?
  /// The object's `Cache-Control`.
  public var cacheControl: String?
  /// A canned ACL.
  public var acl: String?
  /// A storage class.
  public var storageClass: String?
  /// The size of a part in MiB.
  public var partSize: Int?
  /// How many parts are sent at once.
  public var parallelParts: Int?
  /// What to do if the key holds another object.
  public var onExisting: OnExisting?

  /// Creates parameters.
  public init(
    connection: String, file: String, bucket: String, key: String, region: String? = nil, contentType: String? = nil,
    cacheControl: String? = nil, acl: String? = nil, storageClass: String? = nil, partSize: Int? = nil,
    parallelParts: Int? = nil, onExisting: OnExisting? = nil
  ) {
    self.connection = connection
    self.file = file
    self.bucket = bucket
    self.key = key
    self.region = region
    self.contentType = contentType
    self.cacheControl = cacheControl
    self.acl = acl
    self.storageClass = storageClass
    self.partSize = partSize
    self.parallelParts = parallelParts
    self.onExisting = onExisting
  }

  /// Whether another object is overwritten.
  var replaces: Bool { (onExisting ?? Defaults.onExisting) == .replace }

  /// One upload to a key at a time.
  public var uniqueKey: String? { KeyText.unique("upload:\(connection):\(bucket)/\(key)") }

  /// The job cannot do anything without the AWS connection.
  public var gate: String? { ProviderGate.aws(connection) }

  /// Everything that can be found wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    var issues = [
      ParameterChecks.notEmpty(connection, field: "connection"),
      ParameterChecks.notEmpty(file, field: "file", limit: 4095), ParameterChecks.existingBucket(bucket),
      ParameterChecks.notEmpty(key, field: "key", limit: 1024), region.flatMap { ParameterChecks.anyRegion($0) },
      ParameterChecks.notEmpty(contentType, field: "contentType"),
      ParameterChecks.notEmpty(cacheControl, field: "cacheControl"), ParameterChecks.notEmpty(acl, field: "acl"),
      ParameterChecks.notEmpty(storageClass, field: "storageClass"),
    ].compactMap { $0 }
    if !file.isEmpty, !file.hasPrefix("/") {
      issues.append(
        ParameterIssue(
          field: "file", message: "the path is not absolute", hint: "workers do not run in your current folder"))
    }
    // S3: parts of 5 MiB to 5 GiB; ours are at least 16 MiB so that a part is worth its request.
    if let size = partSize, !(16...5120).contains(size) {
      issues.append(ParameterIssue(field: "partSize", message: "\(size) is not between 16 and 5120 MiB"))
    }
    if let parts = parallelParts, !(1...16).contains(parts) {
      issues.append(ParameterIssue(field: "parallelParts", message: "\(parts) is not between 1 and 16"))
    }
    return issues
  }
}

extension UploadRecording {
  /// The defaults of the parameters.
  enum Defaults {
    static let parallelParts = 4
    static let onExisting = OnExisting.fail
  }
}
