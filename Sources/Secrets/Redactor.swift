/// Replaces known secret values in a text that someone else wrote, such as a provider's message.
public struct Redactor: Sendable {
  private let values: [String]

  /// Knows these secrets. Empty ones are left out; longer ones go first, so that a secret inside a longer one leaves no
  /// remainder of the longer.
  public init(_ secrets: [Secret]) {
    values = Set(secrets.filter { !$0.isEmpty }.map { $0.reveal() }).sorted { $0.utf8.count > $1.utf8.count }
  }

  /// The text with every known value replaced by `<redacted>`.
  public func redact(_ text: String) -> String {
    values.reduce(text) { partial, value in
      partial.split(separator: value, omittingEmptySubsequences: false).joined(separator: "<redacted>")
    }
  }
}
