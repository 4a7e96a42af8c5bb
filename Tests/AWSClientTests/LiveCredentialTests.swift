import AWSClient
import FoundationEssentials
import Glibc
import HTTPTransport
import Secrets
import TestServers
import Testing
import Wire

@Suite struct LiveCredentialTests {
  @Test("STS tells whose keys these are")
  func callerIdentity() async throws {
    let server = try await LiveServer()
    let identity = try await server.sts.callerIdentity(using: server.provider)
    #expect(identity.arn.hasSuffix(":user/tester"))
    #expect(identity.account.count == 12)
  }

  @Test("A role is taken on with its external id, opens S3, and is refused with another id")
  func assumesRole() async throws {
    let server = try await LiveServer()
    let arn = try server.server.makeRole("live-writer", externalID: "id-7")
    func s3(_ externalID: String) -> S3Client {
      let role = AWSCredentialSources.assumingRole(
        arn, externalID: externalID, sessionName: "live test", base: server.provider, sts: server.sts)
      return S3Client(
        transport: server.transport, credentials: role, endpoint: .own(server.url), clock: { Int64(time(nil)) })
    }
    try await s3("id-7").createBucket("live-assumed", region: "us-east-1")
    #expect(try await server.s3().headBucket("live-assumed") != nil)
    let error = await #expect(throws: ProviderError.self) { try await s3("id-8").headBucket("live-assumed") }
    #expect(error?.status == 403)
    #expect(error?.code == "AccessDenied")
    #expect(error?.delivery == .notSent)
  }

  @Test("A role that does not exist is refused, and S3 says why it has no credentials")
  func refusedRole() async throws {
    let server = try await LiveServer()
    let provider = AWSCredentialSources.assumingRole(
      "arn:aws:iam::000000000000:role/nobody", externalID: "e", sessionName: "test", base: server.provider,
      sts: server.sts)
    let s3 = S3Client(
      transport: server.transport, credentials: provider, endpoint: .own(server.url), clock: { Int64(time(nil)) })
    let error = await #expect(throws: ProviderError.self) { try await s3.tagging("live-role") }
    #expect(error?.provider == "s3")
    #expect(error?.delivery == .notSent)
    #expect(
      error?.message.hasPrefix("no credentials: sts AssumeRole arn:aws:iam::000000000000:role/nobody: 40") == true)
  }

  @Test("A wrong secret is refused by STS too")
  func wrongSecret() async throws {
    let server = try await LiveServer()
    var wrong = server.administrator
    wrong.secretAccessKey = Secret("wrong")
    let used = wrong
    let error = await #expect(throws: ProviderError.self) {
      try await server.sts.callerIdentity(using: ClosureCredentialProvider { used })
    }
    #expect(error?.code == "SignatureDoesNotMatch")
  }

  @Test("The chain ends at the instance metadata service, whose credentials have a session token and an end")
  func instance() async throws {
    let server = try await LiveServer()
    let environment = server.environment(["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url])
    let found = try await AWSCredentialSources.chain(environment).credentials()
    #expect(found.accessKeyID.hasPrefix("ASIA"))
    #expect(found.sessionToken?.isEmpty == false)
    #expect(try #require(found.expiration) > Int64(time(nil)))
  }

  @Test("The container agent's credentials go before the instance's")
  func container() async throws {
    let server = try await LiveServer()
    let environment = server.environment([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/v2/credentials/1", "AWS_EC2_METADATA_DISABLED": "true",
    ])
    let found = try await DefaultCredentialChain(environment).credentials()
    #expect(found.accessKeyID.hasPrefix("ASIA"))
  }

  @Test("Keys in a real credentials file open a real bucket")
  func file() async throws {
    let server = try await LiveServer()
    let directory = FileManager.default.temporaryDirectory.appending(path: "rundown-aws-\(getpid())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appending(path: "credentials")
    let keys = server.administrator
    try """
    [rundown]
    aws_access_key_id = \(keys.accessKeyID)
    aws_secret_access_key = \(keys.secretAccessKey.reveal())
    """.write(to: file, atomically: true, encoding: .utf8)
    let provider = AWSCredentialSources.chain(
      server.environment(["AWS_SHARED_CREDENTIALS_FILE": file.path()]), profile: "rundown")
    let s3 = S3Client(
      transport: server.transport, credentials: provider, endpoint: .own(server.url), clock: { Int64(time(nil)) })
    try await s3.createBucket("live-profile", region: "us-east-1")
    #expect(try await s3.headBucket("live-profile") != nil)
  }

  @Test("Files are read up to their bound; what is larger, or no file, is an error")
  func boundedFiles() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "rundown-bound-\(getpid())").path()
    defer { unlink(path) }
    #expect(try AWSEnvironment.readFile(path, limit: 4) == nil)
    try Data("1234".utf8).write(to: URL(filePath: path))
    #expect(try AWSEnvironment.readFile(path, limit: 4) == Array("1234".utf8))
    #expect(throws: AWSCredentialError.self) { try AWSEnvironment.readFile(path, limit: 3) }
    #expect(throws: SystemError.self) { try AWSEnvironment.readFile("/tmp", limit: 4) }
  }
}
