import CYAML

/// Builds the tree of one YAML document from libyaml's events, within the bounds of ``YAMLDocument``.
struct YAMLParser: ~Copyable {
  private let source: SourceText
  private let parser: OpaquePointer
  private var count = 0

  /// Reads a document.
  /// - Returns: its top value; nil for an empty file.
  static func parse(_ source: SourceText) throws(Diagnostic) -> YAMLNode? {
    try withParser(source) { parser throws(Diagnostic) in try parser.document() }
  }

  /// Reads every document of a file; the bounds of one document apply to all of them together.
  /// - Returns: their top values, without empty ones.
  static func parseAll(_ source: SourceText, limit: Int) throws(Diagnostic) -> [YAMLNode] {
    try withParser(source) { parser throws(Diagnostic) in try parser.documents(limit: limit) }
  }

  private static func withParser<Result>(
    _ source: SourceText, _ body: (inout YAMLParser) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    if let reason = cyaml_load() {
      throw Diagnostic(
        code: "RD0111", message: "cannot read \(source.file): \(String(cString: reason))",
        help: "install libyaml (Debian: apt install libyaml-0-2), or write the file as JSON")
    }
    try refuseBreaks(in: source)
    let bytes = Array(source.text.utf8)
    return try bytes.withUnsafeBufferPointer { buffer throws(Diagnostic) in
      guard let parser = cyaml_parser_new(buffer.baseAddress, buffer.count) else {
        throw Diagnostic(code: "RD0111", message: "cannot read \(source.file): out of memory")
      }
      var reading = YAMLParser(source: source, parser: parser)
      return try body(&reading)
    }
  }

  private init(source: SourceText, parser: OpaquePointer) {
    self.source = source
    self.parser = parser
  }

  deinit { cyaml_parser_free(parser) }

  private mutating func document() throws(Diagnostic) -> YAMLNode? {
    guard try next().kind == CYAML_DOCUMENT_START else { return nil }
    let root = try value(try next(), depth: 1)
    let end = try next()
    guard end.kind == CYAML_END else {
      throw source.diagnostic(
        "RD0101", "a second document starts here", at: place(of: end), help: "write one document per file")
    }
    return root.isNull ? nil : root
  }

  private mutating func documents(limit: Int) throws(Diagnostic) -> [YAMLNode] {
    var roots: [YAMLNode] = []
    var event = try next()
    while event.kind == CYAML_DOCUMENT_START {
      guard roots.count < limit else {
        throw source.diagnostic(
          "RD0103", "more than \(limit) documents in one file", at: place(of: event), help: "split the file")
      }
      let root = try value(try next(), depth: 1)
      if !root.isNull { roots.append(root) }
      event = try next()
    }
    return roots
  }

  private mutating func value(_ event: cyaml_event, depth: Int) throws(Diagnostic) -> YAMLNode {
    let location = place(of: event)
    count += 1
    try source.checkBounds(values: count, depth: depth, at: location)
    guard event.kind != CYAML_ALIAS, event.has_anchor == 0 else {
      throw source.diagnostic(
        "RD0104", "anchors and aliases are not allowed", at: location, help: "write the value out")
    }
    switch event.kind {
    case CYAML_SEQUENCE_START: return YAMLNode(content: .sequence(try elements(depth)), location: location)
    case CYAML_MAPPING_START: return YAMLNode(content: .mapping(try pairs(depth)), location: location)
    default: return YAMLNode(content: scalar(event), location: location)
    }
  }

  private mutating func elements(_ depth: Int) throws(Diagnostic) -> [YAMLNode] {
    var elements: [YAMLNode] = []
    while true {
      let event = try next()
      if event.kind == CYAML_SEQUENCE_END { return elements }
      elements.append(try value(event, depth: depth + 1))
    }
  }

  private mutating func pairs(_ depth: Int) throws(Diagnostic) -> [(key: YAMLNode, value: YAMLNode)] {
    var pairs = UniquePairs(source: source)
    while true {
      let event = try next()
      if event.kind == CYAML_MAPPING_END { return pairs.all }
      let key = try value(event, depth: depth + 1)
      let value = try value(try next(), depth: depth + 1)
      try pairs.add(key, value)
    }
  }

