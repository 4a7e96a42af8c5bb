/// How many cells of a terminal a text takes: a Chinese character takes two, a combining mark none.
enum DisplayWidth {
  /// The cells of a text without control characters.
  static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(into: Count()) { $0.add($1) }.cells
  }

  /// The text cut to a number of cells, with an ellipsis where something is missing. An address is never cut.
  static func cut(_ text: String, to width: Int) -> String {
    guard of(text) > width, !holdsAddress(text) else { return text }
    guard width > 0 else { return "" }
    return head(of: text, width - 1) + "…"
  }

  /// Whether a text contains an address. People copy or follow addresses, so a broken or cut one is useless.
  static func holdsAddress(_ text: String) -> Bool { text.contains("://") }

  /// The text on lines of `width` cells, broken between words. A word that is longer than a line is broken, too, unless
  /// it is an address, which runs over the end of its line.
  /// - Parameter most: the maximum number of lines; the last one ends with an ellipsis if something is missing.
  static func wrapped(_ text: String, to width: Int, most: Int = .max) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line = ""
    func end(_ line: String) {
      let end = line.lastIndex { $0 != " " }
      if let end { lines.append(String(line[...end])) }
    }
    // Several spaces between two words are kept within a line.
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      var word = String(word)
      if !line.isEmpty, of(line) + 1 + of(word) <= width {
        line += " " + word
        continue
      }
      if word.isEmpty { continue }
      end(line)
      while of(word) > width, !holdsAddress(word) {
        let part = head(of: word, width)
        // A character that is wider than the line is placed on a line of its own.
        let taken = part.isEmpty ? String(word.prefix(1)) : part
        lines.append(taken)
        word.removeFirst(taken.count)
      }
      line = word
    }
    end(line)
    if lines.isEmpty { lines = [""] }
    guard lines.count > most, most > 0 else { return lines }
    let last = lines[most - 1]
    return lines.prefix(most - 1) + [holdsAddress(last) ? "\(last) …" : head(of: last, width - 1) + "…"]
  }

  private static func head(of text: String, _ width: Int) -> String {
    var cells = 0
    return String(
      text.prefix { character in
        cells += of(String(character))
        return cells <= width
      })
  }

  private struct Count {
    var cells = 0
    private var last = 0

    mutating func add(_ scalar: Unicode.Scalar) {
      // A variation selector that asks for the wide form of the preceding character.
      if scalar == "\u{FE0F}" {
        cells += last == 1 ? 1 : 0
        return
      }
      last = DisplayWidth.of(scalar)
      cells += last
    }
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    // The soft hyphen is a format character, but terminals show it.
    if scalar == "\u{AD}" { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// East Asian Width W and F of UAX #11, in rough blocks.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
    0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
