import Crypto
import JobQueue

/// Keys that are made of names whose lengths add up to more than a store may take.
enum KeyText {
  /// A unique key.
  static func unique(_ text: String) -> String { fitting(text, bytes: JobLimits.uniqueKeyBytes) }

  /// A claim or a key of concurrency.
  static func name(_ text: String) -> String { fitting(text, bytes: JobLimits.nameBytes) }

  /// The text itself when it fits; else its beginning with a hash of the whole, so that two that differ stay two.
  private static func fitting(_ text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    let end = "#sha256:" + hex(SHA256.hash(data: Array(text.utf8)))
    var fitting = ""
    for scalar in text.unicodeScalars {
      guard fitting.utf8.count + UTF8.width(scalar) + end.utf8.count <= bytes else { break }
      fitting.unicodeScalars.append(scalar)
    }
    return fitting + end
  }

  private static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
