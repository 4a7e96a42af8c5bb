import Settings

/// Recognizes a spreadsheet's table given instead of a file of jobs. As YAML it would be one long text, or an error at
/// a place that says nothing about the cause.
enum TableText {
  /// The error for a text that is a table; nil for any other text.
  static func diagnostic(_ text: String, file: String) -> Diagnostic? {
    let lines = text.split(maxSplits: 8, whereSeparator: \.isNewline).prefix(8).filter {
      !$0.allSatisfy(\.isWhitespace)
    }
    guard let header = lines.first, isNamedTable(file) ? !hasKeys(header) : isTable(lines.prefix(4)) else { return nil }
    let shown = header.first == "\u{FEFF}" ? header.dropFirst() : header
    return Diagnostic(
      code: "RD0212", message: "\(file) is a table (CSV), not a file of jobs",
      location: SourceLocation(file: file, line: 1, column: 1), sourceLine: String(shown), width: shown.count,
      help: "write each row as a line of JSON: " + sample)
  }

  private static let sample = #"{"kind": "KIND", "with": {"PARAMETER": "value"}}"#

  private static func isNamedTable(_ file: String) -> Bool {
    [".csv", ".tsv"].contains { file.lowercased().hasSuffix($0) }
  }

  /// Whether header and rows have the same delimiter, and no line looks like YAML or JSON.
  private static func isTable(_ lines: ArraySlice<Substring>) -> Bool {
    guard lines.count > 1, let first = lines.first, !"#-{[%".contains(first.first ?? "#") else { return false }
    return [",", ";", "\t"].contains { (delimiter: Character) in
      lines.allSatisfy { $0.contains(delimiter) && !hasKeys($0) }
    }
  }

  /// Whether a line has a key, as in YAML.
  private static func hasKeys(_ line: Substring) -> Bool {
    line.contains(": ") || line.last == ":"
  }
}
