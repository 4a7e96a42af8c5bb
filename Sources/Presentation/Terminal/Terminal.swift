import Glibc
import Settings

/// What one output stream can show.
package struct Terminal {
  /// Whether it is a terminal, so that a person reads it.
  package let isTerminal: Bool
  /// The number of columns; nil if lines may have any length.
  package let width: Int?
  /// The number of lines; nil if unknown or unlimited.
  package let height: Int?
  /// Whether to use colours.
  package let hasColour: Bool

  /// Standard output of this process.
  package static let output = Terminal(descriptor: STDOUT_FILENO)
  /// Standard error of this process.
  package static let error = Terminal(descriptor: STDERR_FILENO)

  /// Inspects a descriptor and the environment.
  init(descriptor: Int32) {
    var size = winsize()
    let isTerminal = isatty(descriptor) == 1
    let isMeasured = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    self.init(
      isTerminal: isTerminal, columns: isMeasured ? Int(size.ws_col) : 0, rows: isMeasured ? Int(size.ws_row) : 0
    ) { name in getenv(name).map { String(cString: $0) } }
  }

  /// Decides from what is known about a stream: `NO_COLOR` beats `FORCE_COLOR`, which beats everything else.
  package init(isTerminal: Bool, columns: Int, rows: Int = 0, environment: (String) -> String?) {
    self.isTerminal = isTerminal
    height = isTerminal && rows > 0 ? rows : nil
    let named = environment("COLUMNS").flatMap { Int($0) } ?? 0
    width = isTerminal ? (columns > 0 ? columns : named > 0 ? named : 80) : nil
    let forced = environment("FORCE_COLOR").map { !$0.isEmpty && $0 != "0" } ?? false
    if environment("NO_COLOR")?.isEmpty == false {
      hasColour = false
    } else {
      hasColour = forced || (isTerminal && environment("TERM") != "dumb")
    }
  }

  /// Whether a question can be asked and answered.
  package static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// The text on one line, in colour if colours are used.
  package func paint(_ text: String, _ colour: Colour?) -> String {
    let text = PlainText.oneLine(text)
    guard hasColour, let colour else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }
}

extension Terminal {
  /// A sentence that fits the width of the terminal: broken between words, further lines indented. It stays on one line
  /// if the width is unlimited.
  package func paragraph(_ text: String, _ colour: Colour? = nil, indent: Int = 2) -> String {
    let text = PlainText.oneLine(text)
    guard let width, DisplayWidth.of(text) > width else { return paint(text, colour) }
    let leading = String(text.prefix { $0 == " " })
    let margin = leading + String(repeating: " ", count: indent)
    let lines = DisplayWidth.wrapped(text, to: width - margin.count)
    return lines.enumerated().map { index, line in (index == 0 ? leading : margin) + paint(line, colour) }
      .joined(separator: "\n")
  }

  /// Errors and warnings that fit the width of the terminal: message, notes and help are broken between words. Lines
  /// quoted from a file stay as they are, so that the marks below them point at the right place.
  package func diagnostic(_ text: String) -> String {
    guard width != nil else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let fact = line.drop { $0 == " " }
      if fact.hasPrefix("= ") { return paragraph(String(line), indent: "= note: ".count) }
      let isMessage = ["error[", "warning["].contains { line.hasPrefix($0) }
      return isMessage ? paragraph(String(line)) : String(line)
    }.joined(separator: "\n")
  }

  /// As many lines as fit on the terminal, and how many more there are.
  package func page(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let height, height > 2, lines.count >= height else { return text }
    let shown = lines.prefix(height - 2)
    return (shown.map(String.init) + ["… \(lines.count - shown.count) more lines"]).joined(separator: "\n")
  }

  /// The text without anything that a terminal acts on, except line feeds and, if colours are used, our own colours.
  package func fit(_ text: String) -> String {
    guard hasColour, text.unicodeScalars.contains("\u{1B}") else { return PlainText.lines(text) }
    let parts = text.split(separator: "\u{1B}", omittingEmptySubsequences: false)
    return parts.dropFirst().reduce(PlainText.lines(String(parts[0]))) { fit, part in
      let isOurs = Colour.sequences.contains { part.hasPrefix($0) }
      return fit + (isOurs ? "\u{1B}" : " ") + PlainText.lines(String(part))
    }
  }
}

/// The few colours that have a meaning, as SGR numbers.
package enum Colour: String, CaseIterable {
  /// What follows the escape character where a colour starts or ends.
  package static let sequences = ["[0m"] + allCases.map { "[\($0.rawValue)m" }

  case red = "31"
  case green = "32"
  case yellow = "33"
  case blue = "34"
  case grey = "90"
  case bold = "1"
}
