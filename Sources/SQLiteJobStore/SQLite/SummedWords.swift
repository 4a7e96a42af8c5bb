/// Two words and their checksum as text, always of the same length.
enum SummedWords {
  /// The length of a prefix and three words.
  static let length = 4 + 48

  /// - Parameter prefix: four characters that say what the words mean.
  static func text(_ prefix: String, _ first: UInt64, _ second: UInt64) -> String {
    prefix + [first, second, sum(first, second)].map(digits).joined()
  }

  /// - Returns: nil if the text is not complete, or means something else.
  static func read(_ text: some Collection<UInt8>, _ prefix: String) -> (UInt64, UInt64)? {
    guard text.count == length else { return nil }
    // Each commit reads several of them: as plain bytes, digit by digit, they cost next to nothing.
    return text.withContiguousStorageIfAvailable { read($0, prefix) }
      ?? Array(text).withUnsafeBufferPointer { read($0, prefix) }
  }

  private static func read(_ text: UnsafeBufferPointer<UInt8>, _ prefix: String) -> (UInt64, UInt64)? {
    let start = length - 48
    guard text[..<start].elementsEqual(prefix.utf8) else { return nil }
    var words = (UInt64(0), UInt64(0), UInt64(0))
    for place in 0..<16 {
      guard let first = digit(text[start + place]), let second = digit(text[start + 16 + place]),
        let sum = digit(text[start + 32 + place])
      else { return nil }
      words = (words.0 << 4 | first, words.1 << 4 | second, words.2 << 4 | sum)
    }
    return words.2 == sum(words.0, words.1) ? (words.0, words.1) : nil
  }

  private static func digit(_ character: UInt8) -> UInt64? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a")) + 10
    default: nil
    }
  }

  private static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// FNV-1a over the words: against torn writes, not against people.
  private static func sum(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let prime: UInt64 = 0x100_0000_01b3
    return (((0xcbf2_9ce4_8422_2325 ^ first) &* prime) ^ second) &* prime
  }
}
