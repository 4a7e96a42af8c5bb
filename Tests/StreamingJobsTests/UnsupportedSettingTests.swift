import AWSClient
import FoundationEssentials
import HTTPTransport
import JobQueue
import JobQueueTestKit
import TestServers
import Testing

@testable import StreamingJobs

@Suite("A server of one's own may not know a setting of a bucket") struct UnsupportedSettingTests {
  /// A bucket over a socket, and jobs that set it up.
  private struct Given {
    let bucket: BucketServer
    let socket: SocketServer
    let storage: StorageGiven

    init(isThere: Bool = true, region: String? = nil) throws {
      // As at AWS, public access is blocked at first.
      bucket = BucketServer(["publicAccessBlock": Given.block(true)], isThere: isThere, region: region)
      let socket = try bucket.listen()
      self.socket = socket
      storage = StorageGiven(
        transport: CurlTransport(configuration: .init(proxy: .none)),
        endpoint: { .own(socket.url, region: $0 ?? "us-east-1") })
    }

    static func block(_ on: Bool) -> String {
      let switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
      let content = switches.map { "<\($0)>\(on)</\($0)>" }.joined()
      return "<PublicAccessBlockConfiguration>\(content)</PublicAccessBlockConfiguration>"
    }

    /// Asks for all six settings, three of them by a parameter.
    let everything = CreateBucketConfig(
      connection: "media", bucket: "vod", publicRead: true, corsOrigins: ["https://player.example"],
      tags: ["team": "live"])

    func writes() async -> [String] { await bucket.calls.filter { $0.hasPrefix("PUT ") } }
  }

  /// How a server says that it does not know a sub-resource.
  struct Unknown: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var answer: SocketServer.Answer

