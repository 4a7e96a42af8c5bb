import AWSClient
import Glibc
import HTTPTransport
import Secrets
import TestServers

/// What every test against the real server starts from.
struct LiveServer {
  let url: String
  let administrator: AWSCredentials
  let transport = CurlTransport(configuration: .init(proxy: .none))

  init() async throws {
    let server = try await MiniStack.shared()
    url = server.url
    administrator = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: Secret(server.secretAccessKey))
  }

  /// A client that is `secondsAhead` of the server's clock.
  func s3(
    as credentials: AWSCredentials? = nil, region: String = "us-east-1", secondsAhead: Int64 = 0
  ) -> S3Client {
    let used = credentials ?? administrator
    return S3Client(
      transport: transport, credentials: ClosureCredentialProvider { used }, endpoint: .own(url, region: region),
      clock: { Int64(time(nil)) + secondsAhead })
  }

  /// A client and a bucket that only this test uses.
  func bucket(_ name: String) async throws -> (s3: S3Client, bucket: String) {
    let s3 = s3()
    try await s3.createBucket(name, region: "us-east-1")
    return (s3, name)
  }
}
