/// Foreign text made fit for a terminal: what a provider, a file or an argument says must not move the cursor, change
/// a colour, or make a line read differently from what it is.
public enum PlainText {
  /// The text on one line: each control character is a space.
  public static func oneLine(_ text: String) -> String { replacing(text) { _ in false } }

  /// The text on its lines: each control character but the line feed is a space.
  public static func lines(_ text: String) -> String { replacing(text) { $0 == "\n" } }

  /// The text with each control character a space, but for those that `isKept` wants.
  public static func replacing(_ text: String, unless isKept: (Unicode.Scalar) -> Bool) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) && !isKept($0) }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) && !isKept($0) ? " " : $0 }))
  }

  /// The text cut to so many characters, with an ellipsis where something is missing.
  public static func cut(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    return text.prefix(max(0, width - 1)) + "…"
  }

  /// C0, DEL, C1, the separators of lines and paragraphs, and the marks that reorder text (UAX #9, 2: explicit and
  /// implicit directional formatting, with the deprecated ones beside them).
  public static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    default: false
    }
  }
}
