import Settings

/// A spreadsheet's table given where a file of jobs belongs. As YAML it is one long text, or broken at a place that says
/// nothing of what is wrong.
enum TableText {
  /// The error for a text that is a table; nil for any other.
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

  /// A heading and rows that have the same delimiter, where no line is one of YAML or JSON.
  private static func isTable(_ lines: ArraySlice<Substring>) -> Bool {
    guard lines.count > 1, let first = lines.first, !"#-{[%".contains(first.first ?? "#") else { return false }
    return [",", ";", "\t"].contains { (delimiter: Character) in
      lines.allSatisfy { $0.contains(delimiter) && !hasKeys($0) }
    }
  }

  /// Whether a line has a key, as YAML writes one.
  private static func hasKeys(_ line: Substring) -> Bool {
    line.contains(": ") || line.last == ":"
  }
}
