import AWSClient
import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import TestServers
import Testing

@testable import StreamingJobs

/// A server of the matrix, and jobs to run on it.
private struct MatrixGiven {
  let kind: S3Server.Kind
  let server: S3Server
  let transport: BucketTransport
  let storage: StorageGiven
  let s3: S3Client
  /// A bucket of this case's own, also where earlier runs left theirs behind.
  let bucket: String

  init(_ kind: S3Server.Kind, _ name: String) async throws {
    self.kind = kind
    server = try await S3Server.shared(kind)
    let curl = CurlTransport(configuration: .init(proxy: .none))
    let keys = AWSCredentials(accessKeyID: server.accessKeyID, secretAccessKey: Secret(server.secretAccessKey))
    let credentials = ClosureCredentialProvider { keys }
    let endpoint = S3Endpoint.own(server.url, region: server.region)
    transport = BucketTransport(curl)
    storage = StorageGiven(
      transport: transport, credentials: credentials, seconds: { Int64(time(nil)) }, endpoint: { _ in endpoint })
    s3 = S3Client(transport: curl, credentials: credentials, endpoint: endpoint, clock: { Int64(time(nil)) })
    bucket = "rundown-matrix-\(name)" + (kind == .named ? "-\(time(nil))" : "")
  }

  /// With a bucket that is there.
  static func withBucket(_ kind: S3Server.Kind, _ name: String) async throws -> MatrixGiven {
    let given = try await MatrixGiven(kind, name)
    try await given.s3.createBucket(given.bucket, region: given.server.region)
    return given
  }

  func upload(_ file: UploadRecordingFile, key: String = "k.mp4", partSize: Int? = nil) -> UploadRecording {
    UploadRecording(connection: "media", file: file.path, bucket: bucket, key: key, partSize: partSize)
  }

  func notes(of job: Job) async throws -> [String] {
    try await storage.store.attempts(of: job.id).flatMap(\.notes).map(\.text)
  }

  /// The settings that the server does not know; nil where the test does not know the server.
  var lacking: [String]? {
    switch kind {
    case .miniStack, .moto: []
    case .swift: ["ownership", "publicAccessBlock", "cors", "lifecycle"]
    case .named: nil
    }
  }
}

@Suite("On every S3 server") struct S3MatrixTests {
  private static let servers = S3Server.Kind.inUse
  private static let twoPartSize: Int64 = 16 << 20 + 9

