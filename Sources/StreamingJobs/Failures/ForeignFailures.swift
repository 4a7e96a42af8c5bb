import HTTPTransport

/// What an answer means that somebody else gave in the provider's place: a proxy, a gateway, a captive portal.
///
/// It says that the provider is not reached, and nothing of what was asked for; with whatever status it comes. A firewall
/// may answer so to the request of one job only.
enum ForeignFailures {
  static let rows = [
    FailureRow(
      id: "foreign-answer", codes: [ProviderError.foreignAnswer], broke: [.refused, .unknown],
      means: .closeGateUnlessAlone(base: .seconds(5)), words: "something else answered in its place"),
    FailureRow(
      id: "foreign-503", isForeign: true, statuses: [503], broke: [.refused, .unknown],
      means: .closeGateOrWait(base: .seconds(1)), words: "a proxy or gateway is unavailable"),
    FailureRow(
      id: "foreign-429", isForeign: true, statuses: [429], broke: [.refused, .unknown],
      means: .closeGateOrWait(base: .seconds(1)), words: "a proxy or gateway asks us to slow down"),
    // Said of this request, and of no other job's.
    FailureRow(
      id: "foreign-size", isForeign: true, statuses: [413, 414, 431], broke: [.refused, .unknown], means: .dead,
      words: "the request is too large for a proxy or gateway"),
  ]
}
