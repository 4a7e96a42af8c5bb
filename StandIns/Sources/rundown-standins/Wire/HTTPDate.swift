import FoundationEssentials
import Glibc

/// A time in the form of the field `Date` (RFC 9110, 5.6.7).
enum HTTPDate {
  static func text(_ date: Date) -> String {
    var seconds = time_t(date.timeIntervalSince1970.rounded(.down))
    var moment = tm()
    gmtime_r(&seconds, &moment)
    // The names are English as long as no locale is set.
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &moment)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
