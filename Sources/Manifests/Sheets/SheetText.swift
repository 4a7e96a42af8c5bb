package import Settings

/// The text of a sheet in any encoding that spreadsheets save, with its lines for quoting them in errors.
package struct SheetText: Sendable {
  /// The maximum size of a sheet's file in bytes.
  package static let maximumBytes = 16 << 20

  /// The file as it was given.
  package let file: String
  /// The text as UTF-8, without a byte order mark.
  let bytes: [UInt8]

  /// Decodes a file: UTF-8, or UTF-16 in either byte order, with or without a byte order mark.
  /// - Throws: RD0401 for anything else, with its place if possible.
  package init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
    self.file = file
    guard bytes.count <= Self.maximumBytes else {
      // Counted by line feeds, because the encoding is not known yet.
      let lines = bytes.prefix(Self.maximumBytes).count(where: { $0 == UInt8(ascii: "\n") })
      throw Diagnostic(
        code: "RD0404", message: "\(file) is larger than \(Self.maximumBytes >> 20) MiB",
        location: SourceLocation(file: file, line: lines + 1, column: 1), help: "split the sheet")
    }
    for (mark, words, help) in Self.foreign where bytes.starts(with: mark) {
      throw Diagnostic(code: "RD0401", message: "\(file) is \(words), not a sheet of text", help: help)
    }
    if let isBigEndian = Self.isBigEndianUTF16(bytes) {
      self.bytes = try Self.decoded(bytes, file, isBigEndian: isBigEndian)
    } else {
      let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
      try Self.check(text, file)
      self.bytes = text
    }
  }

  /// Files that are often mistaken for a sheet, recognized by their first bytes.
  private static let foreign: [(mark: [UInt8], words: String, help: String)] = [
    ([0x50, 0x4B, 0x03, 0x04], "a workbook or an archive", "save the sheet as CSV (UTF-8)"),
    ([0xD0, 0xCF, 0x11, 0xE0], "a workbook", "save the sheet as CSV (UTF-8)"),
    ([0x1F, 0x8B], "compressed", "unpack it first"),
    ([0xFF, 0xFE, 0, 0], "UTF-32", "save the sheet as CSV (UTF-8)"),
    ([0, 0, 0xFE, 0xFF], "UTF-32", "save the sheet as CSV (UTF-8)"),
  ]

  /// Nil if it is not UTF-16. Without a mark, it is recognized by the zero byte of its first character: text has none.
  private static func isBigEndianUTF16(_ bytes: [UInt8]) -> Bool? {
    if bytes.starts(with: [0xFF, 0xFE]) { return false }
    if bytes.starts(with: [0xFE, 0xFF]) { return true }
    guard bytes.count >= 2, bytes[0] == 0 || bytes[1] == 0, bytes[0] != bytes[1] else { return nil }
    return bytes[0] == 0
  }

  private static func decoded(_ bytes: [UInt8], _ file: String, isBigEndian: Bool) throws(Diagnostic) -> [UInt8] {
    guard bytes.count.isMultiple(of: 2) else {
      throw Diagnostic(
        code: "RD0401", message: "\(file) is UTF-16 but ends in the middle of a character",
        help: "copy it again, or save the sheet as CSV (UTF-8)")
    }
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for index in stride(from: 0, to: bytes.count, by: 2) {
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      units.append(isBigEndian ? first << 8 | second : second << 8 | first)
    }
    if units.first == 0xFEFF { units.removeFirst() }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw Diagnostic(
        code: "RD0401", message: "\(file) starts as UTF-16 but is not valid UTF-16",
        help: "save the sheet as CSV (UTF-8)")
    }
    return Array(text.utf8)
  }

  /// - Throws: RD0401 at the first character that is not UTF-8.
  private static func check(_ bytes: [UInt8], _ file: String) throws(Diagnostic) {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var (line, column) = (1, 1)
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue("\n"): (line, column) = (line + 1, 1)
      case .scalarValue: column += 1
      case .emptyInput: return
      case .error:
        throw Diagnostic(
          code: "RD0401", message: "\(file) is not UTF-8 text",
          location: SourceLocation(file: file, line: line, column: column),
          help: "save the sheet as CSV (UTF-8)")
      }
    }
  }

  /// The text of a line by its number, counted from 1.
  func line(_ number: Int) -> String? {
    var current = 1
    var start = 0
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x0A || bytes[index] == 0x0D else {
        index += 1
        continue
      }
      if current == number { break }
      let isPair = bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
      index += isPair ? 2 : 1
      start = index
      current += 1
    }
    return current == number ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
  }
}
