/// A byte of a secret as it stands in a text of others: as it is, percent-encoded, or escaped for JSON or XML.
enum EscapedByte {
  /// What an escape can begin with.
  static let marks: Set<UInt8> = [UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&"), UInt8(ascii: "+")]

  private static let entities: [UInt8: [UInt8]] = [
    UInt8(ascii: "&"): Array("&amp;".utf8), UInt8(ascii: "<"): Array("&lt;".utf8),
    UInt8(ascii: ">"): Array("&gt;".utf8), UInt8(ascii: "\""): Array("&quot;".utf8),
    UInt8(ascii: "'"): Array("&apos;".utf8),
  ]

  /// Where `byte` ends that stands at `start`, nil when another one stands there.
  static func end(of byte: UInt8, in text: [UInt8], at start: Int) -> Int? {
    guard start < text.count else { return nil }
    switch text[start] {
    case UInt8(ascii: "%"):
      let value = number(text, start + 1, digits: 2, radix: 16)
      if value == Int(byte) { return start + 3 }
      // Encoded twice, as what stood in a URL and became part of another one.
      if value == 0x25, number(text, start + 3, digits: 2, radix: 16) == Int(byte) { return start + 5 }
    case UInt8(ascii: "\\"):
      if number(text, start + 2, digits: 4, radix: 16) == Int(byte), text[start + 1] == UInt8(ascii: "u") {
        return start + 6
      }
      // Before the backslash itself: in JSON it stands twice.
      if start + 1 < text.count, text[start + 1] == byte, "\"\\/".utf8.contains(byte) { return start + 2 }
    case UInt8(ascii: "&"):
      if let entity = entities[byte], text[start...].starts(with: entity) { return start + entity.count }
      if let end = reference(to: byte, in: text, at: start) { return end }
    case UInt8(ascii: "+"):
      if byte == UInt8(ascii: " ") { return start + 1 }
    default: break
    }
    return text[start] == byte ? start + 1 : nil
  }

  /// `&#38;` or `&#x26;`.
  private static func reference(to byte: UInt8, in text: [UInt8], at start: Int) -> Int? {
    guard let semicolon = text[start...].prefix(8).firstIndex(of: UInt8(ascii: ";")), semicolon > start + 2,
      text[start + 1] == UInt8(ascii: "#")
    else { return nil }
    let isHexadecimal = text[start + 2] | 0x20 == UInt8(ascii: "x")
    let first = start + (isHexadecimal ? 3 : 2)
    let value = number(text, first, digits: semicolon - first, radix: isHexadecimal ? 16 : 10)
    return value == Int(byte) ? semicolon + 1 : nil
  }

  private static func number(_ text: [UInt8], _ start: Int, digits: Int, radix: Int) -> Int? {
    guard digits > 0, start + digits <= text.count else { return nil }
    return Int(String(decoding: text[start..<(start + digits)], as: UTF8.self), radix: radix)
  }
}
