import AWSClient
import Glibc
import HTTPTransport
import Secrets
import TestServers

/// What every test against the real server starts from.
struct LiveServer {
  let server: MiniStack
  let administrator: AWSCredentials
  let transport = CurlTransport(configuration: .init(proxy: .none))

  init() async throws {
    server = try await MiniStack.shared()
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

  var url: String { server.url }

  /// The administrator's keys.
  var provider: ClosureCredentialProvider {
    let keys = administrator
    return ClosureCredentialProvider { keys }
  }

  /// STS of the server.
  var sts: STSClient { STSClient(transport: transport, endpoint: .own(url), clock: { Int64(time(nil)) }) }

  /// An environment with these variables, no home directory, and the machine's files and time.
  func environment(_ variables: [String: String]) -> AWSEnvironment {
    AWSEnvironment(
      variables: variables, home: nil, file: { try AWSEnvironment.readFile($0, limit: $1) },
      now: { Int64(time(nil)) }, transport: transport, localTransport: PatientTransport(base: transport),
      pause: { _ in })
  }

  /// A client and a bucket that only this test uses.
  func bucket(_ name: String) async throws -> (s3: S3Client, bucket: String) {
    let s3 = s3()
    try await s3.createBucket(name, region: "us-east-1")
    return (s3, name)
  }
}
