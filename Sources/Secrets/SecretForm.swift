import Wire

/// One form in which a secret may come back in foreign text. Any character may be escaped there, and a line break may
/// be inside it.
struct SecretForm: Sendable, Hashable {
  let bytes: [UInt8]
  /// The length of the secret itself.
  let length: Int
  private let scalars: [Unicode.Scalar]

  /// A truncated text may end with the first part of a secret; a shorter part cannot be distinguished from chance.
  private static let shortestCutPart = 8

  /// How much of a form is at a place.
  enum Match {
    case whole(end: Int)
    /// Its first part, before a truncation.
    case cut(end: Int)
  }

  init(bytes: [UInt8], length: Int) {
    self.bytes = bytes
    self.length = length
    scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
  }

  /// How much of the form starts at `start`; nil if nothing does.
  func match(in text: [UInt8], at start: Int) -> Match? {
    // Most of a text only stands for itself: there is one place to continue from, and most forms fail at their first
    // byte.
    var plain = 0
    while plain < scalars.count, scalars[plain].isASCII, start + plain < text.count,
      EscapedByte.isPlain(text[start + plain]), UInt32(text[start + plain]) == scalars[plain].value
    { plain += 1 }
    if plain == 0, start < text.count, EscapedByte.isPlain(text[start]) { return nil }
    var places: Set<Int> = [start + plain]
    var matched = plain
    for scalar in scalars[plain...] {
      let next = Self.ends(of: scalar, in: text, at: matched == 0 ? places : withBreaks(places, text))
      guard !next.isEmpty else { return matched < Self.shortestCutPart ? nil : Self.cut(places, in: text) }
      places = next
      matched += UTF8.width(scalar)
    }
    return places.max().map { .whole(end: $0) }
  }

  private func withBreaks(_ places: Set<Int>, _ text: [UInt8]) -> Set<Int> {
    bytes.count < Self.shortestCutPart
      ? places : places.union(places.compactMap { EscapedByte.endOfBreak(in: text, at: $0) })
  }

  private static func ends(of scalar: Unicode.Scalar, in text: [UInt8], at places: Set<Int>) -> Set<Int> {
    var byByte = places
    for byte in UTF8.encode(scalar).map(Array.init) ?? [] {
      byByte = Set(byByte.flatMap { EscapedByte.ends(of: byte, in: text, at: $0) })
    }
    return scalar.isASCII ? byByte : byByte.union(places.flatMap { EscapedByte.ends(of: scalar, in: text, at: $0) })
  }

  /// Accepts the first part of a form only where the text ends, perhaps inside an escape, or is marked as truncated.
  private static func cut(_ places: Set<Int>, in text: [UInt8]) -> Match? {
    let end = places.compactMap { place in
      if EscapedByte.isCutOff(in: text, at: place) { return text.count }
      return EscapedByte.isOmission(in: text, at: place) ? place : nil
    }
    return end.max().map { .cut(end: $0) }
  }

  /// Whether no letter or digit is next to it.
  func standsAlone(in text: [UInt8], at start: Int, end: Int) -> Bool {
    return (start == 0 || !Self.isWord(text[start - 1])) && (end == text.count || !Self.isWord(text[end]))
  }

  /// All forms of a value that differ from each other.
  static func all(of value: String) -> Set<SecretForm> {
    let bytes = Array(value.utf8)
    var forms: Set<[UInt8]> = []
    // Shorter ones would occur by chance.
    if bytes.count >= 6 {
      for alphabet in [standardAlphabet, urlAlphabet] {
        for offset in 0..<3 { forms.insert(base64(bytes, alphabet, precededBy: offset)) }
      }
      forms.insert(Hex.digits(bytes, of: Hex.upper))
      forms.insert(Hex.digits(bytes, of: Hex.lower))
    }
    return Set((forms.union([bytes])).map { SecretForm(bytes: $0, length: bytes.count) })
  }

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

  /// The base64 form of these bytes after `offset` others, without the characters that depend on the others.
  private static func base64(_ bytes: [UInt8], _ alphabet: [UInt8], precededBy offset: Int) -> [UInt8] {
    let padded = Array(repeating: 0, count: offset) + bytes
    let bits = padded.count * 8
    // A character carries six bits; only those are taken whose bits all belong to the value.
    return ((offset * 8 + 5) / 6..<bits / 6).map { index in
      let bit = index * 6
      let high = UInt16(padded[bit / 8]) << 8
      let low = bit / 8 + 1 < padded.count ? UInt16(padded[bit / 8 + 1]) : 0
      return alphabet[Int((high | low) >> UInt16(10 - bit % 8)) & 63]
    }
  }
}
