import AWSClient
import HTTPTransport
import Secrets
import TestServers

@testable import StreamingJobs

// The reference's errors of uploads (3.1, 3.2), its clock and credential errors (4), its list of errors to repeat (5)
// and those that every action may give (6). What no reference tells is our own rule.
extension FailureCase {
  static let ofS3: [FailureCase] =
    s3Clock + s3Outages + s3Credentials + s3Repeats + s3Ends + [
      .s3("s3-aborted", 409, "OperationAborted", .wait(.seconds(30))),
      .s3("s3-aborted", 409, "ConcurrentModification", .wait(.seconds(30))),
      .s3("s3-aborted", 409, "OperationAborted", headers: ["Retry-After: 3"], .wait(.seconds(3))),
    ]

  private static let s3Clock: [FailureCase] = [
    .s3("s3-clock", 403, "RequestTimeTooSkewed", headers: [hourAhead], .gate(.seconds(10)), says: [behind, "its NTP"]),
    .s3(
      "s3-clock", 403, "RequestTimeTooSkewed", details: "<ServerTime>1994-11-06T07:49:37Z</ServerTime>",
      .gate(.seconds(10)), says: ["clock is 3600 s ahead of S3's", "its NTP"]),
    .s3("s3-clock", 400, "RequestExpired", headers: [hourAhead], .gate(.seconds(10)), says: [behind]),
    // The answer to a HEAD has no body to tell the reason.
    FailureCase("s3-clock", by: "a HEAD", code: "AccessDenied", .gate(.seconds(10)), says: [behind, "its NTP"]) {
      try await asking(AnswerServer.answer(403, headers: [hourAhead, "x-amz-request-id: r1"])) {
        _ = try await $0.headBucket("vod")
      }
    },
    .s3(
      "s3-late", 403, "RequestTimeTooSkewed", headers: ["Date: Sun, 06 Nov 1994 08:49:40 GMT"], .retry(),
      says: ["stalled connection"]),
    .s3("s3-late", 400, "RequestExpired", headers: ["Date: Sun, 06 Nov 1994 08:49:40 GMT"], .retry()),
    .s3("s3-skewed", 403, "RequestTimeTooSkewed", .gate(.seconds(10)), says: ["signature's timestamp"]),
    .s3("s3-skewed", 400, "RequestExpired", .gate(.seconds(10)), says: ["signature's timestamp"]),
  ]

  private static let s3Outages: [FailureCase] =
    [
      "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
      "RequestLimitExceeded", "LimitExceededException", "BandwidthLimitExceeded", "TooManyRequests",
      "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
      "PriorRequestNotComplete", "EC2ThrottledException",
    ].map { .s3("s3-throttled", 400, $0, .gate(.seconds(1)), says: ["slow down"]) } + [
      .s3("s3-throttled", 503, "SlowDown", broke: .unknown, .gate(.seconds(1))),
      .s3(
        "s3-throttled", 503, "SlowDown", headers: ["Retry-After: 77"], broke: .unknown,
        .gate(.seconds(1), requested: .seconds(77))),
      .s3(
        "s3-throttled", 503, "SlowDown", headers: ["x-amz-retry-after: 1500"], broke: .unknown,
        .gate(.seconds(1), requested: .milliseconds(1500))),
      .s3("s3-throttled", 503, "ServiceUnavailable", broke: .unknown, .gate(.seconds(1))),
      // Told in the answer to CompleteMultipartUpload, which begins with status 200.
      .s3("s3-throttled", 200, "SlowDown", broke: .unknown, .gate(.seconds(1))),
      .s3Page("foreign-503", 503, broke: .unknown, .gate(.seconds(1))),
      .s3("s3-busy", 503, "Busy", broke: .unknown, .gate(.seconds(1))),
      .s3("s3-busy", 429, "Busy", .gate(.seconds(1))),
      .s3("s3-busy", 429, "Busy", headers: ["x-ratelimit-reset: 9"], .gate(.seconds(1), requested: .seconds(9))),
    ]

