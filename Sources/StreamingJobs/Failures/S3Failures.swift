import HTTPTransport
import JobQueue

/// What the answers of S3, IAM and STS mean, row by row. AWS' codes decide, not the status: a 400 can be worth a repeat.
enum S3Failures {
  static func classify(_ error: ProviderError) -> Verdict {
    switch error.code {
    // Too fast, or too many at once: the account's matter.
    case "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "RequestLimitExceeded",
      "RequestThrottled", "TooManyRequests", "BandwidthLimitExceeded":
      return error.comeBack(after: .seconds(10), "S3 asks for a slower pace")
    // Another change of the same bucket is under way.
    case "OperationAborted": return error.comeBack(after: .seconds(30), "another change of the bucket is under way")
    // Temporary credentials are renewed by their source.
    case "ExpiredToken", "TokenRefreshRequired":
      return error.comeBack(after: .seconds(30), "the credentials have expired")
    case "RequestTimeTooSkewed": return error.comeBack(after: .seconds(60), error.hint ?? "this machine's clock is off")
    // Nothing that this job can mend, and one change in the configuration mends it for all.
    case "InvalidAccessKeyId", "InvalidClientTokenId", "SignatureDoesNotMatch":
      return error.comeBack(after: .seconds(60), "the credentials are refused; \(error.hint ?? "")")
    // The bytes did not arrive as they were sent.
    case "BadDigest", "InvalidDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "RequestTimeout",
      "InternalError":
      return error.tryAgain
    // The next attempt looks again and sees what is there.
    case "NoSuchUpload", "PreconditionFailed", "ConditionalRequestConflict": return error.tryAgain
    // The request itself is wrong, so it never leaves.
    case "invalid-request": return error.final
    // The file could not be read, or is shorter than it was: looking at it again tells.
    case "file": return error.tryAgain
    default: return classify(status: error)
    }
  }

  private static func classify(status error: ProviderError) -> Verdict {
    switch error.status {
    // No credentials could be had, so nothing was asked; a status is that of whoever was asked for them.
    case _ where error.delivery == .notSent: error.comeBack(after: .seconds(30), error.message)
    // Nothing complete came back: the effect's next look tells what happened.
    case nil: error.tryAgain
    case 408, 429: error.tryAgain
    case .some(let status) where status < 300 || status >= 500 && status != 501: error.tryAgain
    default: error.final
    }
  }
}
