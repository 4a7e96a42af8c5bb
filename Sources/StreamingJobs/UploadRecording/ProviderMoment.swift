import FoundationEssentials
import JobQueue

/// Moments as the provider writes them.
enum ProviderMoment {
  /// Whether something made at this moment can be newer than `earliest`. What cannot be read may be.
  static func isAfter(_ text: String?, _ earliest: Timestamp) -> Bool {
    guard let text, let moment = parse(text) else { return true }
    return moment >= earliest
  }

  /// ISO 8601 in UTC, with or without a fraction.
  static func parse(_ text: String) -> Timestamp? {
    let plain = Date.ISO8601FormatStyle()
    let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    guard let date = (try? fractional.parse(text)) ?? (try? plain.parse(text)) else { return nil }
    return Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
  }
}
