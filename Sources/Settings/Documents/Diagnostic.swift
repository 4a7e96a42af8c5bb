/// A message about someone's file or command: a code, the place, the cause, the way out.
public struct Diagnostic: Error, Sendable, Hashable {
  /// How severe it is.
  public enum Severity: String, Sendable {
    /// The file is not used.
    case error
    /// The file is used, but something is unwise.
    case warning
  }

  /// Stable, `RD0101` and so on; never reused for another meaning.
  public var code: String
  /// How severe it is.
  public var severity: Severity
  /// One sentence.
  public var message: String
  /// The place in a file; nil if the diagnostic is about the whole file or no file.
  public var location: SourceLocation?
  /// The flag of the command line that it is about, such as `--bucket`, if it is not a place in a file.
  public var flag: String?
  /// The text of that line.
  public var sourceLine: String?
  /// How many characters to underline.
  public var width: Int
  /// The label next to the caret.
  public var label: String
  /// Further facts.
  public var notes: [String]
  /// What to do.
  public var help: String?

  /// Creates a diagnostic.
  public init(
    code: String, severity: Severity = .error, message: String, location: SourceLocation? = nil, flag: String? = nil,
    sourceLine: String? = nil, width: Int = 1, label: String = "", notes: [String] = [], help: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.location = location
    self.flag = flag
    self.sourceLine = sourceLine
    self.width = width
    self.label = label
    self.notes = notes
    self.help = help
  }

  /// The maximum number of characters of a line that are shown, and the maximum before the place in question: a
  /// generated file may have a line of a million.
  private static let mostShown = 200
  private static let mostBefore = 160

  /// The text for a terminal, without colour and without a final line break. Whatever it quotes from a file or an
  /// argument has no effect on the terminal.
  public func rendered() -> String {
    var lines = ["\(severity.rawValue)[\(code)]: \(PlainText.oneLine(message))"]
    let number = location.map { "\($0.line)" } ?? ""
    let margin = String(repeating: " ", count: number.count)
    if let location {
      lines.append("\(margin)--> \(PlainText.oneLine("\(location)"))")
      if let sourceLine {
        // Tabs would move the caret away from the place.
        let left = location.column > Self.mostBefore ? location.column - Self.mostBefore / 2 : 0
        let shown = PlainText.oneLine((left > 0 ? "…" : "") + sourceLine.dropFirst(left).prefix(Self.mostShown))
        let place = location.column - left + (left > 0 ? 1 : 0)
        let before = String(repeating: " ", count: max(0, place - 1))
        let carets = String(repeating: "^", count: max(1, min(width, shown.count - place + 1)))
        lines.append("\(margin) |")
        lines.append("\(number) | \(shown)")
        lines.append("\(margin) | \(before)\(carets)\(label.isEmpty ? "" : " " + PlainText.oneLine(label))")
      }
    } else if let flag {
      lines.append(" --> \(PlainText.oneLine(flag))")
    }
    lines += notes.map { "\(margin) = note: \(PlainText.lines($0))" }
    if let help { lines.append("\(margin) = help: \(PlainText.oneLine(help))") }
    lines.append("\(margin) = more: rundown explain \(PlainText.oneLine(code))")
    return lines.joined(separator: "\n")
  }
}
