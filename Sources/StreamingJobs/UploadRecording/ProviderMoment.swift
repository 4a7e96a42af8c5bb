import JobQueue
import Wire

/// Moments as the provider writes them.
enum ProviderMoment {
  /// Whether something made at this moment can be newer than `earliest`. What cannot be read may be.
  static func isAfter(_ text: String?, _ earliest: Timestamp) -> Bool {
    guard let text, let moment = parse(text) else { return true }
    return moment >= earliest
  }

  /// ISO 8601 with its offset, with or without a fraction.
  static func parse(_ text: String) -> Timestamp? {
    InternetTime.milliseconds(text).map { Timestamp(milliseconds: $0) }
  }
}
