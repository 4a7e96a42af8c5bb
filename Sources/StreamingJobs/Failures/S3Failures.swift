import HTTPTransport

/// What the responses of S3 and compatible servers mean, row by row. The code decides, not the status: a 400 can be
/// worth a retry.
enum S3Failures {
  static let table = FailureTable(
    rows: [
      // The client has already signed again with S3's time. A clock is mentioned only if it may be the cause.
      FailureRow(
        id: "s3-clock", clock: .off(by: .seconds(300)), means: .closeGate(base: .seconds(10)),
        words: "this machine's clock is wrong"),
      // Signed long before it arrived: the path of this request is slow.
      FailureRow(
        id: "s3-late", codes: ["RequestTimeTooSkewed", "RequestExpired"], clock: .agrees(within: .seconds(300)),
        means: .retry, words: "the request arrived long after it was signed"),
      FailureRow(
        id: "s3-skewed", codes: ["RequestTimeTooSkewed", "RequestExpired"], means: .closeGate(base: .seconds(10)),
        words: "the signature's timestamp was refused"),
      FailureRow(
        id: "s3-throttled",
        codes: [
          "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "ThrottledException",
          "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded", "LimitExceededException",
          "BandwidthLimitExceeded", "TooManyRequests", "TooManyRequestsException",
          "ProvisionedThroughputExceededException", "TransactionInProgressException", "PriorRequestNotComplete",
          "EC2ThrottledException",
        ],
        broke: [.refused, .unknown], means: .closeGate(base: .seconds(1)), words: "S3 asks us to slow down"),
      FailureRow(
        id: "s3-busy", statuses: [429, 503], broke: [.refused, .unknown], means: .closeGate(base: .seconds(1)),
        words: "S3 asks us to slow down"),
      FailureRow(
        id: "s3-aborted", codes: ["OperationAborted", "ConcurrentModification"], means: .snooze(.seconds(30)),
        words: "another change to the bucket is in progress"),
      // The client has already renewed them once.
      FailureRow(
        id: "s3-expired", codes: ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"],
        means: .closeGate(base: .seconds(10)), words: "the credentials have expired"),
      FailureRow(
        id: "s3-keys",
        codes: [
          "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSecurity", "InvalidToken", "InvalidTokenId",
          "SignatureDoesNotMatch",
        ],
        means: .closeGateUnlessAlone(base: .seconds(10)), words: "the credentials were refused"),
      FailureRow(
        id: "s3-account", codes: ["AccountProblem", "NotSignedUp", "UserSuspended"],
        means: .closeGateUnlessAlone(base: .seconds(10)), words: "there is a problem with the account"),
      FailureRow(id: "s3-permission", codes: ["AccessDenied"], means: .dead, words: "a permission is missing"),
      // The client has already tried the bucket's region once.
      FailureRow(
        id: "s3-region",
        codes: ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"],
        means: .dead, words: "the bucket is in another region"),
      FailureRow(
        id: "s3-name", codes: ["BucketAlreadyExists", "TooManyBuckets"], means: .dead,
        words: "the bucket cannot be created"),
      FailureRow(
        id: "s3-absent", codes: ["NoSuchBucket", "NoSuchKey"], means: .dead,
        words: "the bucket or object does not exist"),
      FailureRow(
        id: "s3-bytes",
        codes: [
          "BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "RequestTimeout", "RequestTimeoutException",
        ],
        means: .retry, words: "the data arrived incomplete"),
      // The next attempt looks again and sees what exists.
      FailureRow(
        id: "s3-race",
        codes: [
          "NoSuchUpload", "InvalidPart", "PreconditionFailed", "ConditionalRequestConflict", "BucketAlreadyOwnedByYou",
        ],
        means: .retry, words: "something changed in the meantime"),
      // The name of a new bucket is not known everywhere yet, and its address leads elsewhere for a while.
      FailureRow(
        id: "s3-redirect", codes: ["TemporaryRedirect", "Redirect"], means: .snooze(.seconds(30)),
        words: "the bucket is temporarily at another address"),
      FailureRow(id: "s3-unimplemented", statuses: [501], means: .dead, words: "the server does not support this"),
      FailureRow(
        id: "s3-unknown", broke: [.unknown], means: .suspectOutage, words: "it is unknown whether S3 carried it out"),
      FailureRow(
        id: "s3-trouble", statuses: [FailureRow.noAnswer, 408] + Array(200...299) + Array(500...599),
        means: .suspectOutage,
        words: "S3 is failing"),
    ],
    otherwise: FailureRow(id: "s3-other", means: .dead, words: "S3 refused the request"))
}
