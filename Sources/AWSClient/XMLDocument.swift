/// An element of an answer: local name, text, children, and its position in the bytes.
struct XMLElement: Sendable, Hashable {
  var name: String
  var text = ""
  var children: [XMLElement] = []
  /// The element's bytes in the document, tags included.
  var range = 0..<0
  /// Whether its name, or that of an element below, has a namespace prefix.
  var hasPrefixes = false

  /// The first child of this name.
  func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }
  /// All children of this name.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
  /// The text of the first child of this name.
  func value(_ name: String) -> String? { child(name)?.text }
}

/// Why a document could not be read.
struct XMLError: Error, Hashable {
  var cause: String
  var offset: Int
}

/// A small reader for the XML in the answers of S3 and STS: elements, text, entities, CDATA; namespaces are ignored.
/// Document type declarations are refused, so entities cannot be defined. Size, depth and count are bounded.
struct XMLReader {
  static let maximumBytes = 16 << 20
  static let maximumDepth = 32
  static let maximumElements = 200_000

  private let bytes: [UInt8]
  private var position = 0
  private var elements = 0

  /// Reads a document and returns its root.
  static func read(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
    guard bytes.count <= maximumBytes else { throw XMLError(cause: "larger than \(maximumBytes) bytes", offset: 0) }
    var reader = XMLReader(bytes: bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { reader.position = 3 }
    try reader.skipMiscellany()
    let root = try reader.element(depth: 1)
    try reader.skipMiscellany()
    guard reader.position == bytes.count else { throw reader.error("text after the root element") }
    return root
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ cause: String) -> XMLError { XMLError(cause: cause, offset: position) }

  private func looking(at text: StaticString) -> Bool {
    guard position + text.utf8CodeUnitCount <= bytes.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
  }

  private mutating func skip(past end: StaticString) throws(XMLError) {
    while position < bytes.count {
      if looking(at: end) {
        position += end.utf8CodeUnitCount
        return
      }
      position += 1
    }
    throw error("ends within markup")
  }

  private mutating func skipBlanks() {
    while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...10).contains(byte) || byte == 13 }

  private mutating func skipMiscellany() throws(XMLError) {
    while true {
      skipBlanks()
      if looking(at: "<?") {
        try skip(past: "?>")
      } else if looking(at: "<!--") {
        try skip(past: "-->")
      } else {
        return
      }
    }
  }

  private mutating func name() throws(XMLError) -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, !Self.isBlank(bytes[position]), !"<>/=\"'&!?".utf8.contains(bytes[position]) {
      position += 1
    }
    guard position > start else { throw error("a name is missing") }
    return bytes[start..<position]
  }

  private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
    guard depth <= Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth)") }
    elements += 1
    guard elements <= Self.maximumElements else { throw error("more than \(Self.maximumElements) elements") }
    let start = position
    guard looking(at: "<") else { throw error("an element was expected") }
    position += 1
    let qualified = try name()
    let local = qualified.split(separator: UInt8(ascii: ":")).last ?? qualified
    var element = XMLElement(name: String(decoding: local, as: UTF8.self))
    element.hasPrefixes = local.count != qualified.count
    if try attributes() {
      element.range = start..<position
      return element
    }
    var text: [UInt8] = []
    while true {
      guard position < bytes.count else { throw error("ends within <\(element.name)>") }
      if looking(at: "</") {
        position += 2
        guard try name() == qualified else { throw error("<\(element.name)> is closed by another name") }
        skipBlanks()
        guard looking(at: ">") else { throw error("a closing tag does not end") }
        position += 1
        element.text = String(decoding: text, as: UTF8.self)
        element.range = start..<position
        return element
      } else if looking(at: "<!--") {
        try skip(past: "-->")
      } else if looking(at: "<![CDATA[") {
        let from = position + 9
        try skip(past: "]]>")
        guard position - 3 >= from else { throw error("a CDATA section does not end") }
        text += bytes[from..<(position - 3)]
      } else if looking(at: "<?") {
        try skip(past: "?>")
      } else if looking(at: "<") {
        let child = try self.element(depth: depth + 1)
        element.hasPrefixes = element.hasPrefixes || child.hasPrefixes
        element.children.append(child)
      } else if looking(at: "&") {
        text += try entity()
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
  }

  /// Skips the attributes; true if the element is empty (`/>`).
  private mutating func attributes() throws(XMLError) -> Bool {
    while true {
      skipBlanks()
      if looking(at: "/>") {
        position += 2
        return true
      }
      if looking(at: ">") {
        position += 1
        return false
      }
      _ = try name()
      skipBlanks()
      guard looking(at: "=") else { throw error("an attribute has no value") }
      position += 1
      skipBlanks()
      let double = looking(at: "\"")
      guard double || looking(at: "'") else { throw error("an attribute's value is not quoted") }
      position += 1
      try skip(past: double ? "\"" : "'")
    }
  }

  private mutating func entity() throws(XMLError) -> [UInt8] {
    let start = position + 1
    guard let end = bytes[start..<min(start + 12, bytes.count)].firstIndex(of: UInt8(ascii: ";")) else {
      throw error("an entity does not end")
    }
    let word = String(decoding: bytes[start..<end], as: UTF8.self)
    let replacement: String
    switch word {
    case "lt": replacement = "<"
    case "gt": replacement = ">"
    case "amp": replacement = "&"
    case "quot": replacement = "\""
    case "apos": replacement = "'"
    default:
      let number =
        word.hasPrefix("#x")
        ? UInt32(word.dropFirst(2), radix: 16) : word.hasPrefix("#") ? UInt32(word.dropFirst()) : nil
      guard let number, let scalar = Unicode.Scalar(number) else { throw error("unknown entity") }
      replacement = String(Character(scalar))
    }
    position = end + 1
    return Array(replacement.utf8)
  }
}

/// Writing of request bodies.
enum XMLWriter {
  static let s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

  /// A root element with S3's namespace.
  static func document(_ name: String, _ content: String) -> [UInt8] {
    Array("<\(name) xmlns=\"\(s3Namespace)\">\(content)</\(name)>".utf8)
  }

  /// An element with text.
  static func element(_ name: String, _ text: String) -> String { "<\(name)>\(escape(text))</\(name)>" }

  /// An element that was read, with its descendants but without attributes, prefixes and text between elements.
  static func element(_ element: XMLElement) -> String {
    guard !element.children.isEmpty else { return self.element(element.name, element.text) }
    return "<\(element.name)>\(element.children.map { self.element($0) }.joined())</\(element.name)>"
  }

  /// Escapes what XML would read as markup, and line ends, which a reader would change.
  static func escape(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\r": out += "&#13;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
