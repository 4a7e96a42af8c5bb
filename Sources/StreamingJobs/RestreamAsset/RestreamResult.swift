public import JobQueue

/// What `restream-asset` says when it is done.
public struct RestreamResult: Codable, Sendable, Hashable {
  /// The Wowza Video account's connection.
  public var connection: String
  /// The asset.
  public var assetID: String
  /// The live stream that plays it; nil when another job sees to that and has none yet.
  public var liveStreamID: String?
  /// What it does: `started`, or `stopped` when it was not to be started; nil when another job sees to it.
  public var state: String?
  /// Where it is played, when the provider told.
  public var playbackURL: String?
  /// Whether nothing was done, because another job restreams the same; nil in what earlier versions wrote.
  public var unchanged: Bool?
  /// The job that does, then.
  public var firstJob: JobID?
}
