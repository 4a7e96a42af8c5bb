/// One application of an engine, as the list shows it.
public struct EngineApplication: Sendable, Hashable {
  /// The application's name.
  public var name: String
  /// Its kind: `Live`, `VOD` and others.
  public var appType: String?
  /// Whether it has stream targets; nil on builds that do not report it.
  public var streamTargetsEnabled: Bool?

  init?(_ value: EngineValue) {
    guard let name = value["id"]?.text ?? value["name"]?.text else { return nil }
    self.name = name
    appType = value["appType"]?.text
    streamTargetsEnabled = value["streamTargetsEnabled"]?.flag
  }
}
