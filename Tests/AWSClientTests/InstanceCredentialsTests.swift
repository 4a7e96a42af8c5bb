import AWSClient
import HTTPTransport
import Secrets
import Testing

@Suite struct InstanceCredentialsTests {
  private var given = StubEnvironment()
  private let base = "http://169.254.169.254/latest/"

  private func answering(token: HTTPResponse = .text(200, "TOKEN"), role: HTTPResponse = .text(200, "my-role\n"))
    -> StubTransport
  {
    StubTransport { request, _ in
      if request.method == "PUT" { return .success(token) }
      if request.url.hasSuffix("security-credentials/") { return .success(role) }
      return .success(
        .text(
          200,
          #"{"Code":"Success","AccessKeyId":"ASIAI","SecretAccessKey":"s","Token":"t","#
            + #""Expiration":"2026-11-21T06:00:00Z"}"#))
    }
  }

  @Test("A token is fetched first and shown with each further request")
  mutating func versionTwo() async throws {
    given.localTransport = answering()
    let found = try await given.credentials()
    #expect(found.accessKeyID == "ASIAI")
    #expect(found.expiration == StubEnvironment.now + 6 * 3600)
    let requests = await given.localTransport.requests
    let roles = base + "meta-data/iam/security-credentials/"
    #expect(requests.map(\.method) == ["PUT", "GET", "GET"])
    #expect(requests.map(\.url) == [base + "api/token", roles, roles + "my-role"])
    #expect(requests[0].header("x-aws-ec2-metadata-token-ttl-seconds") == "21600")
    #expect(requests.dropFirst().allSatisfy { $0.header("x-aws-ec2-metadata-token") == "TOKEN" })
  }

  @Test(
    "Each question may take a second, or what AWS_METADATA_SERVICE_TIMEOUT gives, within a minute",
    arguments: [(nil, 1), ("7", 7), ("0", 1), ("3600", 60), ("soon", 1)] as [(String?, Int)])
  mutating func timeout(variable: String?, seconds: Int) async throws {
    given.variables["AWS_METADATA_SERVICE_TIMEOUT"] = variable
    given.localTransport = answering()
    _ = try await given.credentials()
    let limits = await given.localTransport.requests.map(\.timeouts.total)
    #expect(limits == [.seconds(seconds), .seconds(seconds), .seconds(seconds)])
  }

  @Test("It is not asked when it is turned off")
  mutating func disabled() async {
    given.variables["AWS_EC2_METADATA_DISABLED"] = "TRUE"
    given.localTransport = answering()
    let error = await #expect(throws: AWSCredentialError.self) { try await given.credentials() }
    #expect(error?.cause.hasSuffix("instance metadata (AWS_EC2_METADATA_DISABLED)") == true)
    #expect(await given.localTransport.requests.isEmpty)
  }

  @Test("An instance without a role, or without version 2, has no credentials, and the error says so")
  mutating func noRole() async {
    given.localTransport = answering(role: .text(404))
    let noRole = await #expect(throws: AWSCredentialError.self) { try await given.credentials() }
    #expect(noRole?.code == .missing)
    #expect(noRole?.cause.hasSuffix("instance metadata (no role is attached)") == true)
    given.localTransport = answering(token: .text(403))
    let noToken = await #expect(throws: AWSCredentialError.self) { try await given.credentials() }
    #expect(noToken?.cause.hasSuffix("instance metadata (no token: 403)") == true)
    #expect(await given.localTransport.requests.count == 1)
  }

  @Test("A service that answers and then fails is an error of its own")
  mutating func broken() async {
    given.localTransport = answering(role: .text(500))
    let error = await #expect(throws: AWSCredentialError.self) { try await given.credentials() }
    #expect(error?.code == .unavailable)
  }
}
