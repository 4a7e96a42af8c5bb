public import JobQueue

/// An asset of Wowza Video is on air as a live stream.
public struct RestreamAsset: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "restream-asset"
  /// Jobs of this kind share their workers with others of the same provider.
  public static let queue = "wowza-video"
  /// An attempt that takes longer has lost its way: the longest list takes some 400 s at the account's pace, there and back.
  public static let policy = JobPolicy(timeout: .seconds(600))

  /// The Wowza Video account.
  public var connection: String
  /// The asset's id; or give its name.
  public var assetID: String?
  /// The asset's name, when one asset only has it; or give its id.
  public var assetName: String?
  /// A live stream that is there, to be brought on air instead of a new one.
  public var liveStreamID: String?
  /// Whether the live stream is started.
  public var start: Bool?
  /// How long a start may take.
  public var startTimeoutSeconds: Int?
  /// How long an asset may be in processing.
  public var assetTimeoutSeconds: Int?
  /// Tells two restreams of the same asset apart; without it there is at most one unfinished job per asset.
  public var run: String?

  /// Creates parameters.
  public init(
    connection: String, assetID: String? = nil, assetName: String? = nil, liveStreamID: String? = nil,
    start: Bool? = nil, startTimeoutSeconds: Int? = nil, assetTimeoutSeconds: Int? = nil, run: String? = nil
  ) {
    self.connection = connection
    self.assetID = assetID
    self.assetName = assetName
    self.liveStreamID = liveStreamID
    self.start = start
    self.startTimeoutSeconds = startTimeoutSeconds
    self.assetTimeoutSeconds = assetTimeoutSeconds
    self.run = run
  }

  /// One restream of an asset at a time, unless runs are named.
  public var uniqueKey: String? {
    let asset = assetID.map { "id:\($0)" } ?? "name:\(assetName ?? "")"
    return KeyText.unique("restream:\(connection):\(asset)" + (run.map { ":\($0)" } ?? ""))
  }

  /// Nothing goes on without the account.
  public var gate: String? { ProviderGate.wowzaVideo(connection) }

  /// Everything that can be known to be wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    var issues = [
      ParameterChecks.notEmpty(connection, field: "connection"), ParameterChecks.pathSegment(assetID, field: "assetID"),
      ParameterChecks.notEmpty(assetName, field: "assetName"),
      ParameterChecks.pathSegment(liveStreamID, field: "liveStreamID"),
      ParameterChecks.notEmpty(run, field: "run", limit: 128),
    ].compactMap { $0 }
    if (assetID == nil) == (assetName == nil) {
      issues.append(
        ParameterIssue(
          field: "assetID", message: "set either assetID or assetName", hint: "prefer the id: names are not unique"))
    }
    for (field, seconds) in [
      ("startTimeoutSeconds", startTimeoutSeconds), ("assetTimeoutSeconds", assetTimeoutSeconds),
    ] {
      if let seconds, !(1...86_400).contains(seconds) {
        issues.append(ParameterIssue(field: field, message: "\(seconds) is not between 1 and 86400 seconds"))
      }
    }
    return issues
  }
}

extension RestreamAsset {
  /// What holds where a parameter is not given.
  enum Defaults {
    static let start = true
    static let startTimeoutSeconds = 300
    /// Six hours.
    static let assetTimeoutSeconds = 21_600
  }
}
