public import HTTPTransport
public import JobQueue

// The transport knows nothing of the queue and the queue nothing of HTTP: here both meet.

extension ProviderError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, surely did nothing.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}

extension ProviderError: ReachabilityEvidence {
  /// A refusal of the provider's own is an answer, unless its row says that nobody gets through. One that comes with 5xx
  /// tells of an outage.
  public var isAnAnswer: Bool {
    guard isFromProvider, delivery == .refused, let status, status < 500 else { return false }
    return switch FailureClassifier.row(for: self).means {
    case .closeGate, .closeGateUnlessAlone, .closeGateOrWait: false
    case .retry, .suspectOutage, .snooze, .budgetSpent, .hold, .dead: true
    }
  }
}

extension HTTPTransportError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, surely did nothing.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}
