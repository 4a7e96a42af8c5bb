public import JobQueue
import Wire

/// An asset of Wowza Video is on air as a live stream.
public struct RestreamAsset: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "restream-asset"
  /// Jobs of this kind share a queue with others for the same provider.
  public static let queue = "wowza-video"
  /// An attempt that takes longer is stuck: the longest list takes some 400 s at the account's pace, there and back.
  public static let policy = JobPolicy(timeout: .seconds(600))

  /// The Wowza Video account.
  public var connection: String
  /// The asset's id, unless its name is given.
  public var assetID: String?
  /// The asset's name, if it is the only one of that name; else give its id.
  public var assetName: String?
  /// An existing live stream to put on air instead of a new one.
  public var liveStreamID: String?
  /// Whether the live stream is started.
  public var start: Bool?
  /// How long a start may take.
  public var startTimeoutSeconds: Int?
  /// How long an asset may be processed.
  public var assetTimeoutSeconds: Int?
  /// Distinguishes several restreams of one asset; without it, there is at most one unfinished job per asset.
  public var run: String?
  /// Names one planned time on air, which has a stop of its own. It counts as a run.
  public var occurrence: String?
  /// From this time on, in RFC 3339 form, it is too late to create or start anything; nil for never.
  public var notAfter: String?

  /// Creates parameters.
  public init(
    connection: String, assetID: String? = nil, assetName: String? = nil, liveStreamID: String? = nil,
    start: Bool? = nil, startTimeoutSeconds: Int? = nil, assetTimeoutSeconds: Int? = nil, run: String? = nil,
    occurrence: String? = nil, notAfter: String? = nil
  ) {
    self.connection = connection
    self.assetID = assetID
    self.assetName = assetName
    self.liveStreamID = liveStreamID
    self.start = start
    self.startTimeoutSeconds = startTimeoutSeconds
    self.assetTimeoutSeconds = assetTimeoutSeconds
    self.run = run
    self.occurrence = occurrence
    self.notAfter = notAfter
  }

  /// One restream of an asset at a time, unless runs or occurrences are named.
  public var uniqueKey: String? {
    let asset = assetID.map { "id:\($0)" } ?? "name:\(assetName ?? "")"
    let planned = occurrence.map { "@\($0)" } ?? ""
    return KeyText.unique("restream:\(connection):\(asset)" + (run.map { ":\($0)" } ?? "") + planned)
  }

  /// The time from which on it is too late.
  var deadline: Timestamp? { notAfter.flatMap(InternetTime.milliseconds).map(Timestamp.init(milliseconds:)) }

  /// Nothing works without the account.
  public var gate: String? { ProviderGate.wowzaVideo(connection) }

  /// Everything that can be found wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    var issues = [
      ParameterChecks.notEmpty(connection, field: "connection"), ParameterChecks.pathSegment(assetID, field: "assetID"),
      ParameterChecks.notEmpty(assetName, field: "assetName"),
      ParameterChecks.pathSegment(liveStreamID, field: "liveStreamID"),
      ParameterChecks.notEmpty(run, field: "run", limit: 128),
      ParameterChecks.name(occurrence, field: "occurrence"), ParameterChecks.moment(notAfter, field: "notAfter"),
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
  /// The defaults of the parameters.
  enum Defaults {
    static let start = true
    static let startTimeoutSeconds = 300
    /// Six hours.
    static let assetTimeoutSeconds = 21_600
  }
}
