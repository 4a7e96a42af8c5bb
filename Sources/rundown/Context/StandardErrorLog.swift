import JobQueue
import Logging
import Presentation
import Settings

/// Log lines on standard error: time, level, message, facts.
struct StandardErrorLog: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private var format: LogFormat

  private init(_ level: Logger.Level, _ format: LogFormat) {
    logLevel = level
    self.format = format
  }

  /// A logger of this level.
  static func logger(_ label: String, level: String, format: LogFormat = .auto) -> Logger {
    let decided = format.decided
    return Logger(label: label) { _ in StandardErrorLog(Logger.Level(rawValue: level) ?? .info, decided) }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { _, own in own }
    let line = format.line(
      event.level, "\(event.message)", facts.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") },
      at: SystemClock().now())
    if format == .json { Output.jsonMessage(line) } else { Output.paintedMessage(line) }
  }
}