    init(_ status: Int, _ code: String) {
      (testDescription, answer) = ("\(status) \(code)", BucketServer.error(status, code))
    }
    init(root: String) { (testDescription, answer) = (root, BucketServer.page("<\(root)></\(root)>")) }
  }

  private static let unknowns = [
    Unknown(404, "NoSuchKey"), Unknown(404, "MethodNotAllowed"), Unknown(404, "NotImplemented"),
    Unknown(404, "NoSuchConfiguration"), Unknown(400, "InvalidRequest"), Unknown(400, "InvalidArgument"),
    Unknown(400, "MalformedXML"), Unknown(405, "MethodNotAllowed"), Unknown(501, "NotImplemented"),
    Unknown(root: "ListBucketResult"), Unknown(root: "ListAllMyBucketsResult"), Unknown(root: "Anything"),
  ]

  private static let settings = [
    "ownershipControls", "publicAccessBlock", "cors", "lifecycle", "policy", "tagging",
  ]

  @Test(
    "whatever it answers to the read, nothing is written to that setting, and all others are set", arguments: unknowns)
  func unknown(_ unknown: Unknown) async throws {
    // Documents and the one that is JSON are read in two ways; that each setting is, one answer shows.
    let isExhaustive = ProcessInfo.processInfo.environment["RUNDOWN_EXHAUSTIVE"] == "1"
    let settings = isExhaustive || unknown.testDescription == "404 NoSuchKey" ? Self.settings : ["cors", "policy"]
    for setting in settings {
      let given = try Given()
      await given.bucket.answer(["GET \(setting)"], unknown.answer)
      var parameters = given.everything
      parameters.skipUnsupported = true
      let job = try await given.storage.run(parameters)
      #expect(job.state == .completed, "\(setting): \(job.lastFailure.map { "\($0)" } ?? "")")
      #expect(job.failures == 0)
      let result = try job.output(as: BucketConfigResult.self)
      #expect(result.unsupported.count == 1 && result.changed.count == 5, "\(setting): \(result)")
      #expect(await given.writes() == Self.settings.filter { $0 != setting }.map { "PUT \($0)" })
    }
  }

  @Test("what was asked for ends the job, and all else is set before; a default may be missing", arguments: settings)
  func askedFor(setting: String) async throws {
    let given = try Given()
    await given.bucket.answer(["GET \(setting)"], BucketServer.error(501, "NotImplemented"))
    let job = try await given.storage.run(given.everything)
    let isDefault = ["ownershipControls", "publicAccessBlock", "lifecycle"].contains(setting)
    #expect(job.state == (isDefault ? .completed : .dead))
    if !isDefault {
      #expect(job.lastFailure?.code == "unsupported")
      #expect(job.lastFailure?.hint?.contains("--skip-unsupported") == true)
    }
    #expect(await given.writes() == Self.settings.filter { $0 != setting }.map { "PUT \($0)" })
  }

  @Test("all that it lacks is told at once, at the end")
  func all() async throws {
    let given = try Given()
    await given.bucket.answer(Self.settings.map { "GET \($0)" }, BucketServer.error(405, "MethodNotAllowed"))
    let job = try await given.storage.run(given.everything)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.message.contains("cors, policy, tags") == true, "\(job.lastFailure as Any)")
    #expect(await given.writes().isEmpty)
  }

  @Test("a 400 on the write alone is the job's own failure: the setting is known", arguments: settings)
  func refusedWrite(setting: String) async throws {
    let given = try Given()
    await given.bucket.answer(["PUT \(setting)"], BucketServer.error(400, "MalformedXML"))
    var parameters = given.everything
    parameters.skipUnsupported = true
    let job = try await given.storage.run(parameters)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "MalformedXML")
  }

  @Test("a setting that was never made is one that it knows")
  func unset() async throws {
    let given = try Given()
    let result = try await given.storage.run(given.everything).output(as: BucketConfigResult.self)
    #expect(result.unsupported.isEmpty)
    #expect(result.changed.count == 6)
    #expect(try await given.storage.run(given.everything).output(as: BucketConfigResult.self).unchanged)
  }

  @Test("what Garage answers, also without S3's fields: 204 of a setting that was never made, 404 without a word")
  func garage() async throws {
    let given = try Given()
    await given.bucket.answerOnce(["GET cors", "GET policy", "GET tagging"], SocketServer.Answer(204))
    await given.bucket.answer(["GET lifecycle"], SocketServer.Answer(404))
    await given.bucket.answer(["GET ownershipControls", "GET publicAccessBlock"], SocketServer.Answer(501))
    let job = try await given.storage.run(given.everything)
    #expect(job.failures == 0)
    let result = try job.output(as: BucketConfigResult.self)
    #expect(result.unsupported == ["ownership", "publicAccessBlock", "lifecycle"])
    #expect(result.changed == ["cors", "policy", "tags"])
  }

  @Test("a 204 or an empty document from somebody in between says nothing of the setting", arguments: [200, 204])
  func portal(status: Int) async throws {
    let given = try Given()
    await given.bucket.answer(["GET cors", "GET location"], SocketServer.Answer(status))
    let id = try await given.storage.enqueue(given.everything)
    try await given.storage.attempt()
    let job = try await given.storage.job(id)
    #expect(!job.state.isFinished && job.failures == 0, "\(job.lastFailure as Any)")
    #expect(await !given.bucket.calls.contains("PUT cors"))
  }

  // A gateway that passes on all but one sub-resource.
  @Test(
    "a text or page for one setting, of a server that names its answers, is somebody else's: it is not unsupported",
    arguments: [400, 404, 405, 501], ["text/plain", "text/html", "application/json"])
  func gatewayText(status: Int, type: String) async throws {
    let given = try Given()
    let body = type == "text/html" ? "<html>no</html>" : type == "text/plain" ? "no" : #"{"message":"no"}"#
    await given.bucket.answer(["GET cors"], .text(status, body, headers: [(name: "Content-Type", value: type)]))
    var parameters = given.everything
    parameters.skipUnsupported = true
    let id = try await given.storage.enqueue(parameters)
    try await given.storage.attempt()
    let job = try await given.storage.job(id)
    #expect(!job.state.isFinished && job.failures == 0, "\(job)")
    #expect(await !given.bucket.calls.contains("PUT cors"))
  }

  @Test("an empty document is one that it does not know: what is written there could not be read back")
  func empty() async throws {
    let given = try Given()
    await given.bucket.answer(["GET publicAccessBlock"], BucketServer.page(""))
    let result = try await given.storage.run(given.everything).output(as: BucketConfigResult.self)
    #expect(result.unsupported == ["publicAccessBlock"])
  }

  // Ceph 16 calls the root of its answer BlockPublicAccessBlockConfiguration.
  @Test("a document of the setting's own content is its, whatever the root is called")
  func otherRoot() async throws {
    let given = try Given()
    var parameters = given.everything
    parameters.publicRead = nil
    parameters.blockPublicAccess = true
    let document = Given.block(true).replacing(
      "PublicAccessBlockConfiguration", with: "BlockPublicAccessBlockConfiguration")
    await given.bucket.answer(
      ["GET publicAccessBlock"], BucketServer.page(document))
    let result = try await given.storage.run(parameters).output(as: BucketConfigResult.self)
    #expect(result.unsupported.isEmpty)
    #expect(!result.changed.contains("publicAccessBlock"))
  }

  @Test("a bucket that is gone, credentials and throttling are no sign of that", arguments: settings)
  func otherReasons(setting: String) async throws {
    for (status, code) in [(404, "NoSuchBucket"), (403, "AccessDenied"), (400, "ExpiredToken"), (503, "SlowDown")] {
      let given = try Given()
      await given.bucket.answer(["GET \(setting)"], BucketServer.error(status, code))
      let id = try await given.storage.enqueue(given.everything)
      try await given.storage.attempt()
      let attempts = try await given.storage.store.attempts(of: id)
      #expect(!attempts.flatMap(\.notes).contains { $0.text.contains("unsupported") }, "\(setting) \(code)")
      #expect(await !given.bucket.calls.contains("PUT \(setting)"))
    }
  }

  @Test(
    "its regions have names of their own, and requests are signed for them",
    arguments: ["fr-par", "auto", "garage", "RegionOne", "default"])
  func regions(region: String) async throws {
    let given = try Given()
    var parameters = given.everything
    parameters.region = region
    let job = try await given.storage.run(parameters)
    #expect(job.state == .completed)
    #expect(await given.bucket.regions == [region])
  }

  // OpenStack Swift: its answer to HEAD is a bare 400, and only an answer with a body names the region.
  @Test("one that wants another region than ours is followed, also before there is a bucket", arguments: [true, false])
  func wantsRegion(isThere: Bool) async throws {
    let given = try Given(isThere: isThere, region: "RegionOne")
    let job = try await given.storage.run(given.everything)
    #expect(job.state == .completed, "\(job.lastFailure as Any)")
    #expect(job.failures == 0)
    let result = try job.output(as: BucketConfigResult.self)
    #expect(result.created == !isThere && result.changed.count == 6)
    #expect(await given.bucket.regions == ["us-east-1", "RegionOne"])
  }

  @Test(
    "a bucket that is there already is taken where it is, unless a region was asked for", arguments: [nil, "fr-par"])
  func home(region: String?) async throws {
    let given = try Given()
    await given.bucket.answer(
      ["HEAD "], SocketServer.Answer(200, headers: [("x-amz-bucket-region", "nl-ams"), ("x-amz-request-id", "r1")]))
    var parameters = given.everything
    parameters.region = region
    let job = try await given.storage.run(parameters)
    if region == nil {
      #expect(try job.output(as: BucketConfigResult.self).region == "nl-ams")
    } else {
      #expect(job.lastFailure?.code == "other-region")
    }
  }
}
