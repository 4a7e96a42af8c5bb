import HTTPTransport

extension ProviderError {
  /// The error of an exchange that was not completed: a read changed nothing, even if its answer was lost.
  init(provider: String, operation: String, target: String, transport error: HTTPTransportError, isRead: Bool) {
    self.init(provider: provider, operation: operation, target: target, transport: error)
    if isRead, delivery == .unknown { delivery = .refused }
  }
}
