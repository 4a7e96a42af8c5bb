import Crypto
import JobQueue
import Wire

/// Keys made of names that together may be longer than a store accepts.
enum KeyText {
  /// A unique key.
  static func unique(_ text: String) -> String { fitting(text, bytes: JobLimits.uniqueKeyBytes) }

  /// A claim or a key of concurrency.
  static func name(_ text: String) -> String { fitting(text, bytes: JobLimits.nameBytes) }

  /// The text itself if it fits; else its beginning with a hash of the whole, so that different keys stay different.
  private static func fitting(_ text: String, bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    let end = "#sha256:" + Hex.text(SHA256.hash(data: Array(text.utf8)))
    var fitting = ""
    for scalar in text.unicodeScalars {
      guard fitting.utf8.count + UTF8.width(scalar) + end.utf8.count <= bytes else { break }
      fitting.unicodeScalars.append(scalar)
    }
    return fitting + end
  }
}
