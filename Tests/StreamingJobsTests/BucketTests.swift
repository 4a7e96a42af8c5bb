import AWSClient
import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import TestServers
import Testing

@testable import StreamingJobs

@Suite("A bucket is made once and set up as asked") struct BucketTests {
  private static let always = ["ownership", "publicAccessBlock", "cors", "lifecycle"]

  @Test("a new bucket of us-east-1 is created without a location and fully set up")
  func newInVirginia() async throws {
    let given = try await BucketGiven("job-bucket-new")
    var parameters = given.parameters
    parameters.publicRead = true
    parameters.tags = ["team": "live & vod"]
    parameters.corsOrigins = ["https://player.example.com"]
    parameters.abortIncompleteDays = 3
    let result = try await given.storage.run(parameters).output(as: BucketConfigResult.self)
    #expect(
      result
        == BucketConfigResult(
          bucket: given.bucket, region: "us-east-1", url: "\(given.url)/job-bucket-new", created: true,
          changed: result.changed, unsupported: [], unchanged: false))
    #expect(Set(result.changed).isSubset(of: Self.always + ["policy", "tags"]))
    let creation = try #require(await given.transport.requests.first { $0.method == "PUT" && $0.subresource.isEmpty })
    #expect(creation.bodyText.isEmpty)

