import AWSClient
import HTTPTransport
import Secrets
import Testing

@Suite struct ContainerCredentialsTests {
  private var given = StubEnvironment()
  private let document = HTTPResponse.text(
    200,
    #"{"RoleArn":"r","AccessKeyId":"ASIAC","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T06:00:00Z"}"#)

  private func error(_ given: StubEnvironment) async -> AWSCredentialError? {
    await #expect(throws: AWSCredentialError.self) { try await given.credentials() }
  }

  @Test("The relative address is asked of the agent of ECS")
  mutating func relative() async throws {
    given.variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1"]
    given.localTransport = StubTransport(answers: [document])
    let found = try await given.credentials()
    #expect(found.accessKeyID == "ASIAC")
    #expect(found.secretAccessKey == Secret("s"))
    #expect(found.sessionToken == Secret("t"))
    #expect(found.expiration == StubEnvironment.now + 6 * 3600)
    #expect(await given.localTransport.urls == ["http://169.254.170.2/v2/credentials/1"])
  }

  @Test(
    "A full address is asked over TLS anywhere, and over plain HTTP on this machine or of an agent only",
    arguments: [
      ("https://anywhere.example/c", true), ("http://127.0.0.1:80/c", true), ("http://127.9.9.9/c", true),
      ("http://localhost:1/c", true), ("http://[::1]:8/c", true), ("http://169.254.170.2/c", true),
      ("http://169.254.170.23/c", true), ("http://[fd00:ec2::23]/c", true), ("http://10.0.0.1/c", false),
      ("http://localhost.evil.example/c", false), ("http://127.0.0.1.evil.example/c", false),
      ("http://169.254.169.254/c", false), ("http://[::2]/c", false), ("ftp://127.0.0.1/c", false),
      ("http://127.0.0.1@evil.example/c", false), ("http://127.0.0.1:80@evil.example/c", false),
    ])
  mutating func full(_ url: String, _ isAllowed: Bool) async throws {
    given.variables = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]
    given.localTransport = StubTransport(answers: [document])
    if isAllowed {
      #expect(try await given.credentials().accessKeyID == "ASIAC")
      #expect(await given.localTransport.urls == [url])
    } else {
      #expect(await error(given)?.code == .invalid)
      #expect(await given.localTransport.requests.isEmpty)
    }
  }

  @Test("The authorization comes from the file, else from the variable, and may not hold a line break")
  mutating func authorization() async throws {
    given.variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/c", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "variable",
    ]
    given.localTransport = StubTransport(answers: [document])
    _ = try await given.credentials()
    given.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/t"
    given.files["/t"] = "from-file\n"
    _ = try await given.credentials()
    #expect(await given.localTransport.requests.map { $0.header("authorization") } == ["variable", "from-file"])
    given.files["/t"] = "a\r\nx-evil: b"
    #expect(await error(given)?.cause.hasSuffix("/t: it contains a line break") == true)
    given.files = [:]
    #expect(await error(given)?.cause.contains("/t, does not exist") == true)
    #expect(await given.localTransport.requests.count == 2)
  }

  @Test("An agent that fails is asked three times; one that refuses, once", arguments: [(500, 3), (404, 1)])
  mutating func tries(_ status: Int, _ count: Int) async {
    given.variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]
    given.localTransport = StubTransport(answers: [.text(status)])
    let error = await error(given)
    #expect(error?.code == .unavailable)
    #expect(error?.cause == "the container agent returned no credentials: answered \(status)")
    #expect(await given.localTransport.requests.count == count)
  }

  @Test("An agent that is back at the second try gives its credentials")
  mutating func recovers() async throws {
    given.variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]
    given.localTransport = StubTransport(answers: [.text(503), document])
    #expect(try await given.credentials().accessKeyID == "ASIAC")
  }

  @Test(
    "A document that is not whole is refused without being quoted",
    arguments: [
      "", "{}", "[]", "SECRET", #"{"AccessKeyId":"a","SecretAccessKey":"SECRET","Token":"t"}"#,
      #"{"AccessKeyId":"a","SecretAccessKey":"SECRET","Token":"t","Expiration":"soon"}"#,
      #"{"Code":"Failed","AccessKeyId":"a","SecretAccessKey":"SECRET","Token":"t","Expiration":"2026-11-21T06:00:00Z"}"#,
    ])
  mutating func brokenDocument(_ text: String) async {
    given.variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]
    given.localTransport = StubTransport(answers: [.text(200, text)])
    let error = await error(given)
    #expect(error?.cause == "the container agent returned no usable credentials")
    #expect(error.map { "\($0)".contains("SECRET") } == false)
  }
}
