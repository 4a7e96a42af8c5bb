import HTTPTransport

/// What a response means that someone else gave in the provider's place: a proxy, a gateway, a captive portal.
///
/// Whatever its status, it shows that the provider was not reached, and says nothing about the request. A firewall may
/// respond like this to a single job's requests.
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
    // It is about this request, and says nothing about other jobs.
    FailureRow(
      id: "foreign-size", isForeign: true, statuses: [413, 414, 431], broke: [.refused, .unknown], means: .dead,
      words: "the request is too large for a proxy or gateway"),
  ]
}
