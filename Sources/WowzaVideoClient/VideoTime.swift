import FoundationEssentials

/// The two spellings of an instant on this wire.
enum VideoTime {
  /// `2026-01-10T10:00:00.000Z`, with or without the fraction; seconds since 1970.
  static func seconds(iso8601 text: String) -> Int64? {
    let date =
      (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
      ?? (try? Date(text, strategy: .iso8601))
    return date.map { Int64($0.timeIntervalSince1970.rounded(.down)) }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that servers write (RFC 9110, 5.6.7); seconds since 1970.
  static func seconds(httpDate text: String) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: words[2]) else { return nil }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return seconds(iso8601: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
  }

  private static let months: [Substring] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
