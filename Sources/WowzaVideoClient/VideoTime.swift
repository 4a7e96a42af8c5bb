import FoundationEssentials

/// How bodies spell an instant.
enum VideoTime {
  /// `2026-01-10T10:00:00.000Z`, with or without the fraction; seconds since 1970.
  static func seconds(iso8601 text: String) -> Int64? {
    let date =
      (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
      ?? (try? Date(text, strategy: .iso8601))
    return date.map { Int64($0.timeIntervalSince1970.rounded(.down)) }
  }
}
