import AWSClient
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Testing

@testable import StreamingJobs

@Suite("A bucket's settings are merged, compared and read back") struct BucketSettingTests {
  @Test("rules, tags and statements of others stay, and ours of earlier days are replaced")
  func foreign() async throws {
    let given = try await BucketGiven("job-settings-foreign")
    let (s3, bucket) = (given.s3, given.bucket)
    try await s3.createBucket(bucket, region: "us-east-1")
    let theirRule = S3CORSRule(id: "theirs", allowedOrigins: ["https://a.example"], allowedMethods: ["PUT"])
    try await s3.putCORS(bucket, [theirRule])
    try await s3.putLifecycle(
      bucket,
      [
        S3LifecycleRule(
          id: "theirs",
          xml: "<Rule><ID>theirs</ID><Filter><Prefix>a&amp;b/</Prefix></Filter><Status>Enabled</Status>"
            + "<Expiration><Days>30</Days></Expiration></Rule>"),
        .abortIncompleteUploads(id: "rundown-abort-incomplete-uploads", afterDays: 90),
      ])
    try await s3.putTagging(bucket, ["owner": "them", "team": "old"])
    try await s3.putPolicy(
      bucket,
      json: #"{"Version":"2012-10-17","Id":"p","Statement":{"Sid":"Theirs","Effect":"Deny","Principal":"*","#
        + #""Action":"s3:DeleteObject","Resource":"arn:aws:s3:::job-settings-foreign/*"}}"#)

    var parameters = given.parameters
    parameters.publicRead = true
    parameters.tags = ["team": "live"]
    let result = try await given.storage.run(parameters).output(as: BucketConfigResult.self)
    #expect(Set(["cors", "lifecycle", "policy", "tags"]).isSubset(of: result.changed))

    let cors = try #require(await s3.cors(bucket))
    #expect(cors.map(\.id) == ["theirs", "rundown-players"])
    #expect(cors.first?.allowedMethods == ["PUT"])
    let lifecycle = try #require(await s3.lifecycle(bucket))
    #expect(lifecycle.map(\.id) == ["theirs", "rundown-abort-incomplete-uploads"])
    #expect(lifecycle.first?.xml.contains("a&amp;b/") == true)
    #expect(lifecycle.last?.xml.contains("<DaysAfterInitiation>7</DaysAfterInitiation>") == true)
    #expect(try await s3.tagging(bucket) == ["owner": "them", "team": "live"])
    let policy = try JSONText.decode(JSONValue.self, from: try #require(await s3.policy(bucket)))
    guard case .array(let statements)? = policy["Statement"] else {
      Issue.record("the policy has no statements")
      return
    }
    #expect(statements.map { $0["Sid"] } == [.string("Theirs"), .string("RundownPublicRead")])
    #expect(policy["Id"] == .string("p"))
  }

  @Test("players' rules are taken away by an empty list, those of others stay", arguments: [true, false])
  func noPlayers(others: Bool) async throws {
    let given = try await BucketGiven("job-settings-players-\(others)")
    _ = try await given.storage.run(given.parameters)
    if others {
      let theirs = S3CORSRule(id: "theirs", allowedOrigins: ["https://a.example"], allowedMethods: ["PUT"])
      try await given.s3.putCORS(given.bucket, try #require(await given.s3.cors(given.bucket)) + [theirs])
    }
    var parameters = given.parameters
    parameters.corsOrigins = []
    let result = try await given.storage.run(parameters).output(as: BucketConfigResult.self)
    #expect(result.changed == ["cors"])
    #expect(try await given.s3.cors(given.bucket)?.map(\.id) == (others ? ["theirs"] : nil))
    #expect(try await given.storage.run(parameters).output(as: BucketConfigResult.self).unchanged)
  }

  @Test("a public access block that is asked for is on, all of it")
  func blocked() async throws {
    let given = try await BucketGiven("job-settings-blocked")
    var parameters = given.parameters
    parameters.blockPublicAccess = true
    parameters.ownership = "BucketOwnerEnforced"
    _ = try await given.storage.run(parameters)
    #expect(
      try await given.s3.publicAccessBlock(given.bucket)
        == S3PublicAccessBlock(
          blockPublicACLs: true, ignorePublicACLs: true, blockPublicPolicy: true, restrictPublicBuckets: true))
    #expect(try await given.s3.ownershipControls(given.bucket) == .bucketOwnerEnforced)
  }

  @Test("a setting that reads back otherwise is tried again, and the failure names it and the probable cause")
  func readsBackOtherwise() async throws {
    let given = try await BucketGiven("job-settings-differs")
    let stricter =
      "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
    await given.transport.answer { request in
      guard request.method == "GET", request.subresource == "publicAccessBlock" else { return .pass }
      return .instead(HTTPResponse(status: 200, headers: [], body: Array(stricter.utf8)))
    }
    let id = try await given.storage.enqueue(given.parameters)
    try await given.storage.attempt()
    let job = try await given.storage.job(id)
    #expect(job.state == .scheduled)
    #expect(job.failures == 1)
    #expect(job.lastFailure?.code == "differs")
    #expect(
      job.lastFailure?.message
        == "publicAccessBlock of bucket job-settings-differs: "
        + "wanted BlockPublicAcls=false, IgnorePublicAcls=false, BlockPublicPolicy=false, RestrictPublicBuckets=false, "
        + "found BlockPublicAcls=true, IgnorePublicAcls=false, BlockPublicPolicy=false, RestrictPublicBuckets=false")
    #expect(job.lastFailure?.hint?.contains("account-level or organization-level Block Public Access") == true)
    await given.transport.answer { _ in .pass }
    #expect(try await given.storage.finish(id).state == .completed)
  }

  @Test("what a server of one's own does not know is skipped and told, the rest is set", arguments: [501, 405])
  func skipped(status: Int) async throws {
    let given = try await BucketGiven("job-settings-skipped-\(status)")
    let unknown: Set = ["ownershipControls", "cors"]
    await given.transport.answer { request in
      unknown.contains(request.subresource) ? .instead(UploadCall.error(status, "NotImplemented")) : .pass
    }
    let job = try await given.storage.run(given.parameters)
    let result = try job.output(as: BucketConfigResult.self)
    #expect(result.unsupported == ["ownership", "cors"])
    #expect(result.changed.contains("lifecycle"))
    #expect(try await given.s3.lifecycle(given.bucket)?.count == 1)
    let notes = try await given.storage.store.attempts(of: job.id).flatMap(\.notes).map(\.text)
    #expect(notes.contains { $0.hasPrefix("cors: unsupported; this server does not support ?cors") })
  }

  @Test("a statement of ours that was changed by hand is put right, in any spelling of everyone")
  func policySpellings() throws {
    func policy(_ principal: String, action: String = #""s3:GetObject""#) throws -> PublicReadPolicy {
      try PublicReadPolicy(
        json: #"{"Version":"2012-10-17","Statement":[{"Sid":"RundownPublicRead","Effect":"Allow","Principal":"#
          + principal + #","Action":"# + action + #","Resource":["arn:aws:s3:::b/*"]}]}"#, bucket: "b", partition: "aws"
      )
    }
    #expect(try policy(#""*""#).isThere)
    #expect(try policy(#"{"AWS":"*"}"#).isThere)
    #expect(try policy(#"{"AWS":["*"]}"#).isThere)
    #expect(try policy(#""*""#, action: #"["s3:GetObject"]"#).isThere)
    #expect(try !policy(#"{"AWS":"arn:aws:iam::1:root"}"#).isThere)
    #expect(try !policy(#""*""#, action: #""s3:PutObject""#).isThere)
    #expect(try !PublicReadPolicy(json: nil, bucket: "b", partition: "aws").isThere)
    let merged = try policy(#""*""#, action: #""s3:PutObject""#).merged()
    #expect(try PublicReadPolicy(json: merged, bucket: "b", partition: "aws").isThere)
    #expect(!merged.contains("PutObject"))
  }

  @Test(
    "a public policy names the bucket in its region's partition, and a statement of ours that names another is put right",
    arguments: [
      ("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-west-2", "aws"),
    ])
  func partition(region: String, partition: String) async throws {
    let server = PolicyServer(
      #"{"Statement":[{"Sid":"RundownPublicRead","Effect":"Allow","Principal":"*","#
        + #""Action":"s3:GetObject","Resource":"arn:other:s3:::example-live/*"}]}"#)
    let s3 = S3Client(
      transport: server, credentials: ClosureCredentialProvider { StorageGiven.credentials },
      endpoint: .aws(region: region), clock: { 0 })
    let parameters = CreateBucketConfig(connection: "media", bucket: "example-live", region: region, publicRead: true)
    let setting = try #require(parameters.settings.first { $0.name == "policy" })
    #expect(try await setting.difference(s3) != nil)
    try await setting.write(s3)
    #expect(try await setting.difference(s3) == nil)
    #expect(await server.policy.contains("\"arn:\(partition):s3:::example-live/*\""))
    #expect(await !server.policy.contains("arn:other"))
  }

  @Test(
    "a statement that the server gives another name, none, or fields that say nothing is found, and is there once",
    arguments: [
      #""Sid":"1""#, #""Sid":"""#, #""Sid":null"#, #""Sid":"RundownPublicRead","Condition":{}"#,
      #""Sid":"RundownPublicRead","NotPrincipal":null"#,
    ])
  func policyNames(told: String) async throws {
    let server = PolicyServer(#"{"Statement":[]}"#) { $0.replacing(#""Sid":"RundownPublicRead""#, with: told) }
    let s3 = S3Client(
      transport: server, credentials: ClosureCredentialProvider { StorageGiven.credentials },
      endpoint: .own("http://storage.test", region: "us-east-1"), clock: { 0 })
    let parameters = CreateBucketConfig(connection: "media", bucket: "example-live", publicRead: true)
    let setting = try #require(parameters.settings.first { $0.name == "policy" })
    #expect(try await setting.difference(s3) != nil)
    try await setting.write(s3)
    #expect(try await setting.difference(s3) == nil)
    #expect(await server.policy.ranges(of: "s3:GetObject").count == 1)
  }

  /// A bucket that has a policy and nothing else.
  private actor PolicyServer: HTTPTransport {
    private(set) var policy: String
    /// What it makes of a policy that it is given.
    private let kept: @Sendable (String) -> String

    init(_ policy: String, kept: @escaping @Sendable (String) -> String = { $0 }) {
      (self.policy, self.kept) = (policy, kept)
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      if request.method == "PUT" { policy = kept(request.bodyText) }
      return HTTPResponse(status: 200, headers: [("x-amz-request-id", "r1")], body: Array(policy.utf8))
    }
  }

  @Test(
    "a statement of ours that says more than was asked is written anew: a condition lets fewer people read",
    arguments: [
      #""Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
      #""NotAction":"s3:DeleteObject""#,
    ])
  func policyExtras(extra: String) async throws {
    let given = try await BucketGiven("job-settings-policy-\(extra.count)")
    var parameters = given.parameters
    parameters.publicRead = true
    _ = try await given.storage.run(parameters)
    let narrowed =
      #"{"Version":"2012-10-17","Statement":[{"Sid":"RundownPublicRead","Effect":"Allow","Principal":"*","#
      + #""Action":"s3:GetObject","Resource":"arn:aws:s3:::\#(given.bucket)/*",\#(extra)}]}"#
    try await given.s3.putPolicy(given.bucket, json: narrowed)
    let result = try await given.storage.run(parameters).output(as: BucketConfigResult.self)
    #expect(result.changed == ["policy"])
    let policy = try #require(await given.s3.policy(given.bucket))
    #expect(!policy.contains("Condition") && !policy.contains("NotAction"))
    #expect(try PublicReadPolicy(json: policy, bucket: given.bucket, partition: "aws").isThere)
  }

  /// A setting as a server shows it for ever, whatever is written.
  struct Stubborn: Sendable, CustomTestStringConvertible {
    var subresource: String
    var status = 200
    var body: String
    var says: String

    var testDescription: String { "\(subresource) \(status)" }
  }

  @Test(
    "whichever setting reads back otherwise, the failure says what was wanted and what was found",
    arguments: [
      Stubborn(
        subresource: "ownershipControls",
        body:
          "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>",
        says: "ownership of bucket B: wanted ObjectWriter, found BucketOwnerEnforced"),
      Stubborn(
        subresource: "cors",
        body: "<CORSConfiguration><CORSRule><ID>rundown-players</ID><AllowedOrigin>https://a.example</AllowedOrigin>"
          + "<AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>",
        says: "cors of bucket B: wanted AllowedOrigin=*, AllowedMethod=GET HEAD, AllowedHeader=*, "
          + "ExposeHeader=ETag Content-Length, MaxAgeSeconds=3000, "
          + "found AllowedOrigin=https://a.example, AllowedMethod=PUT"),
      Stubborn(
        subresource: "cors", status: 404, body: "<Error><Code>NoSuchCORSConfiguration</Code></Error>",
        says: "cors of bucket B: wanted AllowedOrigin=*, AllowedMethod=GET HEAD, AllowedHeader=*, "
          + "ExposeHeader=ETag Content-Length, MaxAgeSeconds=3000, found none"),
      // Of our days, and of one folder only.
      Stubborn(
        subresource: "lifecycle",
        body: "<LifecycleConfiguration><Rule><ID>rundown-abort-incomplete-uploads</ID>"
          + "<Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload>"
          + "<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>",
        says: "lifecycle of bucket B: wanted AbortIncompleteMultipartUpload/DaysAfterInitiation=7, "
          + "ID=rundown-abort-incomplete-uploads, Status=Enabled, "
          + "found AbortIncompleteMultipartUpload/DaysAfterInitiation=7, Filter/Prefix=a/, "
          + "ID=rundown-abort-incomplete-uploads, Status=Enabled"),
      Stubborn(
        subresource: "policy",
        body: #"{"Statement":[{"Sid":"RundownPublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","#
          + #""Resource":"arn:aws:s3:::B/*","Condition":{"StringLike":{"aws:Referer":"canary-referrer"}}}]}"#,
        says: #"policy of bucket B: wanted Action="s3:GetObject", Effect="Allow", Principal="*", "#
          + #"Resource="arn:aws:s3:::B/*", found Action="s3:GetObject", a Condition, Effect="Allow", Principal="*", "#
          + #"Resource="arn:aws:s3:::B/*""#),
      Stubborn(
        subresource: "tagging",
        body: "<Tagging><TagSet><Tag><Key>team</Key><Value>old</Value></Tag><Tag><Key>other</Key><Value>x</Value></Tag>"
          + "</TagSet></Tagging>",
        says: "tags of bucket B: wanted event=cup, team=live, found team=old"),
    ])
  func wantedAndFound(setting: Stubborn) async throws {
    let given = try await BucketGiven("job-settings-wanted-\(setting.subresource.lowercased())-\(setting.status)")
    let body = setting.body.replacing("B/*", with: "\(given.bucket)/*")
    await given.transport.answer { request in
      guard request.method == "GET", request.subresource == setting.subresource else { return .pass }
      return .instead(HTTPResponse(status: setting.status, headers: [], body: Array(body.utf8)))
    }
    var parameters = given.parameters
    parameters.publicRead = true
    parameters.tags = ["team": "live", "event": "cup"]
    let id = try await given.storage.enqueue(parameters)
    try await given.storage.attempt()
    let failure = try #require(await given.storage.job(id).lastFailure)
    #expect(failure.code == "differs")
    let expected = setting.says.replacing("bucket B:", with: "bucket \(given.bucket):")
      .replacing("B/*", with: "\(given.bucket)/*")
    #expect(failure.message == expected)
    #expect((failure.hint?.contains("account-level") == true) == (setting.subresource == "policy"))
    #expect(!"\(try await given.storage.store.attempts(of: id))".contains("canary-referrer"))
  }
}
