import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import Testing

@testable import StreamingJobs

@Suite("A job that S3 cannot be asked for waits") struct StorageWaitTests {
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
    try await given.store.expectBehindGate(id, for: .seconds(10), at: clock.now(), saying: "no credentials")
    #expect(await server.requests.isEmpty)
  }

  @Test("a connection that the worker does not know holds the job")
  func unknownConnection() async throws {
    let given = try UploadGiven(size: 9)
    var parameters = given.parameters
    parameters.connection = "archive"
    let job = try await given.storage.run(parameters)
    #expect(job.state == .held)
    #expect(job.waitReason?.contains("no AWS connection 'archive' under connections.aws (known: media)") == true)
  }
}
