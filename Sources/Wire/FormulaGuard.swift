/// The `'` in front of a cell that a spreadsheet would treat as a formula.
package enum FormulaGuard {
  /// The text with one `'` in front if a spreadsheet would treat it as a formula. A text of `'` followed by something
  /// that needs one gets another, so that ``removed(from:)`` restores every text exactly.
  package static func added(to text: String) -> String { isNeeded(text.unicodeScalars[...]) ? "'" + text : text }

  /// The text as it was before ``added(to:)``.
  package static func removed(from text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.first == "'", isNeeded(scalars.dropFirst()) else { return text }
    return String(scalars.dropFirst())
  }

  private static func isNeeded(_ text: Substring.UnicodeScalarView) -> Bool {
    guard let first = text.first(where: { $0 != "'" }) else { return false }
    // Also their full-width forms, and after a line break, as some spreadsheets accept them.
    return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
  }
}
