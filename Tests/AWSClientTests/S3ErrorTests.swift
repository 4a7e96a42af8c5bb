import AWSClient
import HTTPTransport
import Secrets
import Testing

@Suite struct S3ErrorTests {
  private func error(
    of stub: StubTransport, _ call: (S3Client) async throws -> Void
  ) async -> ProviderError? {
    await #expect(throws: ProviderError.self) { try await call(stubbedS3(stub)) }
  }

  @Test("A read whose answer cannot be read did nothing; a write may have", arguments: ["<a", "<html>login</html>"])
  func unreadable(_ body: String) async {
    let stub = StubTransport(answers: [.text(200, body, ["x-amz-request-id": "r0"])])
    let read = await error(of: stub) { _ = try await $0.listParts(of: "u", key: "k", in: "b") }
    let write = await error(of: stub) { _ = try await $0.createMultipartUpload("k", in: "b") }
    #expect(read?.code == "UnreadableAnswer")
    #expect(read?.delivery == .refused)
    #expect(write?.code == "UnreadableAnswer")
    #expect(write?.delivery == .unknown)
    #expect(write?.hint?.contains("proxy") == true)
  }

  @Test("After an internal error a read did nothing and a write may have")
  func internalError() async {
    let stub = StubTransport(answers: [.s3Error(500, "InternalError")])
    #expect(await error(of: stub) { _ = try await $0.tagging("b") }?.delivery == .refused)
    #expect(await error(of: stub) { try await $0.putTagging("b", [:]) }?.delivery == .unknown)
  }

  @Test("A read whose answer got lost did nothing, a write may have, and what was not sent was not sent")
  func lostAnswer() async {
    func stub(_ delivery: Delivery) -> StubTransport {
      StubTransport { _, _ in
        .failure(HTTPTransportError(code: .timeout, delivery: delivery, target: "x", cause: "timed out"))
      }
    }
    #expect(await error(of: stub(.unknown)) { _ = try await $0.tagging("b") }?.delivery == .refused)
    #expect(await error(of: stub(.unknown)) { try await $0.putTagging("b", [:]) }?.delivery == .unknown)
    #expect(await error(of: stub(.notSent)) { _ = try await $0.tagging("b") }?.delivery == .notSent)
  }

  @Test("A 503 leaves a write open, S3's own and a proxy's; S3's own 4xx that asks for a slower pace refuses it")
  func throttling() async {
    let own = StubTransport(answers: [.s3Error(503, "SlowDown")])
    #expect(await error(of: own) { try await $0.putTagging("b", [:]) }?.delivery == .unknown)
    let refusal = StubTransport(answers: [.s3Error(429, "TooManyRequests")])
    #expect(await error(of: refusal) { try await $0.putTagging("b", [:]) }?.delivery == .refused)
    let proxy = StubTransport(answers: [.text(503, "<html>busy</html>")])
    #expect(await error(of: proxy) { try await $0.putTagging("b", [:]) }?.delivery == .unknown)
  }

  @Test("An error inside a completed upload's 200 is a failure, an empty body leaves the outcome open")
  func completeWithError() async {
    let complete: (S3Client) async throws -> Void = {
      _ = try await $0.completeMultipartUpload("u", key: "k", in: "b", parts: [], size: 1)
    }
    let slow = await error(of: StubTransport(answers: [.s3Error(200, "SlowDown")]), complete)
    #expect(slow?.code == "SlowDown")
    #expect(slow?.delivery == .unknown)
    let failed = await error(of: StubTransport(answers: [.s3Error(200, "InternalError")]), complete)
    #expect(failed?.code == "InternalError")
    #expect(failed?.delivery == .unknown)
    let cut = await error(of: StubTransport(answers: [.text(200, "   \n")]), complete)
    #expect(cut?.code == "foreign-answer")
    #expect(cut?.delivery == .unknown)
  }