  private func scalar(_ event: cyaml_event) -> YAMLNode.Content {
    let text = String(decoding: UnsafeBufferPointer(start: event.text, count: event.length), as: UTF8.self)
    return event.is_plain != 0 && Self.nulls.contains(text) ? .null : .scalar(text)
  }

  /// YAML 1.2, 10.3.2.
  private static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]

  private mutating func next() throws(Diagnostic) -> cyaml_event {
    var event = cyaml_event()
    guard cyaml_next(parser, &event) != 0 else { throw failure() }
    return event
  }

  private func place(of event: cyaml_event) -> SourceLocation {
    SourceLocation(file: source.file, line: Int(event.line) + 1, column: Int(event.column) + 1)
  }

  private func failure() -> Diagnostic {
    let failure = cyaml_failure(parser)
    let problem = String(cString: failure.problem)
    let place =
      failure.offset >= 0
      ? source.location(ofByte: Int(failure.offset))
      : SourceLocation(file: source.file, line: Int(failure.line) + 1, column: Int(failure.column) + 1)
    if let line = source.line(place.line) {
      if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
        return source.diagnostic(
          "RD0101", "not valid YAML: a tab is used for indentation", at: place, help: "indent with spaces")
      }
      // The parser counts characters as Unicode scalars.
      let scalars = line.unicodeScalars
      let found = scalars.dropFirst(place.column - 1).first
      if failure.offset < 0, found == "\t" {
        return source.diagnostic(
          "RD0101", "not valid YAML: a tab where only spaces are allowed", at: place, help: "use spaces instead")
      }
      if failure.offset < 0, let found, Self.reserved.contains(found), problem.contains("cannot start any token") {
        return source.diagnostic(
          "RD0101", "not valid YAML: a value cannot start with '\(found)'", at: place,
          help: "put the whole value in double quotes")
      }
    }
    if failure.offset >= 0 {
      return source.diagnostic(
        "RD0101", "not valid YAML: \(problem)", at: place, help: #"write it as an escape in double quotes: "\x7F""#)
    }
    return source.diagnostic(
      "RD0101", "not valid YAML: \(problem)", at: place, help: "check indentation, colons and quotes")
  }

  /// YAML 1.2, 5.3: characters that no plain text starts with.
  private static let reserved: Set<Unicode.Scalar> = ["@", "`", "%"]

  /// Refuses characters that are line breaks in YAML 1.1, which libyaml reads, but text in YAML 1.2. Folded into a
  /// space, they would silently change a value.
  private static func refuseBreaks(in source: SourceText) throws(Diagnostic) {
    let escapes: [Unicode.Scalar: String] = ["\u{85}": "\\N", "\u{2028}": "\\L", "\u{2029}": "\\P"]
    // All three start with one of these two bytes; most files have neither.
    guard source.text.utf8.contains(where: { $0 == 0xC2 || $0 == 0xE2 }) else { return }
    let scalars = source.text.unicodeScalars
    guard let index = scalars.firstIndex(where: { escapes[$0] != nil }), let escape = escapes[scalars[index]] else {
      return
    }
    let offset = source.text.utf8.distance(from: source.text.utf8.startIndex, to: index)
    throw source.diagnostic(
      "RD0101", "not valid YAML: the line break U+\(hex(scalars[index]))", at: source.location(ofByte: offset),
      help: #"write it as "\#(escape)" in double quotes"#)
  }

  private static func hex(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

/// The pairs of one mapping; a repeated key is an error.
struct UniquePairs {
  let source: SourceText
  private(set) var all: [(key: YAMLNode, value: YAMLNode)] = []
  private var seen: Set<String> = []

  init(source: SourceText) {
    self.source = source
  }

  /// - Throws: RD0102.
  mutating func add(_ key: YAMLNode, _ value: YAMLNode) throws(Diagnostic) {
    if let name = key.text, !seen.insert(name).inserted {
      throw source.diagnostic(
        "RD0102", "duplicate key \"\(name)\"", at: key.location, width: name.count, help: "keep one of them")
    }
    all.append((key, value))
  }
}
