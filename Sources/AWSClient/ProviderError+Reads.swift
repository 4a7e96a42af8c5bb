import HTTPTransport

extension ProviderError {
  /// The error of an exchange that was not completed: what only reads changed nothing, even if its answer got lost.
  init(provider: String, operation: String, target: String, transport error: HTTPTransportError, isRead: Bool) {
    self.init(provider: provider, operation: operation, target: target, transport: error)
    if isRead, delivery == .unknown { delivery = .refused }
  }
}
