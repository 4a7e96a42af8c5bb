public import HTTPTransport
public import JobQueue

// The transport knows nothing about the queue, and the queue nothing about HTTP; this is where they meet.

extension ProviderError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, certainly had no effect.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}

extension ProviderError: ReachabilityEvidence {
  /// A refusal by the provider itself is an answer, unless its row says that nobody gets through. A refusal with a 5xx
  /// status indicates an outage.
  public var isAnAnswer: Bool {
    guard isFromProvider, delivery == .refused, let status, status < 500 else { return false }
    return switch FailureClassifier.row(for: self).means {
    case .closeGate, .closeGateUnlessAlone, .closeGateOrWait: false
    case .retry, .suspectOutage, .snooze, .budgetSpent, .hold, .dead: true
    }
  }
}

extension HTTPTransportError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, certainly had no effect.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}
