public import HTTPTransport
public import JobQueue

// The transport knows nothing of the queue and the queue nothing of HTTP: here both meet.

extension ProviderError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, surely did nothing.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}

extension ProviderError: AnswerEvidence {
  /// A refusal is an answer, unless its row says that nobody gets through. What comes with 5xx may be a gateway's.
  public var isAnAnswer: Bool {
    guard delivery == .refused, let status, status < 500 else { return false }
    if case .closeGate = FailureClassifier.row(for: self).means { return false }
    return true
  }
}

extension HTTPTransportError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, surely did nothing.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}
