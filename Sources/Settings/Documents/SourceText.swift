/// The text of a file, split into lines as people count them, to show where something is wrong.
struct SourceText: Sendable {
  /// The file as the user named it.
  let file: String
  /// The text without a byte order mark.
  let text: String
  private let lines: [Substring]

  init(_ text: String, file: String) {
    self.file = file
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    self.text = text
    lines = Self.lines(of: text)
  }

  /// Split at LF, CRLF and CR. By bytes: CR and LF together are one `Character`, which is not "\n".
  private static func lines(of text: String) -> [Substring] {
    var lines: [Substring] = []
    let bytes = text.utf8
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      guard byte == 0x0A || byte == 0x0D else {
        index = bytes.index(after: index)
        continue
      }
      lines.append(text[start..<index])
      index = bytes.index(after: index)
      if byte == 0x0D, index < bytes.endIndex, bytes[index] == 0x0A { index = bytes.index(after: index) }
      start = index
    }
    lines.append(text[start...])
    return lines
  }

  /// A line by its number, counted from 1.
  func line(_ number: Int) -> String? {
    lines.indices.contains(number - 1) ? String(lines[number - 1]) : nil
  }

  /// The place of a byte.
  func location(ofByte offset: Int) -> SourceLocation {
    var left = offset
    for (number, line) in lines.enumerated() {
      let count = line.utf8.count
      guard left > count else { return SourceLocation(file: file, line: number + 1, column: column(left, in: line)) }
      // The line break: two bytes if it is CRLF.
      let end = line.utf8.endIndex
      let isPair = text.utf8[end...].starts(with: [0x0D, 0x0A])
      left -= count + (isPair ? 2 : 1)
    }
    return SourceLocation(file: file, line: max(1, lines.count), column: 1)
  }

  private func column(_ bytes: Int, in line: Substring) -> Int {
    String(decoding: line.utf8.prefix(max(0, bytes)), as: UTF8.self).unicodeScalars.count + 1
  }
}