  @Test(
    "The pause that a server asks for is taken over, in each of its spellings, up to an hour",
    arguments: [
      (["x-amz-retry-after": "1500"], Duration.milliseconds(1500)),
      (["x-amz-retry-after": "1500", "Retry-After": "9"], .milliseconds(1500)),
      (["Retry-After": "9"], .seconds(9)),
      (["Retry-After": "86400"], .seconds(3600)),
      (["x-amz-retry-after": "9223372036854775807"], .seconds(3600)),
      // Our clock stands at 08:49:37.
      (["Retry-After": "Sun, 06 Nov 1994 08:50:37 GMT"], .seconds(60)),
      (["x-amz-retry-after": "-5", "Retry-After": "9"], .seconds(9)),
      (["x-ratelimit-reset": "12"], .seconds(12)),
      (["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:07 GMT"], .seconds(30)),
      (["Retry-After": "-1"], nil), (["Retry-After": "soon"], nil), ([:], nil),
    ] as [([String: String], Duration?)])
  func retryAfter(_ headers: [String: String], _ pause: Duration?) async {
    let stub = StubTransport(answers: [.s3Error(503, "SlowDown", "", headers)])
    #expect(await error(of: stub) { _ = try await $0.tagging("b") }?.retryAfter == pause)
  }

  @Test(
    "A clock that S3 calls wrong is named as the cause once its correction did not help",
    arguments: [
      HTTPResponse.s3Error(403, "RequestTimeTooSkewed", "", ["Date": "Sun, 06 Nov 1994 09:49:37 GMT"]),
      .s3Error(403, "RequestTimeTooSkewed", "<ServerTime>1994-11-06T09:49:37Z</ServerTime>"),
      .s3Error(400, "RequestExpired", "", ["Date": "Sun, 06 Nov 1994 09:49:37 GMT"]),
    ])
  func skew(_ answer: HTTPResponse) async throws {
    let stub = StubTransport(answers: [answer])
    let error = await error(of: stub) { _ = try await $0.tagging("b") }
    #expect(error?.clockSkew == .seconds(3600))
    #expect(error?.hint == "this machine's clock is 3600 s behind S3's: check its NTP")
    #expect(await stub.requests.map { $0.header("x-amz-date") } == ["19941106T084937Z", "19941106T094937Z"])
  }

  @Test("Credentials that cannot be had are an error of the call, which surely was not sent, with the source's words")
  func noCredentials() async {
    struct Missing: Error, CustomStringConvertible { var description: String { "looked at: nothing" } }
    let stub = StubTransport(answers: [.text(200)])
    let s3 = S3Client(
      transport: stub, credentials: ClosureCredentialProvider { throw Missing() }, endpoint: .aws(region: "eu-west-1"),
      clock: { 0 })
    let error = await #expect(throws: ProviderError.self) { try await s3.putTagging("b", [:]) }
    #expect(error?.operation == "PutBucketTagging")
    #expect(error?.code == "NoCredentials")
    #expect(error?.delivery == .notSent)
    #expect(error?.message == "no credentials: looked at: nothing")
    #expect(error?.hint?.contains("credentials") == true)
    #expect(await stub.requests.isEmpty)
  }

  @Test("An error of the credential sources is quoted once, with its own hint")
  func missingCredentials() async {
    let missing = AWSCredentialError(code: .missing, cause: "no AWS credentials found", hint: "configure a profile")
    let s3 = S3Client(
      transport: StubTransport(answers: [.text(200)]), credentials: ClosureCredentialProvider { throw missing },
      endpoint: .aws(region: "eu-west-1"), clock: { 0 })
    let error = await #expect(throws: ProviderError.self) { try await s3.putTagging("b", [:]) }
    #expect(error?.message == "no AWS credentials found")
    #expect(error?.hint == "configure a profile")
  }

  @Test("What a provider answered when it was asked for credentials is kept, but the call was still not sent")
  func refusedCredentials() async {
    let refusal = ProviderError(
      provider: "sts", operation: "AssumeRole", target: "r", status: 503, code: "Throttling", message: "slow",
      delivery: .unknown, retryAfter: .seconds(3), hint: "wait")
    let s3 = S3Client(
      transport: StubTransport(answers: [.text(200)]), credentials: ClosureCredentialProvider { throw refusal },
      endpoint: .aws(region: "eu-west-1"), clock: { 0 })
    let error = await #expect(throws: ProviderError.self) { try await s3.putTagging("b", [:]) }
    #expect(error?.provider == "s3")
    #expect(error?.status == 503)
    #expect(error?.code == "Throttling")
    #expect(error?.retryAfter == .seconds(3))
    #expect(error?.delivery == .notSent)
    #expect(error?.message == "no credentials: sts AssumeRole r: 503 Throttling: slow")
  }

