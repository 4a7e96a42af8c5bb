import AWSClient
import HTTPTransport
import Secrets
import Testing

@Suite struct STSClientTests {
  private let root = ClosureCredentialProvider {
    AWSCredentials(accessKeyID: "AK", secretAccessKey: Secret("KEY0815"), sessionToken: Secret("TOK0815"))
  }

  /// At Sun, 06 Nov 1994 08:49:37 GMT.
  private func sts(_ stub: StubTransport, _ endpoint: STSEndpoint = .aws(region: "eu-west-1")) -> STSClient {
    STSClient(transport: stub, endpoint: endpoint, clock: { 784_111_777 })
  }

  @Test("Each region has its own address, China its own domain, and an own server is asked where it is")
  func endpoints() async throws {
    let stub = StubTransport(answers: [stsAnswer("AssumeRole")])
    for endpoint in [
      STSEndpoint.aws(region: "eu-west-1"), .aws(region: "cn-north-1"), .own("http://h:1/", region: "x"),
    ] {
      _ = try await sts(stub, endpoint).assumeRole("r", sessionName: "n", using: root)
    }
    #expect(
      await stub.urls == [
        "https://sts.eu-west-1.amazonaws.com/", "https://sts.cn-north-1.amazonaws.com.cn/", "http://h:1/",
      ])
    #expect(await stub.requests.map(\.signedRegion) == ["eu-west-1", "cn-north-1", "x"])
    #expect(await stub.requests.first?.header("x-amz-security-token") == "TOK0815")
  }

  @Test("A role taken on for a connection carries its external id and is taken on once for many calls")
  func assumingRole() async throws {
    let stub = StubTransport(answers: [stsAnswer("AssumeRole")])
    let provider = AWSCredentialSources.assumingRole(
      "r", externalID: "e", sessionName: "rundown worker/1", base: root, sts: sts(stub))
    for _ in 0..<3 { #expect(try await provider.credentials().accessKeyID == "ASIA1") }
    #expect(await stub.requests.count == 1)
    let form = await stub.requests.first?.form
    #expect(form?["ExternalId"] == "e")
    #expect(form?["RoleSessionName"] == "rundown-worker-1")
  }

  @Test(
    "Session names are made of what AWS allows, 2 to 64 long",
    arguments: [
      ("rundown@host-1", "rundown@host-1"), ("a b/c:ü", "a-b-c--"), ("x", "rundown-x"), ("", "rundown-"),
      (String(repeating: "n", count: 70), String(repeating: "n", count: 64)),
    ])
  func sessionNames(_ text: String, _ name: String) {
    #expect(AWSSessionName.wellFormed(text) == name)
  }

  @Test("The caller's account, name and id are read")
  func callerIdentity() async throws {
    let stub = StubTransport(answers: [
      .text(
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn><UserId>AIDA</UserId>"
          + "<Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
    ])
    let identity = try await sts(stub).callerIdentity(using: root)
    #expect(identity.account == "1")
    #expect(identity.arn == "arn:aws:iam::1:user/u")
    #expect(identity.userID == "AIDA")
  }

  @Test("A refusal keeps code, request id and pause, did nothing, and shows no secret")
  func refusal() async {
    let stub = StubTransport(answers: [stsError(503, "Throttling", "slow, TOK0815, KEY0815", ["Retry-After": "7"])])
    let error = await #expect(throws: ProviderError.self) { try await sts(stub).callerIdentity(using: root) }
    #expect(error?.provider == "sts")
    #expect(error?.code == "Throttling")
    #expect(error?.message == "slow, <redacted>, <redacted>")
    #expect(error?.requestID == "r2")
    #expect(error?.retryAfter == .seconds(7))
    #expect(error?.delivery == .refused)
  }

  @Test("A web identity's token does not come back in an error")
  func hiddenToken() async {
    let stub = StubTransport(answers: [stsError(400, "InvalidIdentityToken", "bad: jwt0815")])
    let error = await #expect(throws: ProviderError.self) {
      try await sts(stub).assumeRoleWithWebIdentity("r", sessionName: "n", token: Secret("jwt0815"))
    }
    #expect(error?.message == "bad: <redacted>")
  }

  @Test("Expired credentials are fetched anew and the call repeated once")
  func expired() async throws {
    let stub = StubTransport(answers: [stsError(403, "ExpiredToken")])
    await #expect(throws: ProviderError.self) { try await sts(stub).callerIdentity(using: root) }
    #expect(await stub.requests.count == 2)
  }

  @Test("A wrong clock is corrected once by AWS' and then named as the cause")
  func skew() async {
    let stub = StubTransport(answers: [
      stsError(403, "SignatureDoesNotMatch", "Signature expired", ["Date": "Sun, 06 Nov 1994 09:49:37 GMT"])
    ])
    let error = await #expect(throws: ProviderError.self) { try await sts(stub).callerIdentity(using: root) }
    #expect(error?.hint == "this machine's clock is 3600 s behind AWS': check its NTP")
    #expect(await stub.requests.map { $0.header("x-amz-date") } == ["19941106T084937Z", "19941106T094937Z"])
  }

  @Test(
    "An answer that is not STS' is no credentials",
    arguments: ["<html/>", "{}", "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"])
  func unreadable(_ body: String) async {
    let stub = StubTransport(answers: [.text(200, body)])
    let error = await #expect(throws: ProviderError.self) {
      try await sts(stub).assumeRole("r", sessionName: "n", using: root)
    }
    #expect(error?.code == "UnreadableAnswer")
    #expect(error?.delivery == .refused)
  }
}
