public import HTTPTransport
public import JobQueue

/// Notes each exchange of a job with a provider in the attempt's history: the request, the target, the response. It
/// also reports to the job's gate whether the other side answers, for all handlers alike.
public enum ExchangeNotes {
  /// Runs `body` and notes every exchange with a provider. Bodies, queries and secrets are never noted; whatever else
  /// the job leaves behind passes a filter that knows all secrets it sent.
  /// - Parameter shared: the secrets of the process, which its other jobs send.
  public static func told<Result: Sendable>(
    in context: JobContext, secrets shared: SentSecrets? = nil, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    let sent = SentSecrets(sharing: shared, besides: context.job.payload)
    context.filterTexts(by: TextFilter(words: { sent.redact($0) }, json: { sent.redactJSON($0) }))
    return try await SentSecrets.$current.withValue(sent) { try await noted(in: context, body) }
  }

  private static func noted<Result: Sendable>(
    in context: JobContext, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await AnswerJudgement.$observer.withValue({ error in
      // The source of credentials may work while the provider cannot be reached. A request that was not sent asked
      // nobody.
      guard !HTTPExchange.fetchesCredentials, error?.delivery != .notSent else { return }
      context.reportReachable(error?.isAnAnswer ?? true)
    }) {
      try await HTTPExchange.$observer.withValue({ exchange in
        context.note(line(for: exchange))
        // The client judges what came: the status does not say whose response it is.
        guard !exchange.isForCredentials, let failure = exchange.failure else { return }
        context.reportReachable(false)
        // A task ends its exchanges only if it is asked to stop. A request that was not sent yet was waiting for
        // nobody.
        if failure.code == .cancelled, failure.delivery != .notSent { context.stoppedWhileAsking() }
      }) { try await body() }
    }
  }

  static func line(for exchange: HTTPExchange) -> String {
    var line = "\(exchange.method) \(exchange.url)"
    if let status = exchange.status { line += " → \(status)" }
    if let failure = exchange.failure { line += " → \(failure.code.rawValue), \(words(on: failure.delivery))" }
    let milliseconds = exchange.metrics.duration / .milliseconds(1)
    line += " in \(Int(milliseconds.rounded())) ms"
    if let id = exchange.requestID { line += " (request \(id))" }
    return line
  }

  private static func words(on delivery: Delivery) -> String {
    switch delivery {
    case .notSent: "not sent"
    case .refused: "refused"
    case .unknown: "outcome unknown"
    }
  }
}