  private static let s3Credentials: [FailureCase] = [
    .s3("s3-expired", 400, "ExpiredToken", .gate(.seconds(10))),
    .s3("s3-expired", 403, "ExpiredTokenException", .gate(.seconds(10))),
    .s3("s3-expired", 400, "TokenRefreshRequired", .gate(.seconds(10))),
    .s3("s3-keys", 403, "InvalidAccessKeyId", .gate(.seconds(10)), says: ["check the access key id"]),
    .s3("s3-keys", 403, "InvalidClientTokenId", .gate(.seconds(10)), says: ["check the access key id"]),
    .s3("s3-keys", 403, "SignatureDoesNotMatch", .gate(.seconds(10)), says: ["check the secret access key"]),
    .s3("s3-keys", 400, "InvalidToken", .gate(.seconds(10))),
    .s3("s3-keys", 403, "InvalidTokenId", .gate(.seconds(10))),
    .s3("s3-keys", 403, "InvalidSecurity", .gate(.seconds(10))),
    .s3("s3-account", 403, "UserSuspended", .gate(.seconds(10)), says: ["problem with the account"]),
    .s3("s3-account", 403, "AccountProblem", .gate(.seconds(10)), says: ["problem with the account"]),
    .s3("s3-account", 403, "NotSignedUp", .gate(.seconds(10)), says: ["problem with the account"]),
  ]

  private static let s3Repeats: [FailureCase] =
    ["BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "RequestTimeout", "RequestTimeoutException"].map {
      .s3("s3-bytes", 400, $0, .retry())
    } + [
      .s3("s3-race", 404, "NoSuchUpload", .retry()),
      .s3("s3-race", 400, "InvalidPart", .retry()),
      .s3("s3-race", 412, "PreconditionFailed", .retry()),
      .s3("s3-race", 409, "ConditionalRequestConflict", .retry()),
      .s3("s3-race", 409, "BucketAlreadyOwnedByYou", .retry()),
      .s3("s3-redirect", 307, "TemporaryRedirect", .wait(.seconds(30))),
      .s3("s3-redirect", 307, "Redirect", .wait(.seconds(30))),
      .s3("s3-unknown", 500, "InternalError", broke: .unknown, .series()),
      .s3("s3-unknown", 200, "InternalError", broke: .unknown, .series()),
      .s3(
        "s3-unknown", 502, "NobodyKnows", headers: ["Retry-After: 6"], broke: .unknown, .series(requested: .seconds(6))),
      .s3("s3-unknown", 504, "NobodyKnows", broke: .unknown, .series()),
      .s3Strange("s3-unknown", broke: .unknown, .series(), call: complete),
      FailureCase("s3-unknown", by: "a cut", code: "connection-lost", broke: .unknown, .series()) {
        try await asking("", complete)
      },
      .s3("s3-trouble", 500, "InternalError", .series(), call: read),
      .s3("s3-trouble", 504, "NobodyKnows", .series(), call: read),
      .s3("s3-trouble", 408, "NobodyKnows", .series(), call: read),
      .s3("s3-unknown", 408, "NobodyKnows", broke: .unknown, .series()),
      .s3Strange("s3-trouble", broke: .refused, .series(), call: list),
      FailureCase("s3-trouble", by: "a cut", code: "connection-lost", .series()) { try await asking("", read) },
    ]

