import JobQueue
import Logging

/// Log lines on standard error: time, level, message, facts.
struct StandardErrorLog: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  /// A logger of this level.
  static func logger(_ label: String, level: String) -> Logger {
    Logger(label: label) { _ in StandardErrorLog(logLevel: Logger.Level(rawValue: level) ?? .info) }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { _, own in own }
    let told = facts.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.shown("\($0.value)"))" }.joined()
    let level = Terminal.error.paint("\(event.level)", Self.colour(event.level))
    Output.message("\(Moments.exact(SystemClock().now())) \(level) \(PlainText.oneLine("\(event.message)"))\(told)")
  }

  private static func shown(_ value: String) -> String {
    let plain = PlainText.oneLine(value)
    return plain.contains(" ") || plain.isEmpty ? "\"\(plain)\"" : plain
  }

  private static func colour(_ level: Logger.Level) -> Colour? {
    switch level {
    case .critical, .error: .red
    case .warning: .yellow
    case .trace, .debug: .grey
    case .info, .notice: nil
    }
  }
}
