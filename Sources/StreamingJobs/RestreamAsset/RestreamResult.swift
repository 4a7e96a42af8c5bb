/// The result of `restream-asset`.
public struct RestreamResult: Codable, Sendable, Hashable {
  /// The Wowza Video account's connection.
  public var connection: String
  /// The asset.
  public var assetID: String
  /// The live stream that plays it.
  public var liveStreamID: String
  /// Its state: `started`, or `stopped` if it was not to be started.
  public var state: String
  /// Its playback URL, if the provider reported one.
  public var playbackURL: String?
}
