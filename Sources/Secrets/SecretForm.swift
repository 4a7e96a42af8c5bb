import Wire

/// One way in which a secret may come back in a text of others. Any character of it may be escaped there, and a line may
/// be broken in it.
struct SecretForm: Sendable, Hashable {
  let bytes: [UInt8]
  /// The length of the secret itself.
  let length: Int
  private let scalars: [Unicode.Scalar]

  /// A text that was cut may end with the first part of a secret; less of it is told apart from chance by nobody.
  private static let shortestCutPart = 8

  /// What of a form stands at a place.
  enum Match {
    case whole(end: Int)
    /// Its first part, where the text was cut.
    case cut(end: Int)
  }

  init(bytes: [UInt8], length: Int) {
    self.bytes = bytes
    self.length = length
    scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
  }

  /// What of the form begins at `start`, nil when nothing does.
  func match(in text: [UInt8], at start: Int) -> Match? {
    // Most of a text stands for itself only: there is one place to go on from, and most forms end at their first byte.
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

  /// The first part of a form is one where the text ends, in the midst of an escape perhaps, or says that it was cut.
  private static func cut(_ places: Set<Int>, in text: [UInt8]) -> Match? {
    let end = places.compactMap { place in
      if EscapedByte.isCutOff(in: text, at: place) { return text.count }
      return EscapedByte.isOmission(in: text, at: place) ? place : nil
    }
    return end.max().map { .cut(end: $0) }
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
