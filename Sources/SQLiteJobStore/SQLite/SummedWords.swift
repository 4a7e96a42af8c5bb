/// Two words and their sum as text, all of one length.
enum SummedWords {
  /// Of a prefix and three words.
  static let length = 4 + 48

  /// - Parameter prefix: four characters that say what the words are.
  static func text(_ prefix: String, _ first: UInt64, _ second: UInt64) -> String {
    prefix + [first, second, sum([first, second])].map(digits).joined()
  }

  /// - Returns: nil when the text is not a whole one, or is of something else.
  static func read(_ text: some Collection<UInt8>, _ prefix: String) -> (UInt64, UInt64)? {
    guard text.count == length, text.starts(with: prefix.utf8) else { return nil }
    let digits = Array(text.dropFirst(prefix.utf8.count))
    let words = [0, 16, 32].compactMap { UInt64(String(decoding: digits[$0..<($0 + 16)], as: UTF8.self), radix: 16) }
    guard words.count == 3, words[2] == sum(Array(words[..<2])) else { return nil }
    return (words[0], words[1])
  }

  private static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// FNV-1a over the words: against tearing, not against people.
  private static func sum(_ words: [UInt64]) -> UInt64 {
    words.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01b3 }
  }
}
