/// What `restream-asset` says when it is done.
public struct RestreamResult: Codable, Sendable, Hashable {
  /// The Wowza Video account's connection.
  public var connection: String
  /// The asset.
  public var assetID: String
  /// The live stream that plays it.
  public var liveStreamID: String
  /// What it does: `started`, or `stopped` when it was not to be started.
  public var state: String
  /// Where it is played, when the provider told.
  public var playbackURL: String?
}
