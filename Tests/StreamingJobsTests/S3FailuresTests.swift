import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import Testing

@testable import StreamingJobs

@Suite("What S3 answers decides what becomes of a job") struct S3FailuresTests {
  @Test("a wait tells a person whom the job waits for")
  func waitReason() {
    guard case .snooze(_, let why) = FailureClassifier.classify(error(403, "InvalidAccessKeyId")) else {
      Issue.record("no wait")
      return
    }
    #expect(why == "PutObject vod/a.mp4: the credentials are refused; do this")
  }

  @Test("what is no answer of S3 counts and is tried again", arguments: [(200, "UnreadableAnswer"), (408, "HTTP408")])
  func retries(status: Int, code: String) {
    guard case .retry(let failure, _) = FailureClassifier.classify(error(status, code)) else {
      Issue.record("\(code) is no retry")
      return
    }
    #expect(failure.code == code)
    #expect(failure.message == "PutObject vod/a.mp4: \(status) no")
    #expect(failure.requestID == "r1")
  }

  @Test("a failure keeps S3's code, message and request, and the way out")
  func failure() {
    #expect(
      FailureClassifier.classify(error(403, "AccessDenied"))
        == .dead(
          Failure(
            code: "AccessDenied", message: "PutObject vod/a.mp4: 403 no", hint: "do this", requestID: "r1")))
  }

  @Test("the reason for which nobody gave us credentials is not taken for one of S3's")
  func credentialSource() {
    var error = error(400, "BadDigest")
    error.delivery = .notSent
    guard case .snooze(.seconds(30), _) = FailureClassifier.classify(error) else {
      Issue.record("no wait")
      return
    }
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
