import AWSClient
import HTTPTransport
import Secrets
import Testing

@Suite struct LiveBucketTests {
  @Test("A bucket is absent, is created in its region, and is then there")
  func creates() async throws {
    let s3 = try await LiveServer().s3(region: "eu-west-1")
    #expect(try await s3.headBucket("live-create") == nil)
    try await s3.createBucket("live-create", region: "eu-west-1")
    #expect(try await s3.headBucket("live-create")?.region == "eu-west-1")
  }

  @Test("A second creation outside us-east-1 is refused as already ours")
  func createsTwice() async throws {
    let s3 = try await LiveServer().s3()
    try await s3.createBucket("live-twice", region: "eu-west-1")
    let error = await #expect(throws: ProviderError.self) {
      try await s3.createBucket("live-twice", region: "eu-west-1")
    }
    #expect(error?.status == 409)
    #expect(error?.code == "BucketAlreadyOwnedByYou")
    #expect(error?.delivery == .refused)
  }

  @Test("Object ownership and the public access block, all on at first, become what was put")
  func accessSettings() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-access")
    try await s3.putOwnershipControls(bucket, .objectWriter)
    #expect(try await s3.ownershipControls(bucket) == .objectWriter)
    #expect(try await s3.publicAccessBlock(bucket) == .allOn)
    let block = S3PublicAccessBlock(
      blockPublicACLs: true, ignorePublicACLs: false, blockPublicPolicy: true, restrictPublicBuckets: false)
    try await s3.putPublicAccessBlock(bucket, block)
    #expect(try await s3.publicAccessBlock(bucket) == block)
  }

  @Test("CORS rules come back as they were put")
  func cors() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-cors")
    #expect(try await s3.cors(bucket) == nil)
    let rules = [
      S3CORSRule(
        id: "player & friends", allowedOrigins: ["https://*.example.com", "*"], allowedMethods: ["GET", "HEAD"],
        allowedHeaders: ["*"], exposeHeaders: ["ETag"], maxAgeSeconds: 3000),
      S3CORSRule(allowedOrigins: ["*"], allowedMethods: ["GET"]),
    ]
    try await s3.putCORS(bucket, rules)
    let stored = try await s3.cors(bucket)
    #expect(stored?.count == 2)
    #expect(stored?.first == rules.first)
    #expect(stored?.last?.allowedMethods == ["GET"])
  }

  @Test("A lifecycle rule of somebody else survives a merge with ours")
  func lifecycle() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-lifecycle")
    #expect(try await s3.lifecycle(bucket) == nil)
    let theirs = S3LifecycleRule(
      id: "theirs",
      xml: "<Rule><ID>theirs</ID><Filter><Prefix>a&amp;b/</Prefix></Filter><Status>Enabled</Status>"
        + "<Expiration><Days>30</Days></Expiration></Rule>")
    try await s3.putLifecycle(bucket, [theirs])
    let before = try #require(await s3.lifecycle(bucket))
    try await s3.putLifecycle(bucket, before + [.abortIncompleteUploads(id: "ours", afterDays: 7)])
    let after = try #require(await s3.lifecycle(bucket))
    #expect(after.map(\.id) == ["theirs", "ours"])
    #expect(after.first == before.first)
    #expect(after.first?.xml.contains("a&amp;b/") == true)
    #expect(after.last?.xml.contains("<DaysAfterInitiation>7</DaysAfterInitiation>") == true)
  }

  @Test("Tags are unset or what was put")
  func tagging() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-tags")
    #expect(try await s3.tagging(bucket) == nil)
    try await s3.putTagging(bucket, ["team": "live & vod", "rundown": "<1>"])
    #expect(try await s3.tagging(bucket) == ["team": "live & vod", "rundown": "<1>"])
  }

  @Test("A policy is unset or what was put, and a public one is refused while the bucket blocks it")
  func policy() async throws {
    let (s3, bucket) = try await LiveServer().bucket("live-policy")
    #expect(try await s3.policy(bucket) == nil)
    let json =
      #"{"Version":"2012-10-17","Statement":[{"Sid":"PublicRead","Effect":"Allow","Principal":"*","#
      + #""Action":"s3:GetObject","Resource":"arn:aws:s3:::live-policy/*"}]}"#
    let error = await #expect(throws: ProviderError.self) { try await s3.putPolicy(bucket, json: json) }
    #expect(error?.code == "AccessDenied")
    #expect(error?.hint?.contains("Block Public Access") == true)
    try await s3.putPublicAccessBlock(bucket, .allOff)
    try await s3.putPolicy(bucket, json: json)
    #expect(try await s3.policy(bucket)?.contains("PublicRead") == true)
  }

  @Test("A wrong secret is refused with a hint, and the error does not show it")
  func wrongSecret() async throws {
    let server = try await LiveServer()
    let (_, bucket) = try await server.bucket("live-wrong-secret")
    var wrong = server.administrator
    wrong.secretAccessKey = Secret("not-the-secret-0815")
    let s3 = server.s3(as: wrong)
    let error = await #expect(throws: ProviderError.self) { try await s3.tagging(bucket) }
    #expect(error?.status == 403)
    #expect(error?.code == "SignatureDoesNotMatch")
    #expect(error?.delivery == .refused)
    #expect(error?.hint == "check the secret access key")
    #expect(error.map { "\($0)".contains("0815") } == false)
  }

  @Test("An unknown access key is refused by its own code")
  func unknownKey() async throws {
    let server = try await LiveServer()
    let s3 = server.s3(as: AWSCredentials(accessKeyID: "AKIAUNKNOWN", secretAccessKey: Secret("x")))
    let error = await #expect(throws: ProviderError.self) { try await s3.tagging("live-unknown-key") }
    #expect(error?.code == "InvalidAccessKeyId")
  }

  @Test("A bucket that does not exist is 404 NoSuchBucket")
  func missingBucket() async throws {
    let s3 = try await LiveServer().s3()
    let error = await #expect(throws: ProviderError.self) { try await s3.tagging("live-missing") }
    #expect(error?.status == 404)
    #expect(error?.code == "NoSuchBucket")
    #expect(error?.delivery == .refused)
    #expect(error?.target == "live-missing")
  }

  @Test("A clock that is an hour off is corrected by the server's and the call succeeds", arguments: [-3600, 3600])
  func skewedClock(_ seconds: Int64) async throws {
    let server = try await LiveServer()
    let name = "live-skew-\(seconds > 0 ? "ahead" : "behind")"
    try await server.s3(secondsAhead: seconds).createBucket(name, region: "us-east-1")
    #expect(try await server.s3().headBucket(name) != nil)
  }

  @Test("A bucket of another region than the client's is found by the server's redirect")
  func otherRegion() async throws {
    let server = try await LiveServer()
    try await server.s3().createBucket("live-redirect", region: "eu-central-1")
    let s3 = server.s3(region: "us-west-2")
    try await s3.putTagging("live-redirect", ["a": "b"])
    #expect(try await s3.tagging("live-redirect") == ["a": "b"])
    #expect(try await s3.headBucket("live-redirect")?.region == "eu-central-1")
  }
}

extension S3PublicAccessBlock {
  fileprivate static let allOn = S3PublicAccessBlock(
    blockPublicACLs: true, ignorePublicACLs: true, blockPublicPolicy: true, restrictPublicBuckets: true)
  fileprivate static let allOff = S3PublicAccessBlock(
    blockPublicACLs: false, ignorePublicACLs: false, blockPublicPolicy: false, restrictPublicBuckets: false)
}
