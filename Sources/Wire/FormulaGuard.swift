/// The `'` in front of a cell that a spreadsheet would take for a formula.
package enum FormulaGuard {
  /// The text with one `'` in front where a spreadsheet would take it for a formula. A text that begins with `'` and
  /// what asks for one gets another, so that ``removed(from:)`` gives back every text as it was.
  package static func added(to text: String) -> String { isNeeded(text.unicodeScalars[...]) ? "'" + text : text }

  /// The text as it was before ``added(to:)``.
  package static func removed(from text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.first == "'", isNeeded(scalars.dropFirst()) else { return text }
    return String(scalars.dropFirst())
  }

  private static func isNeeded(_ text: Substring.UnicodeScalarView) -> Bool {
    guard let first = text.first(where: { $0 != "'" }) else { return false }
    // Also as wide as an ideograph, and behind a line break, as some spreadsheets take them.
    return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first)
  }
}
