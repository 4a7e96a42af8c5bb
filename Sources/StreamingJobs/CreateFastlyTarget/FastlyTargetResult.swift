/// What `create-fastly-target` says when it is done.
public struct FastlyTargetResult: Codable, Sendable, Hashable {
  /// The Wowza Video account's connection.
  public var connection: String
  /// The bucket that is served.
  public var bucket: String
  /// The target's id.
  public var id: String
  /// The target's name.
  public var name: String
  /// The origin it fetches from.
  public var originURL: String
  /// Where playback begins: append a map entry's playlist path. Nil when the provider told no playback URL.
  public var playbackRoot: String?
  /// The playback URL as the provider told it.
  public var playbackURL: String?
  /// Whether this job made the target.
  public var created: Bool
}
