import HTTPTransport
import JobQueue

/// What S3, IAM and STS answers mean, row by row.
enum S3Failures {
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
