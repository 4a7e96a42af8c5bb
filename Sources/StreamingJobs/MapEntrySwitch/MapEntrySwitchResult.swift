/// What `enable-map-entry` and `disable-map-entry` say when they are done.
public struct MapEntrySwitchResult: Codable, Sendable, Hashable {
  /// The engine's connection.
  public var engine: String
  /// The application.
  public var application: String
  /// The entry's name.
  public var entry: String
  /// Whether the entry may push now.
  public var enabled: Bool
  /// Whether it was as asked already.
  public var unchanged: Bool
  /// `enabled` when the engine does not tell it, so that it could not be verified.
  public var unread: [String]?
}
