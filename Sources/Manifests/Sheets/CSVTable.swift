import Settings
import Wire

/// A table as spreadsheets save it (RFC 4180 and common variations): separated by commas, semicolons or tabs,
/// optionally with a `sep=` line, with CR, LF or both at the ends of lines, and with quoted cells that contain quotes,
/// separators and line breaks.
package struct CSVTable: Sendable {
  /// The maximum number of rows: more than any event needs, and still quick to read.
  package static let maximumRows = 20_000
  /// The maximum number of cells in a row.
  package static let maximumCells = 512
  /// The maximum number of bytes in a cell; spreadsheets allow about half of that.
  package static let maximumCellBytes = 65_536
  /// More errors than this help nobody.
  package static let mostDiagnostics = 100

  /// One cell.
  package struct Cell: Sendable, Hashable {
    /// Its text without surrounding white space and without a spreadsheet's guard against formulas.
    package var text: String
    /// The line of the file on which it starts, counted from 1.
    package var line: Int
    /// The character of that line, counted from 1.
    package var column: Int
  }

  /// One row that has at least one text.
  package struct Row: Sendable, Hashable {
    /// Its number as a spreadsheet counts: quoted line breaks do not start a row, and a `sep=` line is not one.
    package var number: Int
    /// Its cells, as many as were written.
    package var cells: [Cell]
  }

  /// The rows in order, without empty ones.
  package let rows: [Row]
  /// The text that it was read from.
  package let text: SheetText

  /// Reads a sheet. Either all of it is valid, or every error is reported.
  /// - Throws: ``JobFileProblems``: RD0402 for unbalanced quotes, RD0404 beyond a limit.
  package init(_ text: SheetText) throws(JobFileProblems) {
    var parser = CSVParser(text)
    rows = parser.rows()
    self.text = text
    guard parser.diagnostics.isEmpty else { throw JobFileProblems(diagnostics: parser.diagnostics) }
  }

  /// A diagnostic that points at a cell.
  /// - Parameter shows: whether the line is quoted; not if it may contain a secret.
  func diagnostic(
    _ code: String, _ message: String, at cell: Cell, shows: Bool = true, help: String? = nil
  ) -> Diagnostic {
    text.diagnostic(
      code, message, line: cell.line, column: cell.column, width: cell.text.count, shows: shows, help: help)
  }
}

extension SheetText {
  /// A diagnostic that points at a place of this sheet.
  func diagnostic(
    _ code: String, _ message: String, line: Int, column: Int, width: Int = 1, shows: Bool = true, help: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      code: code, message: message, location: SourceLocation(file: file, line: line, column: column),
      sourceLine: shows ? self.line(line) : nil, width: width, help: help)
  }
}

/// Walks through the bytes of a sheet.
private struct CSVParser {
  private static let quote = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let space = UInt8(ascii: " ")

  private let text: SheetText
  private let bytes: [UInt8]
  private var separator = UInt8(ascii: ",")
  private var index = 0
  private var line = 1
  private var column = 1
  private(set) var diagnostics: [Diagnostic] = []

  init(_ text: SheetText) {
    self.text = text
    bytes = text.bytes
    if !readSeparatorLine() { separator = Self.likelySeparator(bytes) }
  }

  // MARK: Separators

  /// Reads a first line `sep=;`, which some spreadsheets write and all understand. Trailing separators after it come
  /// from programs that took it for a row.
  private mutating func readSeparatorLine() -> Bool {
    let end = bytes.firstIndex { $0 == Self.newline || $0 == Self.carriageReturn } ?? bytes.count
    var rest = bytes[..<end]
    if rest.first == Self.quote {
      guard let close = rest.dropFirst().firstIndex(of: Self.quote) else { return false }
      rest = rest[1..<close] + rest[(close + 1)...]
    }
    guard String(decoding: rest.prefix(4), as: UTF8.self).lowercased() == "sep=" else { return false }
    let words = rest.dropFirst(4)
    guard let found = words.first, found < 0x80, found != Self.quote, words.allSatisfy({ $0 == found }) else {
      report(
        "RD0402", "the sep= line has no separator", help: "write sep=; or leave the line out", line: 1, column: 1)
      return false
    }
    separator = found
    index = end
    takeLineBreak()
    return true
  }

  /// The most frequent separator outside quotes in the heading, the first row with text that is not a comment; a comma
  /// if it has none.
  private static func likelySeparator(_ bytes: [UInt8]) -> UInt8 {
    let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    var first: UInt8?
    for byte in bytes {
      if !isQuoted, byte == newline || byte == carriageReturn {
        if let first, first != UInt8(ascii: "#") { break }
        counts = [:]
        first = nil
      } else if byte == quote {
        isQuoted.toggle()
      } else if separators.contains(byte) {
        if !isQuoted { counts[byte, default: 0] += 1 }
      } else if byte != space, first == nil {
        first = byte
      }
    }
    let most = separators.map { counts[$0, default: 0] }.max() ?? 0
    return separators.first { counts[$0, default: 0] == most } ?? UInt8(ascii: ",")
  }

