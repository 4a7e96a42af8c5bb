/// Two words and their sum as text, all of one length.
enum SummedWords {
  /// Of a prefix and three words.
  static let length = 4 + 48

  /// - Parameter prefix: four characters that say what the words are.
  static func text(_ prefix: String, _ first: UInt64, _ second: UInt64) -> String {
    prefix + [first, second, sum(first, second)].map(digits).joined()
  }

  /// - Returns: nil when the text is not a whole one, or is of something else.
  static func read(_ text: some Collection<UInt8>, _ prefix: String) -> (UInt64, UInt64)? {
    guard text.count == length, text.starts(with: prefix.utf8) else { return nil }
    // Digit by digit: each commit reads several, and as texts they cost more than the commit's other checks.
    var (first, second, sum) = (UInt64(0), UInt64(0), UInt64(0))
    for (place, character) in text.dropFirst(prefix.utf8.count).enumerated() {
      guard let digit = digit(character) else { return nil }
      switch place {
      case ..<16: first = first << 4 | digit
      case ..<32: second = second << 4 | digit
      default: sum = sum << 4 | digit
      }
    }
    return sum == self.sum(first, second) ? (first, second) : nil
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

  /// FNV-1a over the words: against tearing, not against people.
  private static func sum(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let prime: UInt64 = 0x100_0000_01b3
    return (((0xcbf2_9ce4_8422_2325 ^ first) &* prime) ^ second) &* prime
  }
}
