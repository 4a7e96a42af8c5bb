public import JobQueue

/// A live stream of a Wowza Video account is stopped: one that is named, or that of an occurrence.
///
/// It is no child of the restream that it ends: it outlives that job's death, its cancel and its retention, and waits for
/// its own moment only.
public struct StopLiveStream: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "stop-live-stream"
  /// Jobs of this kind share their workers with others of the same provider.
  public static let queue = "wowza-video"
  /// A stream that nobody stops costs money for as long as it runs: there is no last attempt within months.
  public static let policy = JobPolicy(
    retry: RetryPolicy(base: .seconds(2), factor: 2, cap: .seconds(180), maxAttempts: 100_000), timeout: .seconds(600))

  /// The Wowza Video account.
  public var connection: String
  /// The live stream; or give the occurrence.
  public var liveStreamID: String?
  /// The occurrence whose live stream it is; or give the stream's id.
  public var occurrence: String?

  /// Creates parameters.
  public init(connection: String, liveStreamID: String? = nil, occurrence: String? = nil) {
    self.connection = connection
    self.liveStreamID = liveStreamID
    self.occurrence = occurrence
  }

  /// One stop of a stream, or of an occurrence, at a time.
  public var uniqueKey: String? {
    let what = liveStreamID.map { "id:\($0)" } ?? "occurrence:\(occurrence ?? "")"
    return KeyText.unique("\(Self.kind):\(connection):\(what)")
  }

  /// Nothing goes on without the account.
  public var gate: String? { ProviderGate.wowzaVideo(connection) }

  /// Everything that can be known to be wrong without asking a provider.
  public func validate() -> [ParameterIssue] {
    var issues = [
      ParameterChecks.notEmpty(connection, field: "connection"),
      ParameterChecks.pathSegment(liveStreamID, field: "liveStreamID"),
      ParameterChecks.name(occurrence, field: "occurrence"),
    ].compactMap { $0 }
    if (liveStreamID == nil) == (occurrence == nil) {
      issues.append(
        ParameterIssue(
          field: "liveStreamID", message: "set either liveStreamID or occurrence",
          hint: "the occurrence is the one that the restream was given"))
    }
    return issues
  }
}
