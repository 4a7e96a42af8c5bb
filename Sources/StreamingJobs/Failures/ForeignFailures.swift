import HTTPTransport

/// What an answer means that somebody else gave in the provider's place: a proxy, a gateway, a captive portal.
///
/// It says that the provider is not reached, and nothing of what was asked for; with whatever status it comes.
enum ForeignFailures {
  static let rows = [
    FailureRow(
      id: "foreign-answer", codes: [ProviderError.foreignAnswer], broke: [.refused, .unknown],
      means: .closeGate(base: .seconds(5)), words: "somebody else answers in its place")
  ]
}
