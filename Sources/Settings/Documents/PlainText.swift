/// Makes foreign text safe for a terminal: text from a provider, a file or an argument must not move the cursor, change
/// a colour, or make a line look like something else.
public enum PlainText {
  /// The text on one line: each control character becomes a space.
  public static func oneLine(_ text: String) -> String { replacing(text) { _ in false } }

  /// The text with its lines: each control character except the line feed becomes a space.
  public static func lines(_ text: String) -> String { replacing(text) { $0 == "\n" } }

  /// The text with a space for each control character, except those that `isKept` accepts.
  public static func replacing(_ text: String, unless isKept: (Unicode.Scalar) -> Bool) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) && !isKept($0) }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) && !isKept($0) ? " " : $0 }))
  }

  /// The text cut to this many characters, with an ellipsis if something is missing.
  public static func cut(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    return text.prefix(max(0, width - 1)) + "…"
  }

  /// C0, DEL, C1, the separators of lines and paragraphs, and the marks that reorder text (UAX #9, 2: explicit and
  /// implicit directional formatting, including the deprecated ones).
  public static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    default: false
    }
  }
}
