import AWSClient
import HTTPTransport
import Secrets
import Testing

/// An S3 client on a stub, at a fixed time: Sun, 06 Nov 1994 08:49:37 GMT.
func stubbedS3(
  _ transport: StubTransport, endpoint: S3Endpoint = .aws(region: "us-west-2"), sessionToken: Secret? = nil
) -> S3Client {
  S3Client(
    transport: transport,
    credentials: ClosureCredentialProvider {
      AWSCredentials(accessKeyID: "AKIA", secretAccessKey: Secret("s"), sessionToken: sessionToken)
    }, endpoint: endpoint, clock: { 784_111_777 })
}

private let noTags = "<Tagging><TagSet></TagSet></Tagging>"

@Suite struct S3RedirectTests {
  struct Redirect: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var answer: HTTPResponse
  }

  @Test(
    "An answer that names the bucket's region is followed once, signed for it, and remembered",
    arguments: [
      Redirect(
        testDescription: "301 with a header",
        answer: .s3Error(301, "PermanentRedirect", "", ["x-amz-bucket-region": "eu-west-1"])),
      Redirect(
        testDescription: "307 with a header",
        answer: .s3Error(307, "TemporaryRedirect", "", ["x-amz-bucket-region": "eu-west-1"])),
      Redirect(
        testDescription: "400 with a region in the body",
        answer: .s3Error(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")),
      Redirect(
        testDescription: "400 for an opt-in region",
        answer: .s3Error(400, "IllegalLocationConstraintException", "", ["x-amz-bucket-region": "eu-west-1"])),
    ])
  func follows(_ redirect: Redirect) async throws {
    let stub = StubTransport(answers: [redirect.answer, .text(200, noTags)])
    let s3 = stubbedS3(stub)
    #expect(try await s3.tagging("b") == [:])
    #expect(try await s3.tagging("b") == [:])
    let home = "https://b.s3.eu-west-1.amazonaws.com/?tagging"
    #expect(await stub.urls == ["https://b.s3.us-west-2.amazonaws.com/?tagging", home, home])
    #expect(await stub.requests.map(\.signedRegion) == ["us-west-2", "eu-west-1", "eu-west-1"])
  }

  @Test("A redirect that names no region makes the client ask for it with HeadBucket")
  func asksForRegion() async throws {
    let stub = StubTransport { request, index in
      if request.method == "HEAD" { return .success(.text(403, "", ["x-amz-bucket-region": "eu-west-1"])) }
      return .success(index == 0 ? .s3Error(301, "PermanentRedirect") : .text(200, noTags))
    }
    #expect(try await stubbedS3(stub).tagging("b") == [:])
    #expect(await stub.requests.map(\.method) == ["GET", "HEAD", "GET"])
    #expect(await stub.requests.last?.signedRegion == "eu-west-1")
  }

  @Test("A bare 400 or 301 to a HEAD is followed by its header", arguments: [301, 400])
  func bareHead(_ status: Int) async throws {
    let stub = StubTransport(answers: [
      .text(status, "", ["x-amz-bucket-region": "eu-west-1"]), .text(200, "", ["x-amz-request-id": "r1"]),
    ])
    #expect(try await stubbedS3(stub).headBucket("b") != nil)
    #expect(await stub.requests.map(\.signedRegion) == ["us-west-2", "eu-west-1"])
  }

  @Test("A second redirect is an error and nothing more is sent")
  func onlyOnce() async throws {
    let stub = StubTransport { _, index in
      .success(.s3Error(301, "PermanentRedirect", "", ["x-amz-bucket-region": "eu-west-\(index + 1)"]))
    }
    let error = await #expect(throws: ProviderError.self) { try await stubbedS3(stub).tagging("b") }
    #expect(error?.code == "PermanentRedirect")
    #expect(error?.delivery == .refused)
    #expect(await stub.requests.count == 2)
  }

  @Test(
    "A server of one's own names its region as it likes, and is followed there", arguments: ["RegionOne", "fr-par"])
  func ownRegion(_ region: String) async throws {
    let stub = StubTransport(answers: [
      .s3Error(400, "AuthorizationHeaderMalformed", "<Region>\(region)</Region>"), .text(200, noTags),
    ])
    #expect(try await stubbedS3(stub, endpoint: .own("http://s3.test:9000")).tagging("b") == [:])
    #expect(await stub.requests.map(\.signedRegion) == ["us-east-1", region])
  }

  @Test("A region that is no name never becomes part of a host", arguments: ["evil.example/", "a b", "-", "x@y"])
  func oddRegion(_ region: String) async throws {
    let stub = StubTransport(answers: [.s3Error(301, "PermanentRedirect", "", ["x-amz-bucket-region": region])])
    await #expect(throws: ProviderError.self) { try await stubbedS3(stub).tagging("b") }
    #expect(await stub.requests.count == 1)
  }

  @Test("A bare 400 to a HEAD in the right region makes a session be renewed, not redirected")
  func endedSession() async throws {
    let stub = StubTransport(answers: [
      .text(400, "", ["x-amz-bucket-region": "us-west-2"]), .text(200, "", ["x-amz-request-id": "r1"]),
    ])
    #expect(try await stubbedS3(stub, sessionToken: Secret("t")).headBucket("b") != nil)
    #expect(await stub.requests.map(\.signedRegion) == ["us-west-2", "us-west-2"])
  }

  @Test("Creating a bucket in us-east-1 sends no body, elsewhere the region, each to that region's own endpoint")
  func createBucket() async throws {
    let stub = StubTransport(answers: [.text(200, "", ["x-amz-request-id": "r1"])])
    let s3 = stubbedS3(stub)
    try await s3.createBucket("b", region: "us-east-1")
    try await s3.createBucket("c", region: "eu-west-1")
    let requests = await stub.requests
    #expect(requests.map(\.url) == ["https://s3.us-east-1.amazonaws.com/b", "https://s3.eu-west-1.amazonaws.com/c"])
    #expect(requests.map(\.signedRegion) == ["us-east-1", "eu-west-1"])
    #expect(requests.first?.text == "")
    #expect(requests.first?.header("content-type") == nil)
    #expect(requests.last?.text.contains("<LocationConstraint>eu-west-1</LocationConstraint>") == true)
  }

  @Test("A server of one's own that does not know the location is asked for a bucket without one; AWS is not")
  func ownLocation() async throws {
    let refusal = HTTPResponse.s3Error(400, "InvalidLocationConstraint")
    let own = StubTransport(answers: [refusal, .text(200, "", ["x-amz-request-id": "r1"])])
    try await stubbedS3(own, endpoint: .own("http://s3.test:9000")).createBucket("b", region: "eu-west-1")
    #expect(await own.requests.map { $0.text.isEmpty } == [false, true])
    #expect(await own.urls == ["http://s3.test:9000/b", "http://s3.test:9000/b"])
    let aws = StubTransport(answers: [refusal, .text(200, "", ["x-amz-request-id": "r1"])])
    await #expect(throws: ProviderError.self) { try await stubbedS3(aws).createBucket("b", region: "eu-west-1") }
    #expect(await aws.requests.count == 1)
  }
}
