/// The health of an engine as its REST interface reports it.
public struct EngineServerStatus: Sendable, Hashable {
  /// The engine's version, `4.8.27`.
  public var serverVersion: String?
  /// The build number.
  public var serverBuild: String?
  /// The kind of licence.
  public var licenseType: String?
  /// Seconds since the start.
  public var timeRunning: Int64?
  /// Whether the REST interface works.
  public var restAPIAvailable: Bool?

  init(_ value: EngineValue) {
    serverVersion = value["serverVersion"]?.text
    serverBuild = value["serverBuild"]?.text
    licenseType = value["licenseType"]?.text
    timeRunning = value["timeRunning"]?.whole
    restAPIAvailable = value["restAPIAvailable"]?.flag
  }
}
