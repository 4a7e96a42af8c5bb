/// The result of `create-map-entry`.
public struct MapEntryResult: Codable, Sendable, Hashable {
  /// The engine's connection.
  public var engine: String
  /// The application.
  public var application: String
  /// The entry's name.
  public var entry: String
  /// The path of the playlist, relative to the root of the bucket and of any CDN.
  public var playlistPath: String
  /// Whether this job created the entry.
  public var created: Bool
  /// The fields that were changed in an existing entry.
  public var changed: [String]
  /// Whether everything was already as requested.
  public var unchanged: Bool
  /// The fields that the engine does not report, or masks: they could not be verified.
  public var unread: [String]?
}
