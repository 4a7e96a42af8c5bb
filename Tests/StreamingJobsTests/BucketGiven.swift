import AWSClient
import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing

/// A bucket of a test's own at the real server that all tests share.
struct BucketGiven {
  let transport: BucketTransport
  let storage: StorageGiven
  /// A client that no job uses.
  let s3: S3Client
  let url: String
  let parameters: CreateBucketConfig

  /// - Parameter jobsURL: where jobs reach the server; nil for its own address.
  init(
    _ bucket: String, region: String? = nil, connectionRegion: String = "us-east-1", jobsURL: String? = nil
  ) async throws {
    let server = try await MiniStack.shared()
    let curl = CurlTransport(configuration: .init(proxy: .none))
    let transport = BucketTransport(curl)
    let keys = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: Secret(server.secretAccessKey))
    let credentials = ClosureCredentialProvider { keys }
    self.transport = transport
    url = server.url
    storage = StorageGiven(
      transport: transport, credentials: credentials, seconds: { Int64(time(nil)) },
      endpoint: { .own(jobsURL ?? server.url, region: $0 ?? connectionRegion) })
    s3 = S3Client(
      transport: curl, credentials: credentials, endpoint: .own(server.url, region: region ?? connectionRegion),
      clock: { Int64(time(nil)) })
    parameters = CreateBucketConfig(connection: "media", bucket: bucket, region: region)
  }

  /// Runs `body` with a relay between the jobs and the server.
  static func relayed(
    _ bucket: String, _ change: @escaping @Sendable (Relay.Ask, Relay.Answer) -> Relay.Answer,
    body: (BucketGiven) async throws -> Void
  ) async throws {
    let port = try await MiniStack.shared().url.split(separator: ":").last.flatMap { UInt16($0) }
    let relay = try Relay(to: try #require(port), change)
    defer { relay.stop() }
    try await body(try await BucketGiven(bucket, jobsURL: "http://127.0.0.1:\(relay.port)"))
  }

  var bucket: String { parameters.bucket }
}
