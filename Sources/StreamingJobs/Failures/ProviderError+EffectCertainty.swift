public import HTTPTransport
public import JobQueue

// The transport knows nothing of the queue and the queue nothing of HTTP: here both meet.

extension ProviderError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, surely did nothing.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}

extension HTTPTransportError: EffectCertainty {
  /// Only a request that reached nobody, or was refused, surely did nothing.
  public var mayHaveTakenEffect: Bool { delivery == .unknown }
}
