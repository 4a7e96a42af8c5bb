import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import Testing

@testable import StreamingJobs

@Suite("What S3 answers decides what becomes of a job") struct S3FailuresTests {
  @Test(
    "an account that asks for patience burns no attempt",
    arguments: [
      (503, "SlowDown", 10), (503, "ServiceUnavailable", 10), (429, "TooManyRequests", 10),
      (409, "OperationAborted", 30), (400, "ExpiredToken", 30), (403, "RequestTimeTooSkewed", 60),
      (403, "InvalidAccessKeyId", 60), (403, "SignatureDoesNotMatch", 60),
    ])
  func snoozes(status: Int, code: String, seconds: Int) {
    guard case .snooze(let pause, let why) = FailureClassifier.classify(error(status, code)) else {
      Issue.record("\(code) is no snooze")
      return
    }
    #expect(pause == .seconds(seconds))
    #expect(why.hasPrefix("PutObject vod/a.mp4: "))
  }

  @Test("the pause that S3 asks for wins over ours")
  func retryAfter() {
    var error = error(503, "SlowDown")
    error.retryAfter = .seconds(77)
    guard case .snooze(.seconds(77), _) = FailureClassifier.classify(error) else {
      Issue.record("not the pause that was asked for")
      return
    }
  }

  @Test(
    "trouble of S3 or on the way counts and is tried again",
    arguments: [
      (500, "InternalError"), (400, "RequestTimeout"), (400, "BadDigest"), (400, "IncompleteBody"),
      (412, "PreconditionFailed"), (409, "ConditionalRequestConflict"), (404, "NoSuchUpload"), (502, "HTTP502"),
      (504, "HTTP504"), (200, "UnreadableAnswer"), (408, "HTTP408"),
    ])
  func retries(status: Int, code: String) {
    guard case .retry(let failure, _) = FailureClassifier.classify(error(status, code)) else {
      Issue.record("\(code) is no retry")
      return
    }
    #expect(failure.code == code)
    #expect(failure.message == "PutObject vod/a.mp4: \(status) no")
    #expect(failure.requestID == "r1")
  }

  @Test(
    "what will never work ends the job",
    arguments: [
      (403, "AccessDenied"), (404, "NoSuchBucket"), (409, "BucketAlreadyExists"), (400, "InvalidBucketName"),
      (400, "EntityTooLarge"), (501, "NotImplemented"),
    ])
  func ends(status: Int, code: String) {
    guard case .dead(let failure) = FailureClassifier.classify(error(status, code)) else {
      Issue.record("\(code) does not end the job")
      return
    }
    #expect(failure.code == code)
    #expect(failure.hint == "do this")
  }

  @Test("an answer that was lost counts and is tried again")
  func lost() {
    let error = ProviderError(
      provider: "s3", operation: "PutObject", target: "vod/a.mp4", code: "connection-lost", message: "no answer",
      delivery: .unknown)
    guard case .retry = FailureClassifier.classify(error) else {
      Issue.record("no retry")
      return
    }
    #expect(error.mayHaveTakenEffect)
  }

  @Test("a server that nobody reaches burns no attempt, a request that never leaves by itself ends the job")
  func notSent() {
    let kinds: [(String, Bool)] = [
      ("connect", true), ("name-resolution", true), ("tls", true), ("invalid-request", false),
    ]
    for (code, waits) in kinds {
      let error = ProviderError(
        provider: "s3", operation: "PutObject", target: "vod/a.mp4", code: code, message: "no", delivery: .notSent)
      switch FailureClassifier.classify(error) {
      case .snooze: #expect(waits, "\(code)")
      case .dead: #expect(!waits, "\(code)")
      default: Issue.record("\(code): neither")
      }
    }
  }

  @Test("a job whose credentials cannot be had waits, burns no attempt and asks S3 for nothing")
  func noCredentials() async throws {
    try await waitsForCredentials { throw AWSCredentialError(code: .missing, cause: "no profile", hint: "make one") }
  }

  @Test("a role that may not be taken on is a matter of the configuration: jobs wait for it")
  func refusedRole() async throws {
    try await waitsForCredentials {
      throw ProviderError(
        provider: "sts", operation: "AssumeRole", target: "arn:aws:iam::1:role/r", status: 403, code: "AccessDenied",
        message: "not you", delivery: .refused)
    }
  }

  private func waitsForCredentials(_ load: @escaping @Sendable () async throws -> AWSCredentials) async throws {
    let clock = VirtualClock()
    let server = UploadServer(clock: clock)
    let given = StorageGiven(transport: server, clock: clock, credentials: ClosureCredentialProvider(load))
    let file = try UploadRecordingFile(size: 9)
    let id = try await given.enqueue(
      UploadRecording(connection: "media", file: file.path, bucket: "vod", key: "a.mp4"))
    try await given.attempt()
    let job = try await given.job(id)
    #expect(job.state == .scheduled)
    #expect(job.failures == 0)
    #expect(job.waitReason?.contains("no credentials") == true)
    #expect(await server.requests.isEmpty)
  }

  @Test("a connection that the worker does not know holds the job")
  func unknownConnection() async throws {
    let given = try UploadGiven(size: 9)
    var parameters = given.parameters
    parameters.connection = "archive"
    let job = try await given.storage.run(parameters)
    #expect(job.state == .held)
    #expect(job.waitReason?.contains("no AWS connection 'archive' under connections.aws (it has media)") == true)
  }

  private func error(_ status: Int, _ code: String) -> ProviderError {
    ProviderError(
      provider: "s3", operation: "PutObject", target: "vod/a.mp4", status: status, code: code, message: "no",
      requestID: "r1", delivery: .refused, hint: "do this")
  }
}
