import AWSClient
public import JobQueue

/// A CDN stream target of Wowza Video in front of a bucket.
public struct CreateFastlyTarget: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "create-fastly-target"
  /// Jobs of this kind share a queue with others for the same provider.
  public static let queue = "wowza-video"
  /// An attempt that takes longer is stuck: the longest list takes some 400 s at the account's pace, there and back.
  public static let policy = JobPolicy(timeout: .seconds(600))

  /// The Wowza Video account.
  public var connection: String
  /// The bucket that is served.
  public var bucket: String
  /// The bucket's region.
  public var region: String
  /// The target's name.
  public var name: String?
  /// The part of the world nearest to the origin: not an AWS region word.
  public var originRegion: String?
  /// The origin, if it is not the bucket's regional address.
  public var originURL: String?
  /// Whether playback is over HTTPS only.
  public var forceSSL: Bool?
  /// Whether to create the target even if one with another name serves the same origin.
  public var allowSameOrigin: Bool?

  /// Creates parameters.
  public init(
    connection: String, bucket: String, region: String, name: String? = nil, originRegion: String? = nil,
    originURL: String? = nil, forceSSL: Bool? = nil, allowSameOrigin: Bool? = nil
  ) {
    self.connection = connection
    self.bucket = bucket
    self.region = region
    self.name = name
    self.originRegion = originRegion
    self.originURL = originURL
    self.forceSSL = forceSSL
    self.allowSameOrigin = allowSameOrigin
  }

  /// One target per origin of an account, however the origin is written; one per name if an origin may have several.
  public var uniqueKey: String? {
    // The usual name belongs to the job that creates the usual target.
    let isAnother = mayShareOrigin && targetName != usualName
    return KeyText.unique("stream-target:\(place)" + (isAnother ? ":\(targetName)" : ""))
  }

  /// A job that checks whether an origin already has a target must see what earlier jobs created.
  public var concurrencyKey: String? { KeyText.name("stream-target:\(place)") }

  private var place: String { "\(connection):\(Origin.place(of: origin))" }

  /// The origin that the target fetches from.
  var origin: String { originURL ?? S3URL.bucket(bucket, region: region) }

  /// The target's name.
  var targetName: String { name ?? usualName }

  private var usualName: String { Defaults.name(of: bucket) }

  /// Whether another target may serve the same origin.
  var mayShareOrigin: Bool { allowSameOrigin ?? Defaults.allowSameOrigin }

  /// The provider's word for the part of the world.
  var regionWord: String? { originRegion ?? Self.word(for: region) }

  /// The job cannot do anything without the account.
  public var gate: String? { ProviderGate.wowzaVideo(connection) }

  /// Everything that can be found wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    var issues = [
      ParameterChecks.notEmpty(connection, field: "connection"), ParameterChecks.bucket(bucket),
      ParameterChecks.region(region), ParameterChecks.name(name, field: "name"),
      ParameterChecks.notEmpty(originURL, field: "originURL", limit: 2048),
      ParameterChecks.oneOf(originRegion, Self.regionWords, field: "originRegion"),
    ].compactMap { $0 }
    if originURL == nil, bucket.contains(".") {
      issues.append(
        ParameterIssue(
          field: "bucket",
          message: "a bucket with a dot in its name cannot be an origin: the TLS certificate does not match",
          hint: "use a bucket without dots, or set originURL"))
    }
    if let problem = originURL.flatMap(Origin.problem) {
      issues.append(ParameterIssue(field: "originURL", message: problem, hint: "such as https://origin.example.com"))
    } else if let regional = originURL.flatMap({ Origin.regional(ofLegacy: $0, bucket: bucket, region: region) }) {
      issues.append(
        ParameterIssue(
          field: "originURL",
          message: "a CDN target cannot fetch from a bucket's legacy address, which lacks the region",
          hint: "use \(regional)"))
    }
    if regionWord == nil {
      issues.append(
        ParameterIssue(
          field: "originRegion", message: "no origin region is known for \(region)",
          hint: "set originRegion to one of \(Self.regionWords.joined(separator: ", "))"))
    }
    return issues
  }

  static let regionWords = ["us", "eu", "asia", "sa", "india"]

  /// The part of the world nearest to an AWS region.
  static func word(for region: String) -> String? {
    if region.hasPrefix("ap-south-") { return "india" }
    return switch region.split(separator: "-").first {
    case "us", "ca", "mx": "us"
    case "eu", "il", "af", "me": "eu"
    case "ap", "cn": "asia"
    case "sa": "sa"
    default: nil
    }
  }
}

extension CreateFastlyTarget {
  /// The defaults of the parameters.
  enum Defaults {
    static let allowSameOrigin = false

    static func name(of bucket: String) -> String { "cdn-\(bucket)" }
  }
}