    let s3 = given.s3
    #expect(try await s3.headBucket(given.bucket)?.region == "us-east-1")
    #expect(try await s3.ownershipControls(given.bucket) == .objectWriter)
    #expect(
      try await s3.publicAccessBlock(given.bucket)
        == S3PublicAccessBlock(
          blockPublicACLs: false, ignorePublicACLs: false, blockPublicPolicy: false, restrictPublicBuckets: false))
    let rule = try #require(await s3.cors(given.bucket)?.first)
    #expect(rule.allowedOrigins == ["https://player.example.com"])
    #expect(rule.allowedMethods == ["GET", "HEAD"])
    let lifecycle = try #require(await s3.lifecycle(given.bucket))
    #expect(lifecycle.count == 1)
    #expect(lifecycle[0].xml.contains("<DaysAfterInitiation>3</DaysAfterInitiation>"))
    #expect(try await s3.policy(given.bucket)?.contains("arn:aws:s3:::job-bucket-new/*") == true)
    #expect(try await s3.tagging(given.bucket) == ["team": "live & vod"])
  }

  @Test("a new bucket elsewhere is created with its location")
  func newInFrankfurt() async throws {
    let given = try await BucketGiven("job-bucket-frankfurt", region: "eu-central-1")
    let result = try await given.storage.run(given.parameters).output(as: BucketConfigResult.self)
    #expect(result.created)
    #expect(result.region == "eu-central-1")
    let creation = try #require(await given.transport.requests.first { $0.method == "PUT" && $0.subresource.isEmpty })
    #expect(creation.bodyText.contains("<LocationConstraint>eu-central-1</LocationConstraint>"))
    #expect(try await given.s3.headBucket(given.bucket)?.region == "eu-central-1")
  }

  @Test("a bucket of us-east-1 that exists is never created again: that would reset its ACLs")
  func existing() async throws {
    let given = try await BucketGiven("job-bucket-existing")
    try await given.s3.createBucket(given.bucket, region: "us-east-1")
    let result = try await given.storage.run(given.parameters).output(as: BucketConfigResult.self)
    #expect(!result.created)
    #expect(await given.transport.writes.contains("") == false)
  }

  @Test("a second job finds everything as asked and writes nothing", arguments: ["us-east-1", "eu-central-1"])
  func unchanged(region: String) async throws {
    let given = try await BucketGiven("job-bucket-again-\(region)", region: region)
    var parameters = given.parameters
    parameters.publicRead = true
    parameters.tags = ["team": "live"]
    parameters.corsMethods = ["GET", "PUT"]
    _ = try await given.storage.run(parameters)
    await given.transport.forget()
    let result = try await given.storage.run(parameters).output(as: BucketConfigResult.self)
    #expect(result.unchanged)
    #expect(!result.created)
    #expect(result.changed.isEmpty)
    #expect(await given.transport.writes.isEmpty)
    #expect(await given.transport.requests.isEmpty == false)
  }

  @Test("only the setting that differs is written")
  func oneDiffers() async throws {
    let given = try await BucketGiven("job-bucket-drift")
    _ = try await given.storage.run(given.parameters)
    try await given.s3.putOwnershipControls(given.bucket, .bucketOwnerEnforced)
    await given.transport.forget()
    let result = try await given.storage.run(given.parameters).output(as: BucketConfigResult.self)
    #expect(result.changed == ["ownership"])
    #expect(!result.unchanged)
    #expect(await given.transport.writes == ["ownershipControls"])
    #expect(try await given.s3.ownershipControls(given.bucket) == .objectWriter)
  }

  @Test("a bucket of another region than asked ends the job and stays as it is")
  func otherRegion() async throws {
    let given = try await BucketGiven("job-bucket-elsewhere", region: "us-west-2")
    try await given.s3.createBucket(given.bucket, region: "eu-central-1")
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "other-region")
    #expect(job.lastFailure?.message == "bucket job-bucket-elsewhere is in eu-central-1, not in us-west-2")
    #expect(await given.transport.writes.isEmpty)
  }

  @Test("cut at every point, there is one bucket, created once, and its settings are right", arguments: FaultPoint.all)
  func cut(point: FaultPoint) async throws {
    let given = try await BucketGiven("job-bucket-cut-\(point.rawValue)", region: "eu-west-1")
    let job = try await given.storage.run(given.parameters, faults: ScriptedFaults(at: point))
    #expect(job.state == .completed)
    #expect(job.failures == 0)
    #expect(await given.transport.writes.count { $0.isEmpty } == 1)
    #expect(try await given.s3.ownershipControls(given.bucket) == .objectWriter)
    #expect(try await given.s3.cors(given.bucket)?.count == 1)
    #expect(try await given.s3.lifecycle(given.bucket)?.count == 1)
  }

  @Test("the region of a bucket that was there is remembered: a worker that was killed after the look tells no other")
  func rememberedRegion() async throws {
    let given = try await BucketGiven("job-bucket-remembered")
    let elsewhere = try await BucketGiven("job-bucket-remembered", region: "eu-central-1")
    try await elsewhere.s3.createBucket(given.bucket, region: "eu-central-1")
    let faults = ScriptedFaults(at: .resultRecorded)
    let result = try await given.storage.run(given.parameters, faults: faults).output(as: BucketConfigResult.self)
    #expect(result.region == "eu-central-1")
    #expect(!result.created)
  }

  @Test("a lost answer of CreateBucket is found by a look and not asked for again")
  func lostAnswer() async throws {
    let given = try await BucketGiven("job-bucket-lost")
    await given.transport.answer { $0.method == "PUT" && $0.subresource.isEmpty ? .lost : .pass }
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .completed)
    #expect(job.failures == 1)
    #expect(await given.transport.writes.count { $0.isEmpty } == 1)
  }

  @Test("a name that belongs to another account ends the job with the way out")
  func foreignName() async throws {
    let given = try await BucketGiven("job-bucket-foreign")
    await given.transport.answer { request in
      request.method == "PUT" ? .instead(UploadCall.error(409, "BucketAlreadyExists")) : .pass
    }
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "BucketAlreadyExists")
    #expect(job.lastFailure?.hint?.contains("choose another") == true)
  }

  @Test("a bucket that may not be looked at ends the job: it may be somebody else's, or a permission is missing")
  func forbidden() async throws {
    let given = try await BucketGiven("job-bucket-forbidden")
    await given.transport.answer { request in
      request.method == "HEAD"
        ? .instead(HTTPResponse(status: 403, headers: [("x-amz-request-id", "r1")], body: [])) : .pass
    }
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "AccessDenied")
    #expect(job.lastFailure?.message.hasPrefix("HeadBucket job-bucket-forbidden: answered 403") == true)
    let hint = try #require(job.lastFailure?.hint)
    #expect(hint.contains("bucket names are global") && hint.contains("another account"))
    #expect(hint.contains("s3:ListBucket"))
    #expect(await given.transport.writes.isEmpty)
  }

  @Test("credentials that nobody knows are a matter of the configuration: the job waits, though it begins with a HEAD")
  func unknownKey() async throws {
    let server = try await MiniStack.shared()
    let keys = AWSCredentials(accessKeyID: "AKIAUNKNOWN", secretAccessKey: Secret("x"))
    let storage = StorageGiven(
      transport: CurlTransport(configuration: .init(proxy: .none)), credentials: ClosureCredentialProvider { keys },
      seconds: { Int64(time(nil)) }, endpoint: { .own(server.url, region: $0 ?? "us-east-1") })
    let id = try await storage.enqueue(CreateBucketConfig(connection: "media", bucket: "job-bucket-unknown-key"))
    try await storage.attempt()
    try await storage.store.expectBehindGate(
      id, for: .seconds(10), at: storage.clock.now(), saying: "check the access key id")
  }

  @Test("nothing that is written down tells the secret key", arguments: [true, false])
  func canary(succeeds: Bool) async throws {
    let given = try await BucketGiven("job-bucket-canary-\(succeeds)")
    if !succeeds {
      await given.transport.answer { $0.method == "PUT" ? .instead(UploadCall.error(403, "AccessDenied")) : .pass }
    }
    let job = try await given.storage.run(given.parameters)
    #expect(job.state == (succeeds ? .completed : .dead))
    let store = given.storage.store
    let written = "\(job)\(try await store.journal(of: job.id))\(try await store.attempts(of: job.id))"
    #expect(written.contains(given.bucket))
    let secret = try await MiniStack.shared().secretAccessKey
    #expect(!secret.isEmpty)
    #expect(!written.contains(secret))
    #expect(!written.contains("AWS4-HMAC"))
  }

  @Test("at AWS itself nothing is skipped: a setting that is refused as unknown ends the job")
  func nothingSkippedAtAWS() async throws {
    let given = StorageGiven(transport: UploadServer(clock: VirtualClock()))
    let job = try await given.run(CreateBucketConfig(connection: "media", bucket: "job-bucket-aws"))
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "NotImplemented")
  }
}
