public import JobQueue

/// The result of `restream-asset`.
public struct RestreamResult: Codable, Sendable, Hashable {
  /// The Wowza Video account's connection.
  public var connection: String
  /// The asset.
  public var assetID: String
  /// The live stream that plays it; nil if another job handles that and has none yet.
  public var liveStreamID: String?
  /// Its state: `started`, or `stopped` if it was not to be started; nil if another job handles it.
  public var state: String?
  /// Where it is played, if the provider reported it.
  public var playbackURL: String?
  /// Whether nothing was done because another job restreams the same; nil in results of earlier versions.
  public var unchanged: Bool?
  /// The job that does so, in that case.
  public var firstJob: JobID?
}
