import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing

@Suite("Servers of one's own that do less than S3, or do it otherwise")
struct UncommonServerTests {
  private static let everything = CreateBucketConfig(
    connection: "media", bucket: "vod", publicRead: true, corsOrigins: ["https://player.example"],
    tags: ["team": "live"])

  /// Jobs that set a bucket up, asked over a socket.
  private func storage(_ socket: SocketServer) -> StorageGiven {
    StorageGiven(
      transport: CurlTransport(configuration: .init(proxy: .none)),
      endpoint: { .own(socket.url, region: $0 ?? "us-east-1") })
  }

  // worker                      server
  // GET ?cors
  //                             404 NoSuchCORSConfiguration, with a request id
  // PUT ?cors
  //                             200 without a word of S3
  @Test("one that names its refusals and not its successes is no captive portal: all is set in one attempt")
  func namesRefusalsOnly() async throws {
    let bucket = BucketServer(isThere: false, namesSuccesses: false)
    let socket = try bucket.listen()
    let storage = storage(socket)
    let job = try await storage.run(Self.everything)
    let result = try job.output(as: BucketConfigResult.self)
    #expect(result.created && result.unsupported == [], "\(result)")
    #expect(result.changed == ["ownership", "cors", "lifecycle", "policy", "tags"])
    #expect(try await storage.store.attempts(of: job.id).count == 1)
    #expect(try await storage.run(Self.everything).output(as: BucketConfigResult.self).unchanged)
  }

  @Test(
    "a bucket is made without the header that the server refuses, and the setting is made afterwards",
    arguments: [(400, "InvalidArgument"), (400, "InvalidRequest"), (501, "NotImplemented")])
  func ownershipHeader(status: Int, code: String) async throws {
    let bucket = BucketServer(
      isThere: false, refusal: ("x-amz-object-ownership", BucketServer.error(status, code)))
    let socket = try bucket.listen()
    let job = try await storage(socket).run(Self.everything)
    #expect(job.state == .completed && job.failures == 0, "\(job)")
    #expect(await bucket.calls.filter { $0 == "PUT " }.count == 2)
    #expect(await bucket.document("ownershipControls")?.contains("ObjectWriter") == true)
  }

  @Test("a lifecycle rule to which the server gives an id of its own is found by what it says, and is there once")
  func ruleIDs() async throws {
    let bucket = BucketServer(keepsRuleIDs: false)
    let socket = try bucket.listen()
    let storage = storage(socket)
    let job = try await storage.run(Self.everything)
    #expect(job.state == .completed && job.failures == 0, "\(job)")
    #expect(try await storage.run(Self.everything).output(as: BucketConfigResult.self).unchanged)
    let rules = try #require(await bucket.document("lifecycle"))
    #expect(rules.ranges(of: "<Rule>").count == 1 && rules.contains("<ID>0815</ID>"))
  }

  @Test("an upload in parts is completed without the size that the server does not want to be told")
  func objectSizeHeader() async throws {
    var manner = UploadServer.Manner()
    manner.refusedHeader = "x-amz-mp-object-size"
    let given = try UploadGiven(size: 16 * UploadGiven.mebibyte + 9, overSocket: true, manner: manner)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed && job.failures == 0, "\(job)")
    await given.expectStored()
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
    #expect(await given.server.count("CompleteMultipartUpload") == 2)
  }

  // worker                         server
  // five parts, each 200
  // completion                     nobody knows
  // lists the parts                tells them otherwise than they were told
  // completion
  @Test(
    "parts are known again however the server lists them, and none is sent twice",
    arguments: [true, false], [nil, 1, 2, 5])
  func listedParts(quotes: Bool, perPage: Int?) async throws {
    var manner = UploadServer.Manner()
    (manner.quotesListedTags, manner.partsPerPage) = (quotes, perPage)
    let given = try UploadGiven(size: 16 * UploadGiven.mebibyte + 9, overSocket: true, manner: manner)
    await given.server.fate(of: "CompleteMultipartUpload", .lostBefore)
    let job = try await given.storage.run(given.parameters)
    #expect(try job.output(as: UploadResult.self).resumedParts == UploadGiven.largeParts, "\(job)")
    await given.expectStored()
    #expect(await given.server.count("UploadPart") == UploadGiven.largeParts)
  }

  // worker, 10 minutes behind      server, which allows 5
  // HEAD                           403 without a body
  // where is the bucket?           RequestTimeTooSkewed, with its Date
  // where is the bucket?           (signed anew)
  // HEAD
  @Test(
    "a clock that is off is put right, also where a HEAD is refused first, which cannot say why",
    arguments: [true, false], [Duration.seconds(600), .seconds(-600), .seconds(7200)])
  func clock(namesWordless: Bool, ahead: Duration) async throws {
    var manner = UploadServer.Manner()
    (manner.clockTolerance, manner.namesWordless) = (.seconds(300), namesWordless)
    let given = try UploadGiven(size: 9, overSocket: true, serverAhead: ahead, manner: manner)
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed && job.failures == 0, "\(job)")
    #expect(try await given.storage.store.attempts(of: job.id).count == 1)
    await given.expectStored()
  }

  @Test("a session that has ended is renewed, also where a HEAD is refused first, which cannot say why")
  func session() async throws {
    let bucket = BucketServer(["publicAccessBlock": "<PublicAccessBlockConfiguration/>"])
    let socket = try SocketServer { request in
      if request.header("X-Amz-Security-Token") == "new" { return await bucket.answer(to: request) }
      return request.method == "HEAD"
        ? SocketServer.Answer(403, headers: [("x-amz-request-id", "r1")]) : BucketServer.error(403, "ExpiredToken")
    }
    let credentials = RenewedCredentials()
    let storage = StorageGiven(
      transport: CurlTransport(configuration: .init(proxy: .none)), credentials: credentials,
      endpoint: { .own(socket.url, region: $0 ?? "us-east-1") })
    let job = try await storage.run(Self.everything)
    #expect(job.state == .completed && job.failures == 0, "\(job)")
    #expect(try await storage.store.attempts(of: job.id).count == 1)
    #expect(await credentials.renewals == 1)
  }

  /// Keys whose first session has ended without a word.
  private actor RenewedCredentials: AWSCredentialProvider {
    private(set) var renewals = 0
    private var token = "old"

    func credentials() -> AWSCredentials {
      AWSCredentials(
        accessKeyID: StorageGiven.accessKeyID, secretAccessKey: Secret(StorageGiven.secret), sessionToken: Secret(token)
      )
    }

    func invalidate(_ used: AWSCredentials) {
      guard used == credentials() else { return }
      token = "new"
      renewals += 1
    }
  }
}
