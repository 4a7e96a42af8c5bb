/// The result of `create-fastly-target`.
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
  /// Where playback starts: append a map entry's playlist path. Nil if the provider returned no playback URL.
  public var playbackRoot: String?
  /// The playback URL as the provider returned it.
  public var playbackURL: String?
  /// Whether this job created the target.
  public var created: Bool
}
