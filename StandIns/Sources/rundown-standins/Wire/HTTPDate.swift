import FoundationEssentials
import Glibc

/// A moment as the field `Date` writes it (RFC 9110, 5.6.7).
enum HTTPDate {
  static func text(_ date: Date) -> String {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var moment = tm()
    gmtime_r(&seconds, &moment)
    // The names are English as long as nobody sets a locale.
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &moment)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
