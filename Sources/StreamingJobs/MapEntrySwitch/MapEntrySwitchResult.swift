/// The result of `enable-map-entry` and `disable-map-entry`.
public struct MapEntrySwitchResult: Codable, Sendable, Hashable {
  /// The engine's connection.
  public var engine: String
  /// The application.
  public var application: String
  /// The entry's name.
  public var entry: String
  /// Whether the entry may push now.
  public var enabled: Bool
  /// Whether it was already as requested.
  public var unchanged: Bool
  /// Contains `enabled` if the engine does not report it, so that it could not be verified.
  public var unread: [String]?
}
