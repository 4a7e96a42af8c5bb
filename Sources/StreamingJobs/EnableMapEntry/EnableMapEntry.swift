import JobQueue

/// Lets a stream target of an engine's application push: the stream goes out while its source is live.
public struct EnableMapEntry: MapEntrySwitching, Hashable {
  /// The name in job files and on the command line.
  public static let kind = "enable-map-entry"

  /// The engine's connection.
  public var engine: String
  /// The application.
  public var application: String
  /// The entry's name.
  public var entryName: String
  /// Distinguishes several planned times of one entry: each has a job of its own.
  public var occurrence: String?
  /// The time (RFC 3339) after which it is too late; nil for never.
  public var notAfter: String?

  /// Creates parameters.
  public init(
    engine: String, application: String, entryName: String, occurrence: String? = nil, notAfter: String? = nil
  ) {
    self.engine = engine
    self.application = application
    self.entryName = entryName
    self.occurrence = occurrence
    self.notAfter = notAfter
  }
}