  // MARK: Rows

  mutating func rows() -> [CSVTable.Row] {
    var rows: [CSVTable.Row] = []
    var number = 0
    while index < bytes.count, diagnostics.count < CSVTable.mostDiagnostics {
      number += 1
      let start = line
      let cells = row(number)
      guard cells.contains(where: { !$0.text.isEmpty }) else { continue }
      guard rows.count < CSVTable.maximumRows else {
        report(
          "RD0404", "the sheet has more than \(CSVTable.maximumRows) rows", help: "split the sheet", line: start,
          column: 1)
        break
      }
      rows.append(CSVTable.Row(number: number, cells: cells))
    }
    return rows
  }

  private mutating func row(_ number: Int) -> [CSVTable.Cell] {
    var cells: [CSVTable.Cell] = []
    var isFull = false
    while true {
      let (startLine, startColumn) = (line, column)
      let text = cell(number, cells.count + 1)
      if cells.count < CSVTable.maximumCells {
        cells.append(CSVTable.Cell(text: text, line: startLine, column: startColumn))
      } else if !text.isEmpty, !isFull {
        isFull = true
        report(
          "RD0404", "row \(number) has more than \(CSVTable.maximumCells) cells", help: "delete the extra columns",
          line: startLine, column: startColumn)
      }
      guard index < bytes.count, bytes[index] == separator else { break }
      advance()
    }
    takeLineBreak()
    return cells
  }

  /// A cell up to its separator, or to the end of its row or of the file.
  /// - Parameters:
  ///   - number: the number of its row.
  ///   - place: its position in that row, counted from 1.
  private mutating func cell(_ number: Int, _ place: Int) -> String {
    let (startLine, startColumn) = (line, column)
    var content: [UInt8] = []
    var start = index
    while start < bytes.count, bytes[start] == Self.space { start += 1 }
    if start < bytes.count, bytes[start] == Self.quote {
      while index < start { advance() }
      quoted(number, into: &content)
    } else {
      while index < bytes.count, !isEndOfCell(bytes[index]) {
        content.append(bytes[index])
        advance()
      }
    }
    guard content.count <= CSVTable.maximumCellBytes else {
      report(
        "RD0404", "row \(number), cell \(place): longer than \(CSVTable.maximumCellBytes) bytes",
        help: "look for a quote that is never closed", line: startLine, column: startColumn)
      return ""
    }
    if content.contains(0) {
      report(
        "RD0402", "row \(number) has a NUL byte in a cell", help: "save the sheet again as CSV (UTF-8)",
        line: startLine, column: startColumn)
    }
    return FormulaGuard.removed(from: trimmed(String(decoding: content, as: UTF8.self)))
  }

  /// The text between quotes; a doubled quote is one quote, and every line break becomes a line feed.
  private mutating func quoted(_ number: Int, into content: inout [UInt8]) {
    let (startLine, startColumn) = (line, column)
    advance()
    while index < bytes.count {
      switch bytes[index] {
      case Self.quote where index + 1 < bytes.count && bytes[index + 1] == Self.quote:
        content.append(Self.quote)
        advance()
        advance()
      case Self.quote:
        advance()
        takeBehindQuote(number)
        return
      case Self.newline, Self.carriageReturn:
        content.append(Self.newline)
        takeLineBreak()
      default:
        content.append(bytes[index])
        advance()
      }
    }
    report(
      "RD0402", "row \(number): the quote that starts here is never closed",
      help: "close it; double any quote inside a quoted cell", line: startLine, column: startColumn)
    content = []
  }

  private mutating func takeBehindQuote(_ number: Int) {
    while index < bytes.count, bytes[index] == Self.space, bytes[index] != separator { advance() }
    guard index < bytes.count, !isEndOfCell(bytes[index]) else { return }
    report(
      "RD0402", "row \(number): text follows the closing quote of a cell",
      help: "double any quote inside a quoted cell", line: line, column: column)
    while index < bytes.count, !isEndOfCell(bytes[index]) { advance() }
  }

  private func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true else {
      return text
    }
    var rest = scalars.drop { $0.properties.isWhitespace }
    while rest.last?.properties.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  private func isEndOfCell(_ byte: UInt8) -> Bool {
    byte == separator || byte == Self.newline || byte == Self.carriageReturn
  }

  // MARK: Places

  private mutating func advance() {
    index += 1
    // Bytes that continue a character are not columns of their own.
    if index >= bytes.count || bytes[index] & 0xC0 != 0x80 { column += 1 }
  }

  private mutating func takeLineBreak() {
    guard index < bytes.count, bytes[index] == Self.newline || bytes[index] == Self.carriageReturn else { return }
    let isPair = bytes[index] == Self.carriageReturn && index + 1 < bytes.count && bytes[index + 1] == Self.newline
    index += isPair ? 2 : 1
    line += 1
    column = 1
  }

  private mutating func report(_ code: String, _ message: String, help: String, line: Int, column: Int) {
    diagnostics.append(text.diagnostic(code, message, line: line, column: column, help: help))
  }
}
