import AWSClient
import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers

/// A bucket of a test's own at the real server that all tests share.
struct BucketGiven {
  let transport: BucketTransport
  let storage: StorageGiven
  /// A client that no job uses.
  let s3: S3Client
  let url: String
  let parameters: CreateBucketConfig

  init(_ bucket: String, region: String? = nil, connectionRegion: String = "us-east-1") async throws {
    let server = try await MiniStack.shared()
    let curl = CurlTransport(configuration: .init(proxy: .none))
    let transport = BucketTransport(curl)
    let keys = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: Secret(server.secretAccessKey))
    let credentials = ClosureCredentialProvider { keys }
    self.transport = transport
    url = server.url
    storage = StorageGiven(
      transport: transport, credentials: credentials, seconds: { Int64(time(nil)) },
      endpoint: { .own(server.url, region: $0 ?? connectionRegion) })
    s3 = S3Client(
      transport: curl, credentials: credentials, endpoint: .own(server.url, region: region ?? connectionRegion),
      clock: { Int64(time(nil)) })
    parameters = CreateBucketConfig(connection: "media", bucket: bucket, region: region)
  }

  var bucket: String { parameters.bucket }
}
