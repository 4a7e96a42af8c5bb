import AWSClient
import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import TestServers

@testable import StreamingJobs

/// A server of the matrix, and jobs to run on it.
struct S3MatrixGiven {
  let kind: S3Server.Kind
  let server: S3Server
  let transport: BucketTransport
  let storage: StorageGiven
  let s3: S3Client
  /// A bucket of this case's own, also where earlier runs left theirs behind.
  let bucket: String

  init(_ kind: S3Server.Kind, _ name: String) async throws {
    self.kind = kind
    server = try await S3Server.shared(kind)
    let curl = CurlTransport(configuration: .init(proxy: .none))
    let keys = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: Secret(server.secretAccessKey))
    let credentials = ClosureCredentialProvider { keys }
    let endpoint = S3Endpoint.own(server.url, region: server.region)
    transport = BucketTransport(curl)
    storage = StorageGiven(
      transport: transport, credentials: credentials, seconds: { Int64(time(nil)) }, endpoint: { _ in endpoint })
    s3 = S3Client(transport: curl, credentials: credentials, endpoint: endpoint, clock: { Int64(time(nil)) })
    bucket = "rundown-matrix-\(name)" + (kind == .named ? "-\(time(nil))" : "")
  }

  /// With a bucket that is there.
  static func withBucket(_ kind: S3Server.Kind, _ name: String) async throws -> S3MatrixGiven {
    let given = try await S3MatrixGiven(kind, name)
    try await given.s3.createBucket(given.bucket, region: given.server.region)
    return given
  }

  func upload(_ file: UploadRecordingFile, key: String = "k.mp4", partSize: Int? = nil) -> UploadRecording {
    UploadRecording(connection: "media", file: file.path, bucket: bucket, key: key, partSize: partSize)
  }

  /// What a job of this kind says when it is completed.
  func completed<Output: Decodable>(
    _ parameters: some JobParameters, as type: Output.Type, faults: any FaultInjector = NoFaults()
  ) async throws -> Output {
    let job = try await storage.run(parameters, faults: faults)
    guard job.state == .completed else {
      throw S3MatrixFailure("\(job.state): \(job.lastFailure.map { "\($0)" } ?? "")")
    }
    try need(job.failures == 0, "it failed \(job.failures) times on the way")
    return try job.output(as: type)
  }

  func notes(of job: Job) async throws -> [String] {
    try await storage.store.attempts(of: job.id).flatMap(\.notes).map(\.text)
  }
}

/// What a case of the matrix found wrong.
struct S3MatrixFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Ends a case where it is not as it should be: what the case tells goes into the table of docs/providers.md.
func need(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws {
  if !holds { throw S3MatrixFailure(otherwise()) }
}
