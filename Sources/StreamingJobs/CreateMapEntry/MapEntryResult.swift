/// What `create-map-entry` says when it is done.
public struct MapEntryResult: Codable, Sendable, Hashable {
  /// The engine's connection.
  public var engine: String
  /// The application.
  public var application: String
  /// The entry's name.
  public var entry: String
  /// Where the playlist will be, under the bucket's and any CDN's root.
  public var playlistPath: String
  /// Whether this job made the entry.
  public var created: Bool
  /// The fields that were changed in an entry that was there.
  public var changed: [String]
  /// Whether everything was as asked already.
  public var unchanged: Bool
  /// The fields that the engine does not tell, or blanks out: whether they are as asked could not be verified.
  public var unread: [String]?
}
