import HTTPTransport
import JobQueue

/// What the Streaming Engine's answers mean, row by row.
enum EngineFailures {
  static func classify(_ error: ProviderError) -> Verdict {
    guard let status = error.status else { return error.tryAgain }
    switch status {
    case 429: return error.comeBack(after: .seconds(30), "too many requests")
    case 503: return error.comeBack(after: .seconds(10), "the service is unavailable")
    case 500...: return error.tryAgain
    case 400..<500: return error.final
    default: return error.tryAgain
    }
  }
}
