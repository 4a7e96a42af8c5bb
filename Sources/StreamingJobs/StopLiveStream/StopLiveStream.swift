public import JobQueue

/// A live stream of a Wowza Video account is stopped: one that is given by its id, or that of an occurrence.
///
/// It is not a child of the restream that it ends: it outlives that job's death, cancellation and retention, and only
/// waits for its own time.
public struct StopLiveStream: JobParameters, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "stop-live-stream"
  /// Jobs of this kind share their workers with others of the same provider.
  public static let queue = "wowza-video"
  /// A stream that is not stopped costs money as long as it runs: there is no last attempt for months.
  public static let policy = JobPolicy(
    retry: RetryPolicy(base: .seconds(2), factor: 2, cap: .seconds(180), maxAttempts: 100_000), timeout: .seconds(600))

  /// The Wowza Video account.
  public var connection: String
  /// The live stream, unless the occurrence is given.
  public var liveStreamID: String?
  /// The occurrence of the live stream, unless the stream's id is given.
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

  /// Nothing works without the account.
  public var gate: String? { ProviderGate.wowzaVideo(connection) }

  /// Everything that can be found wrong without asking a provider.
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
