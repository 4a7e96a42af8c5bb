import Glibc

/// What one output stream can show.
struct Terminal {
  /// Whether a person looks at it.
  let isTerminal: Bool
  /// Columns; nil when nothing limits a line.
  let width: Int?
  /// Whether colours are wanted.
  let hasColour: Bool

  /// Standard output of this process.
  static let output = Terminal(descriptor: STDOUT_FILENO)
  /// Standard error of this process.
  static let error = Terminal(descriptor: STDERR_FILENO)

  /// Looks at a descriptor and at the environment.
  init(descriptor: Int32) {
    var size = winsize()
    let isTerminal = isatty(descriptor) == 1
    let measured = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
    self.init(isTerminal: isTerminal, columns: measured) { name in getenv(name).map { String(cString: $0) } }
  }

  /// Decides by what is known of a stream: `NO_COLOR` beats `FORCE_COLOR`, which beats everything else.
  init(isTerminal: Bool, columns: Int, environment: (String) -> String?) {
    self.isTerminal = isTerminal
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
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// The text in a colour, where colours are wanted.
  func paint(_ text: String, _ colour: Colour?) -> String {
    guard hasColour, let colour else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }
}

/// The few colours that carry a meaning, as SGR numbers.
enum Colour: String {
  case red = "31"
  case green = "32"
  case yellow = "33"
  case blue = "34"
  case grey = "90"
  case bold = "1"
}
