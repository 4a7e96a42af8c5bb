import ArgumentParser
import Glibc
import JobQueue
import Logging
import Presentation
import Settings

/// The formats of log lines.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  /// `text`, or `journal` if standard error is the journal.
  case auto
  /// Time, level, message, facts.
  case text
  /// An object on each line.
  case json
  /// The level as a priority at the start of the line, and no time: the journal has its own.
  case journal

  /// The format in effect: `auto` is decided by where standard error leads.
  var decided: LogFormat {
    guard self == .auto else { return self }
    return Self.isJournal(ProcessContext.environment["JOURNAL_STREAM"]) ? .journal : .text
  }

  /// Whether standard error is the stream that systemd(1) names in `$JOURNAL_STREAM`, by device and inode; it is not if
  /// standard error was redirected since.
  private static func isJournal(_ stream: String?) -> Bool {
    var status = stat()
    guard let stream, fstat(STDERR_FILENO, &status) == 0 else { return false }
    return stream == "\(status.st_dev):\(status.st_ino)"
  }

  /// One line.
  func line(
    _ level: Logger.Level, _ message: String, _ facts: [(name: String, value: String)], at now: Timestamp
  ) -> String {
    let told = facts.map { " \($0.name)=\(Self.shown($0.value))" }.joined()
    switch self {
    case .json: return object(level, message, facts, at: now)
    case .journal: return "<\(Self.priority(level))>\(PlainText.oneLine(message))\(told)"
    case .auto, .text:
      let word = Terminal.error.paint("\(level)", Self.colour(level))
      return "\(TimeText.exact(now)) \(word) \(PlainText.oneLine(message))\(told)"
    }
  }

  /// A value that a reader of `name=value` fields can restore: quoted if necessary, with quotes and backslashes
  /// escaped, so that no message can forge another field.
  static func shown(_ value: String) -> String {
    let plain = PlainText.oneLine(value)
    // Compared by scalars: a quote followed by a combining mark is a different `Character`.
    let scalars = plain.unicodeScalars
    guard
      scalars.isEmpty || scalars.contains(where: { $0.properties.isWhitespace || "\"\\=".unicodeScalars.contains($0) })
    else { return plain }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in scalars {
      if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  private struct Line: Encodable {
    var time: String
    var level: String
    var message: String
    var facts: [String: String]
  }

  private func object(
    _ level: Logger.Level, _ message: String, _ facts: [(name: String, value: String)], at now: Timestamp
  ) -> String {
    let line = Line(
      time: TimeText.exact(now), level: "\(level)", message: message,
      facts: Dictionary(facts.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last }))
    return (try? JSONText.encode(line)) ?? ""
  }

  /// The priorities of syslog(3), which sd-daemon(3) accepts at the start of a line.
  private static func priority(_ level: Logger.Level) -> Int32 {
    switch level {
    case .critical: LOG_CRIT
    case .error: LOG_ERR
    case .warning: LOG_WARNING
    case .notice: LOG_NOTICE
    case .info: LOG_INFO
    case .debug, .trace: LOG_DEBUG
    }
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
