import AWSClient
import HTTPTransport
import JobQueue
import Testing

@testable import StreamingJobs

/// Answers every request in the same way.
private struct OneAnswer: HTTPTransport {
  let response: HTTPResponse

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse { response }
}

@Suite("Each answer of S3 means one thing for a job, by way of the client") struct S3AnswerTests {
  /// What an error of S3 means, once the client has done what it can about it.
  struct Answer: Sendable, CustomTestStringConvertible {
    var status: Int
    var code: String
    var means: Row.Meaning
    var headers: [String: String] = [:]

    init(_ status: Int, _ code: String, _ means: Row.Meaning, _ headers: [String: String] = [:]) {
      self.status = status
      self.code = code
      self.means = means
      self.headers = headers
    }

    var testDescription: String { "\(status) \(code) \(headers)" }
  }

  @Test(
    "too fast, or S3 in trouble: the account waits, for as long as S3 says",
    arguments: [
      Answer(503, "SlowDown", .wait(.seconds(10))),
      Answer(503, "SlowDown", .wait(.seconds(77)), ["Retry-After": "77"]),
      Answer(503, "SlowDown", .wait(.milliseconds(1500)), ["x-amz-retry-after": "1500"]),
      Answer(503, "ServiceUnavailable", .wait(.seconds(10))),
      Answer(503, "ServiceUnavailable", .wait(.seconds(7)), ["Retry-After": "7"]),
      Answer(503, "Busy", .wait(.seconds(10))),
      Answer(429, "Busy", .wait(.seconds(10))),
      Answer(429, "Busy", .wait(.seconds(7)), ["Retry-After": "7"]),
      Answer(400, "Throttling", .wait(.seconds(10))),
      Answer(400, "ThrottlingException", .wait(.seconds(10))),
      Answer(400, "ThrottledException", .wait(.seconds(10))),
      Answer(400, "RequestThrottledException", .wait(.seconds(10))),
      Answer(400, "TooManyRequestsException", .wait(.seconds(10))),
      Answer(400, "ProvisionedThroughputExceededException", .wait(.seconds(10))),
      Answer(400, "TransactionInProgressException", .wait(.seconds(10))),
      Answer(400, "RequestLimitExceeded", .wait(.seconds(10))),
      Answer(400, "BandwidthLimitExceeded", .wait(.seconds(10))),
      Answer(400, "LimitExceededException", .wait(.seconds(10))),
      Answer(400, "RequestThrottled", .wait(.seconds(10))),
      Answer(400, "PriorRequestNotComplete", .wait(.seconds(10))),
      Answer(400, "EC2ThrottledException", .wait(.seconds(10))),
      Answer(409, "OperationAborted", .wait(.seconds(30))),
      Answer(200, "SlowDown", .wait(.seconds(10))),
    ])
  func throttled(_ answer: Answer) async { await expect(answer) }

  @Test(
    "credentials or a clock that are refused: one change in the configuration mends it for all jobs, so they wait",
    arguments: [
      Answer(400, "ExpiredToken", .wait(.seconds(30))),
      Answer(400, "TokenRefreshRequired", .wait(.seconds(30))),
      Answer(403, "ExpiredToken", .wait(.seconds(30))),
      Answer(400, "InvalidToken", .wait(.seconds(60))),
      Answer(403, "InvalidAccessKeyId", .wait(.seconds(60))),
      Answer(403, "InvalidClientTokenId", .wait(.seconds(60))),
      Answer(403, "SignatureDoesNotMatch", .wait(.seconds(60))),
      Answer(403, "RequestTimeTooSkewed", .wait(.seconds(60)), ["Date": "Sun, 06 Nov 1994 09:49:37 GMT"]),
      Answer(400, "RequestExpired", .wait(.seconds(60))),
    ])
  func refused(_ answer: Answer) async { await expect(answer) }

