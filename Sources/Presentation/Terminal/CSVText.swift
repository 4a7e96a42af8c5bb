import Settings
import Wire

/// Cells of a CSV file (RFC 4180) that a spreadsheet shows and does not run.
package enum CSVText {
  /// One record, without its line break.
  package static func record(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") }

  /// A text as it stands in a record. Looked at by scalars: a quote with a combining mark behind it is another
  /// `Character`, and still ends the cell for whoever reads it.
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
