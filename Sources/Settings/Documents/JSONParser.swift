/// Reads JSON (RFC 8259) into the same tree as YAML, every value with its place, within the bounds of ``YAMLDocument``.
///
/// JSON is not a subset of the YAML that libyaml reads: surrogate pairs, long keys, tabs and U+007F are only allowed in
/// JSON.
struct JSONParser {
  private let source: SourceText
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var column = 1
  private var count = 0

  init(_ source: SourceText) {
    self.source = source
    bytes = Array(source.text.utf8)
  }

  /// The only value of a text; nil for an empty one.
  mutating func document() throws(Diagnostic) -> YAMLNode? {
    guard let root = try nextValue() else { return nil }
    skipSpace()
    guard index == bytes.count else { throw unexpected("the end of the file") }
    return root
  }

  /// The next of several values, with white space between them; nil at the end.
  mutating func nextValue() throws(Diagnostic) -> YAMLNode? {
    skipSpace()
    guard index < bytes.count else { return nil }
    count = 0
    return try value(depth: 1)
  }

  /// Continues after an error: at the next line that starts with an object.
  mutating func skipToNextObject() {
    while index < bytes.count {
      if column == 1, bytes[index] == UInt8(ascii: "{") { return }
      advance()
    }
  }

  private mutating func value(depth: Int) throws(Diagnostic) -> YAMLNode {
    let location = place
    count += 1
    try source.checkBounds(values: count, depth: depth, at: location)
    let content: YAMLNode.Content
    switch peek {
    case UInt8(ascii: "{"): content = .mapping(try members(depth))
    case UInt8(ascii: "["): content = .sequence(try elements(depth))
    case UInt8(ascii: "\""): content = .scalar(try string())
    case let byte where byte == UInt8(ascii: "-") || isDigit(byte): content = .scalar(try number())
    default: content = try word()
    }
    return YAMLNode(content: content, location: location)
  }

  private mutating func members(_ depth: Int) throws(Diagnostic) -> [(key: YAMLNode, value: YAMLNode)] {
    var pairs = UniquePairs(source: source)
    advance()
    skipSpace()
    if skip(UInt8(ascii: "}")) { return [] }
    repeat {
      skipSpace()
      let location = place
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a name in double quotes") }
      count += 1
      let key = YAMLNode(content: .scalar(try string()), location: location)
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { throw unexpected("':'") }
      skipSpace()
      try pairs.add(key, try value(depth: depth + 1))
      skipSpace()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "}")) else { throw unexpected("',' or '}'") }
    return pairs.all
  }

  private mutating func elements(_ depth: Int) throws(Diagnostic) -> [YAMLNode] {
    var elements: [YAMLNode] = []
    advance()
    skipSpace()
    if skip(UInt8(ascii: "]")) { return [] }
    repeat {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while skip(UInt8(ascii: ","))
    guard skip(UInt8(ascii: "]")) else { throw unexpected("',' or ']'") }
    return elements
  }

  private mutating func word() throws(Diagnostic) -> YAMLNode.Content {
    let words: [(String, YAMLNode.Content)] = [("true", .scalar("true")), ("false", .scalar("false")), ("null", .null)]
    for (word, content) in words where bytes[index...].starts(with: word.utf8) {
      for _ in word.utf8 { advance() }
      return content
    }
    throw unexpected("a value")
  }

  /// A number as it is written: its reader decides what it must be.
  private mutating func number() throws(Diagnostic) -> String {
    let start = index
    _ = skip(UInt8(ascii: "-"))
    if !skip(UInt8(ascii: "0")) { try digits() }
    if skip(UInt8(ascii: ".")) { try digits() }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits() throws(Diagnostic) {
    guard isDigit(peek) else { throw unexpected("a digit") }
    while isDigit(peek) { advance() }
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }

  // MARK: Strings

  private mutating func string() throws(Diagnostic) -> String {
    let start = place
    advance()
    var text: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        advance()
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += String(try escape()).utf8
      case 0x00..<0x20:
        throw invalid(
          "a control character inside a string", at: place, help: #"write it as an escape, such as \n or \t"#)
      default:
        text.append(byte)
        advance()
      }
    }
    throw invalid("this string is never closed", at: start, help: "close it with a double quote")
  }

  private mutating func escape() throws(Diagnostic) -> Character {
    let start = place
    advance()
    guard let byte = peek else { throw unexpected("an escape") }
    let simple: [UInt8: Character] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
      UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    if let character = simple[byte] {
      advance()
      return character
    }
    guard byte == UInt8(ascii: "u") else {
      throw invalid("an escape that does not exist in JSON", at: start, help: #"write \\ for a backslash"#)
    }
    advance()
    let first = try codeUnit(at: start)
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    // RFC 8259, 7: characters above U+FFFF are written as two of them.
    guard UTF16.isLeadSurrogate(first), skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else {
      throw loneSurrogate(at: start)
    }
    let second = try codeUnit(at: start)
    guard UTF16.isTrailSurrogate(second) else { throw loneSurrogate(at: start) }
    return Character(Self.scalar(first, second))
  }

  /// The character of a surrogate pair.
  private static func scalar(_ lead: UInt16, _ trail: UInt16) -> Unicode.Scalar {
    let value = 0x10000 + (UInt32(lead & 0x3FF) << 10 | UInt32(trail & 0x3FF))
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  private mutating func codeUnit(at start: SourceLocation) throws(Diagnostic) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw invalid(#"'\u' needs four hexadecimal digits"#, at: start, help: #"such as \u00e9"#)
      }
      unit = unit << 4 | UInt16(digit)
      advance()
    }
    return unit
  }

  private func loneSurrogate(at place: SourceLocation) -> Diagnostic {
    invalid("half a surrogate pair is not a character", at: place, help: "write both halves, or the character")
  }

  // MARK: Place

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private var place: SourceLocation { SourceLocation(file: source.file, line: line, column: column) }

  private mutating func advance() {
    let byte = bytes[index]
    index += 1
    let isBreak = byte == 0x0A || (byte == 0x0D && peek != 0x0A)
    if isBreak {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    advance()
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { advance() }
  }

  private func unexpected(_ wanted: String) -> Diagnostic {
    let found =
      peek.map { (0x21...0x7E).contains($0) ? "'\(Character(Unicode.Scalar($0)))'" : "something else" } ?? "the end"
    return invalid("expected \(wanted), found \(found)", at: place, help: "check quotes, commas and brackets")
  }

  private func invalid(_ problem: String, at place: SourceLocation, help: String) -> Diagnostic {
    source.diagnostic("RD0101", "not valid JSON: \(problem)", at: place, help: help)
  }
}
