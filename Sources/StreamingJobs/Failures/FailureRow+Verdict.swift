import HTTPTransport
import JobQueue

extension FailureRow {
  /// The delay before the first probe of a gate that was closed by a series of failures.
  static let seriesBase = Duration.seconds(5)

  /// The verdict for a failure that the row matches. A delay requested by the provider overrides the row's own.
  func verdict(on error: ProviderError) -> Verdict {
    switch means {
    case .retry: .retry(error.failure, requested: error.pause)
    case .suspectOutage:
      .suspectOutage(
        error.failure, GateClosure(base: Self.seriesBase, requested: error.pause, why: sentence(error)))
    case .closeGate(let base): .closeGate(GateClosure(base: base, requested: error.pause, why: sentence(error)))
    case .closeGateUnlessAlone(let base): .suspectOutage(error.failure, closure(base, error))
    case .closeGateOrWait(let base): .suspectOutage(error.failure, closure(base, error, isMomentary: true))
    case .snooze(let wait), .budgetSpent(let wait): .snooze(for: error.pause ?? wait, why: sentence(error))
    case .hold: .hold(why: sentence(error))
    case .dead: .dead(error.failure)
    }
  }

  /// The closure of a gate whose cause may turn out to be one job's own.
  private func closure(_ base: Duration, _ error: ProviderError, isMomentary: Bool = false) -> GateClosure {
    GateClosure(
      base: base, requested: error.pause, why: sentence(error), closesAtOnce: true,
      isByIntermediary: !error.isFromProvider, isMomentary: isMomentary,
      // A refusal by the provider itself is never chance.
      request: error.isFromProvider ? nil : "\(error.operation) \(error.target)")
  }

  /// The request, the cause in our words and in the provider's, and what to do.
  func sentence(_ error: ProviderError) -> String {
    var answer = error.status.map { "\($0)" } ?? ""
    if let code = error.code, code != answer { answer += answer.isEmpty ? code : " \(code)" }
    let told = answer.isEmpty ? error.message : "\(answer): \(error.message)"
    return "\(error.operation) \(error.target): \(words) (\(told))\(error.hint.map { "; \($0)" } ?? "")"
  }
}

extension ProviderError {
  /// The failure as the job's history keeps it.
  var failure: Failure {
    var message = "\(operation) \(target): "
    // Some messages already contain their status.
    if let status, !self.message.hasPrefix("answered \(status)") { message += "\(status) " }
    return Failure(
      code: code ?? status.map { "http-\($0)" } ?? "unknown", message: message + self.message, hint: hint,
      requestID: requestID)
  }

  /// The pause that the provider asks for. A pause of zero is ignored: a job that counts no failures would come back at
  /// once, forever.
  var pause: Duration? { retryAfter.flatMap { $0 > .zero ? $0 : nil } }
}
