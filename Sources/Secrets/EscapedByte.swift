/// A byte of a secret as it may appear in foreign text: unchanged, percent-encoded, or escaped for JSON, XML or a log.
enum EscapedByte {
  /// The bytes that an escape can start with.
  static let marks: Set<UInt8> = [UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&"), UInt8(ascii: "+")]

  private static let entities: [UInt8: [UInt8]] = [
    UInt8(ascii: "&"): Array("&amp;".utf8), UInt8(ascii: "<"): Array("&lt;".utf8),
    UInt8(ascii: ">"): Array("&gt;".utf8), UInt8(ascii: "\""): Array("&quot;".utf8),
    UInt8(ascii: "'"): Array("&apos;".utf8),
  ]

  /// Where a `byte` that starts at `start` may end. There may be several places if the text is ambiguous: a secret that
  /// contains `%25` may appear unchanged, and a `%25` may be an escaped percent sign.
  static func ends(of byte: UInt8, in text: [UInt8], at start: Int) -> [Int] {
    guard start < text.count else { return [] }
    var ends = text[start] == byte ? [start + 1] : []
    switch text[start] {
    case UInt8(ascii: "%"):
      let value = number(text, start + 1, digits: 2, radix: 16)
      if value == Int(byte) { ends.append(start + 3) }
      // Encoded twice, as text from a URL that became part of another URL.
      if value == 0x25, number(text, start + 3, digits: 2, radix: 16) == Int(byte) { ends.append(start + 5) }
    case UInt8(ascii: "\\"): ends += afterBackslashes(byte, text, start)
    case UInt8(ascii: "&"):
      if let entity = entities[byte], text[start...].starts(with: entity) { ends.append(start + entity.count) }
      if byte < 0x80, let end = reference(to: UInt32(byte), in: text, at: start) { ends.append(end) }
    case UInt8(ascii: "+"):
      if byte == UInt8(ascii: " ") { ends.append(start + 1) }
    default: break
    }
    return ends
  }

  /// Where a non-ASCII character may end that is written as a number: `\u00e9`, in two parts above U+FFFF, or `&#233;`.
  static func ends(of scalar: Unicode.Scalar, in text: [UInt8], at start: Int) -> [Int] {
    guard start < text.count else { return [] }
    if text[start] == UInt8(ascii: "&") { return reference(to: scalar.value, in: text, at: start).map { [$0] } ?? [] }
    guard text[start] == UInt8(ascii: "\\") else { return [] }
    var index = start
    for unit in String(scalar).utf16 {
      let first = text[index...].prefix { $0 == UInt8(ascii: "\\") }.endIndex
      guard first > index, first < text.count, text[first] == UInt8(ascii: "u"),
        number(text, first + 1, digits: 4, radix: 16) == Int(unit)
      else { return [] }
      index = first + 5
    }
    return [index]
  }

  /// Where the text continues after a line break at `start`, or after blanks that replaced one.
  static func endOfBreak(in text: [UInt8], at start: Int) -> Int? {
    var index = start
    while index < text.count {
      if [0x0A, 0x0D, 0x20, 0x09].contains(text[index]) {
        index += 1
      } else if text[index] == UInt8(ascii: "\\"), index + 1 < text.count, "nrt".utf8.contains(text[index + 1]) {
        index += 2
      } else {
        break
      }
    }
    return index > start ? index : nil
  }

  /// Whether `start` is at a mark for omitted or hidden text: `…`, `...` or `***`.
  static func isOmission(in text: [UInt8], at start: Int) -> Bool {
    ["…", "..", "**"].contains { text[start...].starts(with: $0.utf8) }
  }

  /// Whether this byte of a text can only stand for itself: neither an escape nor a line break starts with it.
  static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&"), UInt8(ascii: "+"), 0x0A, 0x0D, 0x20, 0x09: false
    default: true
    }
  }

  /// Whether the text ends at `start`, or with an incomplete escape.
  static func isCutOff(in text: [UInt8], at start: Int) -> Bool {
    start >= text.count || (text.count - start < 12 && marks.contains(text[start]) && !text[start...].contains(0x20))
  }

  /// The end after one backslash, or after several, as in JSON inside JSON.
  private static func afterBackslashes(_ byte: UInt8, _ text: [UInt8], _ start: Int) -> [Int] {
    let end = text[start...].prefix { $0 == UInt8(ascii: "\\") }.endIndex
    // A backslash itself is doubled at each level.
    if byte == UInt8(ascii: "\\") { return [2, 4, 8].map { start + $0 }.filter { $0 <= end } }
    guard end < text.count else { return [] }
    switch text[end] {
    case UInt8(ascii: "u") where byte < 0x80 && number(text, end + 1, digits: 4, radix: 16) == Int(byte):
      return [end + 5]
    case UInt8(ascii: "x") where number(text, end + 1, digits: 2, radix: 16) == Int(byte): return [end + 3]
    case byte where "\"/'".utf8.contains(byte): return [end + 1]
    default: return []
    }
  }

  /// `&#38;` or `&#x26;`.
  private static func reference(to value: UInt32, in text: [UInt8], at start: Int) -> Int? {
    guard let semicolon = text[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")), semicolon > start + 2,
      text[start + 1] == UInt8(ascii: "#")
    else { return nil }
    let isHexadecimal = text[start + 2] | 0x20 == UInt8(ascii: "x")
    let first = start + (isHexadecimal ? 3 : 2)
    let found = number(text, first, digits: semicolon - first, radix: isHexadecimal ? 16 : 10)
    return found == Int(value) ? semicolon + 1 : nil
  }

  private static func number(_ text: [UInt8], _ start: Int, digits: Int, radix: Int) -> Int? {
    guard digits > 0, start + digits <= text.count else { return nil }
    var number = 0
    for byte in text[start..<(start + digits)] {
      guard let digit = digit(byte), digit < radix else { return nil }
      number = number * radix + digit
    }
    return number
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
