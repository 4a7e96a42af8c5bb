import Settings

/// Cells of a CSV file (RFC 4180) that a spreadsheet shows and does not run.
package enum CSVText {
  /// One record, without its line break.
  package static func record(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") }

  /// A text as it stands in a record. Looked at by scalars: a quote with a combining mark behind it is another
  /// `Character`, and still ends the cell for whoever reads it.
  private static func cell(_ text: String) -> String {
    let text = guarded(PlainText.replacing(text) { $0 == "\n" || $0 == "\r" })
    guard text.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.append("\"") }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  /// The text with one `'` in front where a spreadsheet would take it for a formula. A text that begins with `'` and
  /// what asks for one gets another, so that ``unguarded(_:)`` gives back every text as it was.
  package static func guarded(_ text: String) -> String { asksForGuard(text.unicodeScalars[...]) ? "'" + text : text }

  /// The text as it was before ``guarded(_:)``.
  package static func unguarded(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.first == "'", asksForGuard(scalars.dropFirst()) else { return text }
    return String(scalars.dropFirst())
  }

  private static func asksForGuard(_ text: Substring.UnicodeScalarView) -> Bool {
    guard let first = text.first(where: { $0 != "'" }) else { return false }
    // Also as wide as an ideograph, and behind a line break, as some spreadsheets take them.
    return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
  }
}
