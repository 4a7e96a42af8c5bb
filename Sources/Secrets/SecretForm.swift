import Wire

/// One way in which a secret may come back in a text of others.
struct SecretForm: Sendable, Hashable {
  let bytes: [UInt8]
  /// The length of the secret itself.
  let length: Int
  /// It is the secret as it is, so that any character of it may be escaped.
  let isPlain: Bool

  /// Where the form ends that begins at `start`, nil when none does.
  func end(in text: [UInt8], at start: Int) -> Int? {
    guard isPlain else {
      let end = start + bytes.count
      return end <= text.count && text[start..<end].elementsEqual(bytes) ? end : nil
    }
    var index = start
    for byte in bytes {
      guard let next = EscapedByte.end(of: byte, in: text, at: index) else { return nil }
      index = next
    }
    return index
  }

  /// Whether nothing that makes a word stands beside it.
  func standsAlone(in text: [UInt8], at start: Int, end: Int) -> Bool {
    return (start == 0 || !Self.isWord(text[start - 1])) && (end == text.count || !Self.isWord(text[end]))
  }

  /// All forms of a value that differ from each other.
  static func all(of value: String) -> Set<SecretForm> {
    let bytes = Array(value.utf8)
    var forms: Set<[UInt8]> = []
    // Shorter ones would be found by chance.
    if bytes.count >= 6 {
      for alphabet in [standardAlphabet, urlAlphabet] {
        for offset in 0..<3 { forms.insert(base64(bytes, alphabet, precededBy: offset)) }
      }
      forms.insert(Hex.digits(bytes, of: Hex.upper))
      forms.insert(Hex.digits(bytes, of: Hex.lower))
    }
    let others = forms.map { SecretForm(bytes: $0, length: bytes.count, isPlain: false) }
    return Set(others + [SecretForm(bytes: bytes, length: bytes.count, isPlain: true)])
  }

  private static let upper = Array("0123456789ABCDEF".utf8)
  private static let lower = Array("0123456789abcdef".utf8)
  private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
  private static let standardAlphabet = Array("\(letters)+/".utf8)
  private static let urlAlphabet = Array("\(letters)-_".utf8)

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: byte >= 0x80
    }
  }

  /// What base64 makes of these bytes behind so many others, as far as the others do not matter.
  private static func base64(_ bytes: [UInt8], _ alphabet: [UInt8], precededBy offset: Int) -> [UInt8] {
    let padded = Array(repeating: 0, count: offset) + bytes
    let bits = padded.count * 8
    // A character carries six bits; only those are taken whose bits are all the value's own.
    return ((offset * 8 + 5) / 6..<bits / 6).map { index in
      let bit = index * 6
      let high = UInt16(padded[bit / 8]) << 8
      let low = bit / 8 + 1 < padded.count ? UInt16(padded[bit / 8 + 1]) : 0
      return alphabet[Int((high | low) >> UInt16(10 - bit % 8)) & 63]
    }
  }
}