  @Test("A lifecycle rule with a namespace prefix is kept in a form that can stand alone")
  func prefixedLifecycle() async throws {
    let answer =
      "<s:LifecycleConfiguration xmlns:s='x'><s:Rule><s:ID>a</s:ID><s:Filter><s:Prefix>p&amp;q</s:Prefix></s:Filter>"
      + "<s:Status>Enabled</s:Status></s:Rule></s:LifecycleConfiguration>"
    let stub = StubTransport(answers: [.text(200, answer)])
    let rules = try await stubbedS3(stub).lifecycle("b")
    let expected =
      "<Rule><ID>a</ID><Filter><Prefix>p&amp;q</Prefix></Filter><Status>Enabled</Status></Rule>"
    #expect(rules == [S3LifecycleRule(id: "a", xml: expected)])
  }

  @Test(
    "The refusal of a HEAD, which has no body, names the reason that a read with a body was given",
    arguments: [
      (403, "InvalidAccessKeyId"), (403, "SignatureDoesNotMatch"), (400, "InvalidToken"), (400, "ExpiredToken"),
      (403, "RequestTimeTooSkewed"),
    ])
  func headReason(status: Int, code: String) async {
    func stub() -> StubTransport {
      StubTransport { request, _ in
        .success(request.method == "HEAD" ? .text(status, "", ["x-amz-request-id": "r0"]) : .s3Error(status, code))
      }
    }
    let bucket = await error(of: stub()) { _ = try await $0.headBucket("b") }
    #expect(bucket?.operation == "HeadBucket")
    #expect(bucket?.code == code)
    #expect(bucket?.requestID == "r1")
    #expect(await error(of: stub()) { _ = try await $0.headObject("k", in: "b") }?.code == code)
  }

  @Test(
    "A HEAD that is refused for want of a permission stays so, whatever else is refused", arguments: [200, 403, 404])
  func headRefused(location: Int) async {
    let stub = StubTransport { request, _ in
      if request.method == "HEAD" { return .success(.text(403, "", ["x-amz-request-id": "r0"])) }
      return .success(location == 200 ? .text(200, "<LocationConstraint/>") : .s3Error(location, "NoSuchBucket"))
    }
    let error = await error(of: stub) { _ = try await $0.headBucket("b") }
    #expect(error?.code == "AccessDenied")
    #expect(error?.hint?.contains("names are global") == true && error?.hint?.contains("s3:ListBucket") == true)
    #expect(await stub.requests.map(\.method) == ["HEAD", "GET"])
    #expect(await stub.urls.last?.hasSuffix("?location") == true)
    let object = await self.error(of: stub) { _ = try await $0.headObject("k", in: "b") }
    #expect(object?.code == "AccessDenied")
    #expect(object?.hint?.contains("s3:GetObject") == true && object?.hint?.contains("s3:ListBucket") == true)
  }

  /// Answers writes and HEADs with nothing but a status, and the question where the bucket is like a server of one's own.
  private func bare(_ status: Int, _ fields: [String: String] = [:], location: [String: String]) -> StubTransport {
    StubTransport { request, _ in
      if request.url.hasSuffix("?location") { return .success(.text(200, "<LocationConstraint/>", location)) }
      return .success(.text(status, "", fields))
    }
  }

  @Test(
    "An empty success without a field of S3 is a server's own only when that server never writes one",
    arguments: [200, 204])
  func bareSuccess(_ status: Int) async throws {
    let own = S3Endpoint.own("http://s3.test:9000")
    let calls: [@Sendable (S3Client) async throws -> Void] = [
      { try await $0.putTagging("b", [:]) }, { try await $0.deleteCORS("b") },
      { try await $0.createBucket("b", region: "eu-west-1") }, { _ = try await $0.headBucket("b") },
      { _ = try await $0.headObject("k", in: "b") }, { try await $0.abortMultipartUpload("u", key: "k", in: "b") },
      { _ = try await $0.putObject("k", in: "b", body: .bytes([1])) },
    ]
    for call in calls {
      try await call(stubbedS3(bare(status, location: [:]), endpoint: own))
      try await call(stubbedS3(bare(status, ["x-amz-request-id": "r"], location: [:]), endpoint: own))
      try await call(stubbedS3(bare(status, ["x-amz-request-id": "r"], location: [:])))
      for client in [
        stubbedS3(bare(status, location: ["x-amz-request-id": "r"]), endpoint: own),
        stubbedS3(bare(status, location: [:])),
      ] {
        let error = await #expect(throws: ProviderError.self) { try await call(client) }
        #expect(error?.code == ProviderError.foreignAnswer && error?.isFromProvider == false)
      }
    }
  }
}
