/// Foreign text made fit for a terminal: a provider's message must not move the cursor or change a colour.
enum PlainText {
  /// The text without control characters, on one line.
  static func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
  }

  /// The text cut to so many characters, with an ellipsis where something is missing.
  static func cut(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    return text.prefix(max(0, width - 1)) + "…"
  }

  /// C0, DEL, C1 and the marks that reorder text (Unicode bidirectional controls).
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
