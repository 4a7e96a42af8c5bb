import AWSClient
public import JobQueue

/// A bucket that engines push to and players read from: it exists and is set up as requested.
public struct CreateBucketConfig: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "create-bucket-config"
  /// Jobs of this kind share a queue with others for the same provider.
  public static let queue = "storage"
  /// An attempt that takes longer is stuck.
  public static let policy = JobPolicy(timeout: .seconds(120))

  /// The AWS connection.
  public var connection: String
  /// The bucket's name.
  public var bucket: String
  /// The region to create it in; nil for the connection's region.
  public var region: String?
  /// `ObjectWriter`, `BucketOwnerPreferred` or `BucketOwnerEnforced`.
  public var ownership: String?
  /// Whether all four settings of the public-access block are on.
  public var blockPublicAccess: Bool?
  /// Whether a policy lets everyone read objects.
  public var publicRead: Bool?
  /// The origins of players; an empty list removes our CORS rule.
  public var corsOrigins: [String]?
  /// The methods that players may use.
  public var corsMethods: [String]?
  /// The request headers that players may send; an empty list allows only the simple ones.
  public var corsAllowedHeaders: [String]?
  /// The response headers that players may read; an empty list allows only the simple ones.
  public var corsExposedHeaders: [String]?
  /// After how many days unfinished uploads are removed.
  public var abortIncompleteDays: Int?
  /// Tags for the bucket; other tags are kept.
  public var tags: [String: String]?
  /// Whether requested settings that the server does not support are skipped.
  public var skipUnsupported: Bool?

  /// Creates parameters.
  public init(
    connection: String, bucket: String, region: String? = nil, ownership: String? = nil,
    blockPublicAccess: Bool? = nil, publicRead: Bool? = nil, corsOrigins: [String]? = nil,
    corsMethods: [String]? = nil, corsAllowedHeaders: [String]? = nil, corsExposedHeaders: [String]? = nil,
    abortIncompleteDays: Int? = nil, tags: [String: String]? = nil, skipUnsupported: Bool? = nil
  ) {
    self.connection = connection
    self.bucket = bucket
    self.region = region
    self.ownership = ownership
    self.blockPublicAccess = blockPublicAccess
    self.publicRead = publicRead
    self.corsOrigins = corsOrigins
    self.corsMethods = corsMethods
    self.corsAllowedHeaders = corsAllowedHeaders
    self.corsExposedHeaders = corsExposedHeaders
    self.abortIncompleteDays = abortIncompleteDays
    self.tags = tags
    self.skipUnsupported = skipUnsupported
  }

  /// Only one job at a time sets up a bucket of an account.
  public var uniqueKey: String? { KeyText.unique("bucket:\(connection):\(bucket)") }

  /// The job cannot do anything without the AWS connection.
  public var gate: String? { ProviderGate.aws(connection) }

  /// Everything that can be found wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    var issues = [
      ParameterChecks.notEmpty(connection, field: "connection"), ParameterChecks.bucket(bucket),
      region.flatMap { ParameterChecks.anyRegion($0) },
      ParameterChecks.oneOf(ownership, Self.ownerships, field: "ownership"),
    ].compactMap { $0 }
    for method in corsMethods ?? [] {
      issues += [ParameterChecks.oneOf(method, Self.methods, field: "corsMethods")].compactMap { $0 }
    }
    for origin in corsOrigins ?? [] {
      issues += [ParameterChecks.notEmpty(origin, field: "corsOrigins")].compactMap { $0 }
    }
    for (headers, field) in [(corsAllowedHeaders, "corsAllowedHeaders"), (corsExposedHeaders, "corsExposedHeaders")] {
      for header in headers ?? [] where !Self.isHeaderName(header) {
        issues.append(
          ParameterIssue(
            field: field, message: "'\(header)' is not a valid header name", hint: "such as ETag, or * for all"))
      }
    }
    if let days = abortIncompleteDays, !(1...3650).contains(days) {
      issues.append(ParameterIssue(field: "abortIncompleteDays", message: "\(days) is not between 1 and 3650 days"))
    }
    if publicRead == true, blockPublicAccess == true {
      issues.append(
        ParameterIssue(
          field: "publicRead", message: "publicRead does not work while public access is blocked",
          hint: "leave out blockPublicAccess, or set it to false"))
    }
    return issues
  }

  /// A token as defined by RFC 9110; `*` may stand for anything.
  private static func isHeaderName(_ name: String) -> Bool {
    let others = Set("!#$%&'*+-.^_`|~".utf8)
    return !name.isEmpty
      && name.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || others.contains(byte)
      }
  }

  static let ownerships = ["ObjectWriter", "BucketOwnerPreferred", "BucketOwnerEnforced"]
  static let methods = ["GET", "HEAD", "PUT", "POST", "DELETE"]
}

extension CreateBucketConfig {
  /// The defaults of the parameters.
  enum Defaults {
    static let ownership = S3ObjectOwnership.objectWriter
    static let blockPublicAccess = false
    static let publicRead = false
    static let corsOrigins = ["*"]
    static let corsMethods = ["GET", "HEAD"]
    static let corsAllowedHeaders = ["*"]
    static let corsExposedHeaders = ["ETag", "Content-Length"]
    static let abortIncompleteDays = 7
    static let skipUnsupported = false
  }
}