  @Test("a bucket is set up, what the server lacks is told, and a second job changes nothing", arguments: servers)
  func bucket(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven(kind, "setup")
    let parameters = CreateBucketConfig(connection: "media", bucket: given.bucket)
    let job = try await given.storage.run(parameters)
    let result = try job.output(as: BucketConfigResult.self)
    #expect(result.created)
    if let lacking = given.lacking { #expect(result.unsupported == lacking) }
    let notes = try await given.notes(of: job)
    for setting in result.unsupported { #expect(notes.contains { $0.hasPrefix("\(setting): unsupported; ") }) }
    #expect(notes.contains { $0.contains("GET \(given.server.url)/\(given.bucket)?cors → ") })
    let again = try await given.storage.run(parameters).output(as: BucketConfigResult.self)
    #expect(again.unchanged)
    #expect(again.unsupported == result.unsupported)
  }

  @Test(
    "what was asked for and the server lacks ends the job when all else is set, unless it may be left out",
    arguments: servers)
  func askedFor(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven(kind, "asked")
    var parameters = CreateBucketConfig(
      connection: "media", bucket: given.bucket, ownership: "ObjectWriter", publicRead: true,
      corsAllowedHeaders: ["Range"], corsExposedHeaders: [], abortIncompleteDays: 3, tags: ["team": "live"])
    let job = try await given.storage.run(parameters)
    if job.state == .dead {
      #expect(kind != .miniStack && kind != .moto)
      #expect(job.lastFailure?.code == "unsupported")
      #expect(job.lastFailure?.hint?.contains("--skip-unsupported") == true)
    } else {
      #expect(try job.output(as: BucketConfigResult.self).unsupported.isEmpty)
      let rule = try #require(await given.s3.cors(given.bucket)?.first)
      #expect(rule.allowedHeaders == ["Range"] && rule.exposeHeaders.isEmpty)
    }
    parameters.skipUnsupported = true
    #expect(try await given.storage.run(parameters).state == .completed)
  }

  @Test("a small recording is stored and verified, and the same one again is unchanged", arguments: servers)
  func small(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven.withBucket(kind, "small")
    let file = try UploadRecordingFile(size: 9)
    let first = try await given.storage.run(given.upload(file)).output(as: UploadResult.self)
    #expect(!first.unchanged)
    #expect(first.verified == ["size", "checksum"] || first.verified == ["size", "etag"])
    #expect(try await given.storage.run(given.upload(file)).output(as: UploadResult.self).unchanged)
    #expect(try await given.s3.getObject("k.mp4", in: given.bucket, limit: 99) == Array("take-1@0;".utf8))
  }

  @Test("a recording in parts is stored and verified, and the same one again is unchanged", arguments: servers)
  func large(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven.withBucket(kind, "large")
    let file = try UploadRecordingFile(size: Self.twoPartSize)
    let job = try await given.storage.run(given.upload(file))
    let first = try job.output(as: UploadResult.self)
    #expect(job.failures == 0)
    #expect(first.parts == 2)
    #expect(!first.unchanged)
    #expect(first.verified == ["size", "checksum"] || first.verified == ["size", "etag"])
    #expect(await given.transport.requests.count { $0.url.contains("partNumber=") } == 2)
    #expect(try await given.storage.run(given.upload(file)).output(as: UploadResult.self).unchanged)
    // Cut otherwise it is the same file.
    let otherwise = try await given.storage.run(given.upload(file, partSize: 64)).output(as: UploadResult.self)
    #expect(otherwise.unchanged)
    #expect(try await given.s3.listMultipartUploads(prefix: "", in: given.bucket).isEmpty)
    let bytes = try await given.s3.getObject("k.mp4", in: given.bucket, limit: Int(Self.twoPartSize))
    #expect(bytes.suffix(9).elementsEqual("take-1@16777216;".utf8.prefix(9)))
  }

  @Test("a recording that makes one part goes in one request", arguments: servers)
  func onePart(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven.withBucket(kind, "one-part")
    let file = try UploadRecordingFile(size: Self.twoPartSize)
    let result = try await given.storage.run(given.upload(file, partSize: 32)).output(as: UploadResult.self)
    #expect(result.parts == 1)
    #expect(result.verified.count == 2)
    #expect(await given.transport.requests.allSatisfy { !$0.url.contains("upload") })
  }

  @Test("cut after its first part, an upload goes on with the second", arguments: servers)
  func resumed(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven.withBucket(kind, "resumed")
    let file = try UploadRecordingFile(size: Self.twoPartSize)
    var parameters = given.upload(file)
    parameters.parallelParts = 1
    let job = try await given.storage.run(parameters, faults: ScriptedFaults(at: .checkpointWritten, arrival: 3))
    #expect(try job.output(as: UploadResult.self).resumedParts == 1)
    #expect(await given.transport.requests.count { $0.url.contains("partNumber=") } == 2)
  }

  @Test("a completion whose answer was lost is recognised, and nothing is sent again", arguments: servers)
  func lostCompletion(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven.withBucket(kind, "lost")
    let file = try UploadRecordingFile(size: Self.twoPartSize)
    await given.transport.answer { request in
      request.method == "POST" && request.url.contains("uploadId=") ? .lost : .pass
    }
    let result = try await given.storage.run(given.upload(file)).output(as: UploadResult.self)
    #expect(!result.unchanged)
    #expect(await given.transport.requests.count { $0.url.contains("partNumber=") } == 2)
  }

  @Test("what somebody else stored stays as it is", arguments: servers, [9, twoPartSize])
  func exists(kind: S3Server.Kind, size: Int64) async throws {
    let given = try await MatrixGiven.withBucket(kind, "exists-\(size)")
    let theirs = [UInt8](repeating: 7, count: Int(size))
    _ = try await given.s3.putObject("k.mp4", in: given.bucket, body: .bytes(theirs))
    let file = try UploadRecordingFile(size: size)
    let job = try await given.storage.run(given.upload(file))
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "exists")
    #expect(try await given.s3.getObject("k.mp4", in: given.bucket, limit: theirs.count) == theirs)
  }

  @Test("a key of any characters is stored as it is, and its address leads there", arguments: servers)
  func keys(kind: S3Server.Kind) async throws {
    let given = try await MatrixGiven.withBucket(kind, "keys")
    let file = try UploadRecordingFile(size: 9)
    for key in ["h#1.mp4", "q?m=1.mp4", "100%25.mp4", "a+b c.mp4", "ü/é.mp4"] {
      let result = try await given.storage.run(given.upload(file, key: key)).output(as: UploadResult.self)
      #expect(try await given.s3.getObject(key, in: given.bucket, limit: 99).count == 9)
      #expect(await given.transport.requests.contains { $0.method == "HEAD" && $0.url == result.url })
    }
  }
}