  private static let s3Ends: [FailureCase] =
    [
      (404, "NoSuchTagSet"), (400, "EntityTooSmall"), (400, "EntityTooLarge"), (400, "InvalidPartOrder"),
      (400, "InvalidDigest"), (400, "InvalidBucketName"), (400, "KeyTooLongError"), (400, "MetadataTooLarge"),
      (400, "MalformedXML"), (400, "MalformedPolicy"), (400, "InvalidRequest"), (400, "InvalidArgument"),
      (400, "InvalidBucketAclWithObjectOwnership"), (400, "AccessControlListNotSupported"),
      (411, "MissingContentLength"), (405, "MethodNotAllowed"), (400, "NobodyKnows"),
    ].map { .s3("s3-other", $0.0, $0.1, .dead) } + [
      .s3("s3-permission", 403, "AccessDenied", .dead, says: ["check the permissions"]),
      .s3("s3-region", 301, "PermanentRedirect", .dead, says: ["another region"]),
      .s3("s3-region", 400, "AuthorizationHeaderMalformed", .dead, says: ["another region"]),
      .s3("s3-region", 400, "IllegalLocationConstraintException", .dead, says: ["another region"]),
      .s3("s3-name", 409, "BucketAlreadyExists", .dead, says: ["choose another"]),
      .s3("s3-name", 400, "TooManyBuckets", .dead, says: ["quota"]),
      .s3("s3-absent", 404, "NoSuchBucket", .dead),
      .s3("s3-absent", 404, "NoSuchKey", .dead),
      .s3("s3-unimplemented", 501, "NotImplemented", .dead),
    ]

  private static let hourAhead = "Date: Sun, 06 Nov 1994 09:49:37 GMT"
  private static let behind = "clock is 3600 s behind S3's"

  /// The one write that also hears of errors by an answer with status 200.
  @Sendable private static func complete(_ s3: S3Client) async throws {
    _ = try await s3.completeMultipartUpload("u", key: "a.mp4", in: "vod", parts: [], size: 0)
  }

  @Sendable private static func list(_ s3: S3Client) async throws {
    _ = try await s3.listParts(of: "u", key: "a.mp4", in: "vod")
  }

  @Sendable private static func read(_ s3: S3Client) async throws { _ = try await s3.cors("vod") }

  /// A server that answers with S3's error document.
  private static func s3(
    _ row: String, _ status: Int, _ code: String, headers: [String] = [], details: String = "",
    broke delivery: Delivery = .refused, _ means: Meaning, says: [String] = [],
    call: @escaping @Sendable (S3Client) async throws -> Void = complete
  ) -> FailureCase {
    let body = "<Error><Code>\(code)</Code><Message>S3's words</Message>\(details)</Error>"
    return FailureCase(
      row, by: "\(status) \(code) \(headers) \(details)", code: code, broke: delivery, means,
      says: says + ["S3's words"]
    ) {
      try await asking(
        AnswerServer.answer(status, headers: headers + ["x-amz-request-id: r1"], body: body), call)
    }
  }

  /// A proxy that answers in S3's place.
  private static func s3Page(
    _ row: String, _ status: Int, broke delivery: Delivery = .refused, _ means: Meaning,
    call: @escaping @Sendable (S3Client) async throws -> Void = complete
  ) -> FailureCase {
    FailureCase(row, by: "a page with status \(status)", code: nil, broke: delivery, means) {
      try await asking(AnswerServer.answer(status, body: "<html>proxy</html>"), call)
    }
  }

  /// S3 itself, with a document that nobody asked for.
  private static func s3Strange(
    _ row: String, broke delivery: Delivery, _ means: Meaning,
    call: @escaping @Sendable (S3Client) async throws -> Void
  ) -> FailureCase {
    FailureCase(row, by: "another document", code: "UnreadableAnswer", broke: delivery, means) {
      try await asking(AnswerServer.answer(200, headers: ["x-amz-request-id: r1"], body: "<Surprise/>"), call)
    }
  }

  private static func asking(_ answer: String, _ call: (S3Client) async throws -> Void) async throws {
    try await answering(answer) { transport, port in
      try await call(
        S3Client(
          transport: transport, credentials: ClosureCredentialProvider { StorageGiven.credentials },
          // Our clock stands at Sun, 06 Nov 1994 08:49:37 GMT.
          endpoint: .own("http://127.0.0.1:\(port)"), clock: { 784_111_777 }))
    }
  }
}
