import HTTPTransport
import JobQueue

/// What the answers of S3, IAM and STS mean, row by row. AWS' codes decide, not the status: a 400 can be worth a repeat.
enum S3Failures {
  /// Too fast, or too many at once: the account's matter.
  private static let throttling: Set = [
    "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
    "RequestThrottledException", "RequestLimitExceeded", "LimitExceededException", "BandwidthLimitExceeded",
    "TooManyRequests", "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "PriorRequestNotComplete", "EC2ThrottledException",
  ]

  static func classify(_ error: ProviderError) -> Verdict {
    // The file could not be read, or is shorter than it was: looking at it again tells.
    if error.code == "file" { return error.tryAgain }
    // No credentials could be had, so nothing was asked; code and status are those of whoever was asked for them.
    if error.delivery == .notSent { return error.comeBack(after: .seconds(30), error.message) }
    switch error.code {
    case .some(let code) where throttling.contains(code):
      return error.comeBack(after: .seconds(10), "S3 asks for a slower pace")
    // Another change of the same bucket is under way.
    case "OperationAborted": return error.comeBack(after: .seconds(30), "another change of the bucket is under way")
    // Temporary credentials are renewed by their source.
    case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
      return error.comeBack(after: .seconds(30), "the credentials have expired")
    case "RequestTimeTooSkewed", "RequestExpired":
      return error.comeBack(after: .seconds(60), error.hint ?? "this machine's clock is off")
    // Nothing that this job can mend, and one change in the configuration mends it for all.
    case "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "SignatureDoesNotMatch":
      return error.comeBack(after: .seconds(60), "the credentials are refused; \(error.hint ?? "")")
    // The bytes did not arrive as they were sent.
    case "BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "RequestTimeout", "RequestTimeoutException",
      "InternalError":
      return error.tryAgain
    // The next attempt looks again and sees what is there.
    case "NoSuchUpload", "InvalidPart", "PreconditionFailed", "ConditionalRequestConflict", "BucketAlreadyOwnedByYou":
      return error.tryAgain
    // The name of a new bucket is not known everywhere yet, and its address leads elsewhere for a while.
    case "TemporaryRedirect", "Redirect": return error.tryAgain
    default: return classify(status: error)
    }
  }

  private static func classify(status error: ProviderError) -> Verdict {
    switch error.status {
    // Nothing complete came back: the effect's next look tells what happened.
    case nil, 408: error.tryAgain
    case 429, 503: error.comeBack(after: .seconds(10), "S3 asks for a slower pace")
    case .some(let status) where status < 300 || status >= 500 && status != 501: error.tryAgain
    default: error.final
    }
  }
}
