import Settings
import Wire

/// Cells of a CSV file (RFC 4180), written so that a spreadsheet shows them and never runs them.
package enum CSVText {
  /// One record, without its line break.
  package static func record(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") }

  /// A text as a cell of a record. Compared by scalars: a quote followed by a combining mark is a different
  /// `Character`, but still ends the cell for a CSV reader.
  private static func cell(_ text: String) -> String {
    let text = FormulaGuard.added(to: PlainText.replacing(text) { $0 == "\n" || $0 == "\r" })
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append("\"") }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}
