import HTTPTransport
public import JobQueue

/// Tells each exchange of a job's run in the attempt's story: what was asked, of whom, what came back.
public enum HTTPStory {
  /// Runs `body` and notes every exchange with a provider. Bodies, queries and secrets are never told.
  public static func told<Result: Sendable>(
    in context: JobContext, _ body: @Sendable () async throws -> Result
  ) async throws -> Result {
    try await HTTPExchange.$observer.withValue({ context.note(line(for: $0)) }) { try await body() }
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
