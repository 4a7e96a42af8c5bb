import HTTPTransport
import JobQueue

extension FailureRow {
  /// How long a gate that a series closes waits for its first probe.
  static let seriesBase = Duration.seconds(5)

  /// What the row makes of a failure that it takes. The time that the provider asks for wins over the row's own.
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

  /// The closure of a gate that may turn out to be one job's own affair.
  private func closure(_ base: Duration, _ error: ProviderError, isMomentary: Bool = false) -> GateClosure {
    GateClosure(
      base: base, requested: error.pause, why: sentence(error), closesAtOnce: true,
      isByIntermediary: !error.isFromProvider, isMomentary: isMomentary,
      // What the provider itself refuses is never chance.
      request: error.isFromProvider ? nil : "\(error.operation) \(error.target)")
  }

  /// What was asked of whom, the cause in our words and in the provider's, and the way out.
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
    // Some answers tell their status in words of their own.
    if let status, !self.message.hasPrefix("answered \(status)") { message += "\(status) " }
    return Failure(
      code: code ?? status.map { "http-\($0)" } ?? "unknown", message: message + self.message, hint: hint,
      requestID: requestID)
  }

  /// The pause that the provider asks for. One of no length asks for nothing: a job that counts no failures would come
  /// back at once, for ever.
  var pause: Duration? { retryAfter.flatMap { $0 > .zero ? $0 : nil } }
}