  @Test(
    "trouble on the way, or a race: it counts, and the next attempt looks again",
    arguments: [
      Answer(500, "InternalError", .retry()),
      Answer(500, "NobodyKnows", .retry()),
      Answer(502, "NobodyKnows", .retry()),
      Answer(504, "NobodyKnows", .retry()),
      Answer(599, "NobodyKnows", .retry()),
      Answer(200, "InternalError", .retry()),
      Answer(400, "RequestTimeout", .retry()),
      Answer(400, "RequestTimeoutException", .retry()),
      Answer(400, "BadDigest", .retry()),
      Answer(400, "IncompleteBody", .retry()),
      Answer(400, "XAmzContentSHA256Mismatch", .retry()),
      Answer(409, "ConditionalRequestConflict", .retry()),
      Answer(412, "PreconditionFailed", .retry()),
      Answer(404, "NoSuchUpload", .retry()),
      Answer(400, "InvalidPart", .retry()),
      Answer(409, "BucketAlreadyOwnedByYou", .retry()),
      Answer(307, "TemporaryRedirect", .retry()),
      Answer(307, "Redirect", .retry()),
    ])
  func again(_ answer: Answer) async { await expect(answer) }

  @Test(
    "every other refusal ends the job",
    arguments: [
      Answer(403, "AccessDenied", .dead),
      Answer(400, "TooManyBuckets", .dead),
      Answer(409, "BucketAlreadyExists", .dead),
      Answer(404, "NoSuchBucket", .dead),
      Answer(400, "EntityTooSmall", .dead),
      Answer(400, "EntityTooLarge", .dead),
      Answer(400, "InvalidPartOrder", .dead),
      Answer(400, "InvalidDigest", .dead),
      Answer(400, "InvalidBucketName", .dead),
      Answer(400, "KeyTooLongError", .dead),
      Answer(400, "MetadataTooLarge", .dead),
      Answer(400, "MalformedXML", .dead),
      Answer(400, "MalformedPolicy", .dead),
      Answer(400, "InvalidBucketAclWithObjectOwnership", .dead),
      Answer(400, "AccessControlListNotSupported", .dead),
      Answer(411, "MissingContentLength", .dead),
      Answer(405, "MethodNotAllowed", .dead),
      Answer(501, "NotImplemented", .dead),
      Answer(301, "PermanentRedirect", .dead),
      Answer(400, "AuthorizationHeaderMalformed", .dead),
      Answer(400, "IllegalLocationConstraintException", .dead),
      Answer(400, "NobodyKnows", .dead),
    ])
  func ends(_ answer: Answer) async { await expect(answer) }

  @Test(
    "where a person can do something about it, the failure says what",
    arguments: [
      ("TooManyBuckets", "quota"), ("BucketAlreadyExists", "choose another"), ("AccessDenied", "permissions"),
      ("PermanentRedirect", "another region"), ("AuthorizationHeaderMalformed", "another region"),
    ])
  func hints(code: String, word: String) async {
    guard case .dead(let failure)? = await verdict(Answer(400, code, .dead)) else {
      Issue.record("\(code) does not end the job")
      return
    }
    #expect(failure.hint?.contains(word) == true)
  }

  private func expect(_ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) async {
    #expect(await verdict(answer)?.meaning == answer.means, sourceLocation: sourceLocation)
  }

  /// CompleteMultipartUpload is asked for: the one call that also hears of errors by an answer with status 200.
  private func verdict(_ answer: Answer) async -> Verdict? {
    var response = UploadCall.error(answer.status, answer.code)
    response.headers += answer.headers.map { (name: $0.key, value: $0.value) }
    let s3 = S3Client(
      transport: OneAnswer(response: response),
      credentials: ClosureCredentialProvider { StorageGiven.credentials }, endpoint: .aws(region: "eu-central-1"),
      // Sun, 06 Nov 1994 08:49:37 GMT
      clock: { 784_111_777 })
    do {
      _ = try await s3.completeMultipartUpload("u", key: "a.mp4", in: "vod", parts: [], size: 0)
      return nil
    } catch {
      return FailureClassifier.classify(error)
    }
  }
}
