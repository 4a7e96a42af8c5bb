import HTTPTransport

extension ProviderError {
  /// The error of a call that was never sent because there were no credentials for it.
  ///
  /// The status, code and pause of the provider that was asked for them are kept: they show whether asking again can
  /// help.
  init(provider: String, operation: String, target: String, credentials error: any Error) {
    let answer = error as? ProviderError
    // Hint and request id appear once, in the error built here.
    var cause = answer
    cause?.hint = nil
    cause?.requestID = nil
    // The client's own error has a more specific hint than the one below.
    let own = error as? AWSCredentialError
    let fallback = error is CancellationError ? HTTPTransportError.Code.cancelled.rawValue : "NoCredentials"
    self.init(
      provider: provider, operation: operation, target: target, status: answer?.status, code: answer?.code ?? fallback,
      message: own?.cause ?? "no credentials: \(cause ?? error)", requestID: answer?.requestID, delivery: .notSent,
      retryAfter: answer?.retryAfter, clockSkew: answer?.clockSkew,
      hint: answer?.hint ?? own?.hint ?? "check where this connection gets its AWS credentials from")
  }
}
