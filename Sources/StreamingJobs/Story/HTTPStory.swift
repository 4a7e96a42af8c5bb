import HTTPTransport
public import JobQueue

/// Tells each exchange of a job's run in the attempt's story: what was asked, of whom, what came back. And it tells the
/// job's gate whether the other side answers, for all handlers alike.
public enum HTTPStory {
  /// Runs `body` and notes every exchange with a provider. Bodies, queries and secrets are never told.
  public static func told<Result: Sendable>(
    in context: JobContext, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await HTTPExchange.$observer.withValue({ exchange in
      context.note(line(for: exchange))
      // The source of credentials may be well while nobody is reached with them.
      if !exchange.isForCredentials { context.heard(anAnswer: isAnAnswer(exchange)) }
    }) { try await body() }
  }

  /// Whether the status shows that requests get through. Those that tables close gates for do not, and S3 tells expired
  /// credentials by 400; a redirection or a 5xx may come from somebody in between.
  static func isAnAnswer(_ exchange: HTTPExchange) -> Bool {
    switch exchange.status {
    case 407?, 408?, 429?: false
    case let status?: (200..<300).contains(status) || status == 304 || (404..<500).contains(status)
    case nil: false
    }
  }

  static func line(for exchange: HTTPExchange) -> String {
    var line = "\(exchange.method) \(exchange.url)"
    if let status = exchange.status { line += " → \(status)" }
    if let failure = exchange.failure { line += " → \(failure.code.rawValue), \(failure.delivery.rawValue)" }
    let milliseconds = exchange.metrics.duration / .milliseconds(1)
    line += " in \(Int(milliseconds.rounded())) ms"
    if let id = exchange.requestID { line += " (request \(id))" }
    return line
  }
}
