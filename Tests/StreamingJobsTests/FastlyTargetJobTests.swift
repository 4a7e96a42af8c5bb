import JobQueue
import JobQueueTestKit
import StreamingJobs
import Testing
import WowzaVideoClient

@testable import rundown_standins

@Suite("create-fastly-target puts exactly one CDN target in front of a bucket")
struct FastlyTargetJobTests {
  private static let origin = "https://example-live.s3.eu-central-1.amazonaws.com"

  private static let job = CreateFastlyTarget(connection: "main", bucket: "example-live", region: "eu-central-1")

  /// Makes a target by another hand.
  @discardableResult
  private func put(
    _ desk: WowzaDesk, name: String = "cdn-example-live", origin: String = origin, region: String = "eu"
  ) async throws -> StreamTarget {
    try await desk.video().createStreamTarget(
      NewStreamTarget(name: name, originURL: origin, originRegion: region))
  }

  private func onlyTarget(_ desk: WowzaDesk) async throws -> StreamTarget {
    let targets = try await desk.video().fastlyTargets(named: "cdn-example-live")
    try #require(targets.count == 1)
    return targets[0]
  }

  @Test(
    "the target has the bucket's regional address and the region word, on either side of the change of paths",
    arguments: ["v1.11", "v2.0"])
  func created(version: String) async throws {
    try await WowzaDesk.open(video: version) { desk in
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      let result: FastlyTargetResult = try await desk.output(id)
      let target = try await onlyTarget(desk)
      #expect(target.originURL == Self.origin)
      #expect(target.originRegion == "eu")
      #expect(result.id == target.id)
      #expect(result.name == "cdn-example-live")
      #expect(result.originURL == Self.origin)
      #expect(result.created)
      let url = try #require(result.playbackURL)
      let root = try #require(result.playbackRoot)
      #expect(url == "\(root)/hls/live/playlist.m3u8")
    }
  }

  @Test("a target whose creation got no answer is found and adopted, not made again")
  func lostAnswer() async throws {
    try await WowzaDesk.open { desk in
      try await desk.fault(#"{"listener":"video","kind":"cutAfterEffect","count":1}"#)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.videoCount("createdTargets") == 1)
    }
  }

  @Test("while the provider serves old answers from its cache, a lost creation is not repeated")
  func cached() async throws {
    try await WowzaDesk.open({ $0.videoSettings.cacheSeconds = 1 }) { desk in
      try await desk.fault(#"{"listener":"video","kind":"cutAfterEffect","count":1}"#)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.videoCount("createdTargets") == 1)
    }
  }

  @Test("a new target that cannot be seen yet is looked at again, not given up")
  func notSeenYet() async throws {
    try await WowzaDesk.open(through: { LateView(of: "/stream_targets/fastly/", over: $0) }) { desk in
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.videoCount("createdTargets") == 1)
    }
  }

  @Test("a crash anywhere on the way leaves exactly one target and a completed job", arguments: FaultPoint.all)
  func crash(_ point: FaultPoint) async throws {
    try await WowzaDesk.open { desk in
      let id = try await desk.enqueue(Self.job)
      try await desk.work(faults: ScriptedFaults(at: point))
      #expect(try await desk.job(id).state == .completed)
      #expect(try await desk.videoCount("createdTargets") == 1)
    }
  }

  @Test("a target of the same name and origin is taken as it is, however the origin is spelled")
  func adopted() async throws {
    try await WowzaDesk.open { desk in
      let there = try await put(desk, origin: "https://Example-Live.S3.eu-central-1.amazonaws.com/")
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      let result: FastlyTargetResult = try await desk.output(id)
      #expect(result.id == there.id)
      #expect(!result.created)
      #expect(try await desk.videoCount("createdTargets") == 1)
    }
  }

  @Test("a target of the same origin and another name is somebody else's")
  func otherName() async throws {
    try await WowzaDesk.open { desk in
      let there = try await put(desk, name: "somebody-elses")
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      let result: FastlyTargetResult = try await desk.output(id)
      #expect(result.created)
      #expect(result.id != there.id)
    }
  }

  @Test("a name that is taken by a target of another origin ends the job and makes nothing")
  func otherOrigin() async throws {
    try await WowzaDesk.open { desk in
      let there = try await put(desk, origin: "https://other-bucket.s3.eu-central-1.amazonaws.com")
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      let failure = try await desk.death(id)
      #expect(failure.code == "differs")
      #expect(failure.message.contains(there.id))
      #expect(failure.message.contains("other-bucket.s3"))
      #expect(try await desk.videoCount("createdTargets") == 1)
    }
  }

  @Test("two targets of the same name and origin wait for a person, who is told both ids")
  func ambiguous() async throws {
    try await WowzaDesk.open { desk in
      let one = try await put(desk)
      let other = try await put(desk)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      let job = try await desk.job(id)
      #expect(job.state == .held)
      #expect(job.waitReason?.contains(one.id) == true && job.waitReason?.contains(other.id) == true)
      #expect(try await desk.videoCount("createdTargets") == 2)
    }
  }

  @Test("a target that is there with another region word or another rule for HTTPS is named field by field")
  func differs() async throws {
    try await WowzaDesk.open { desk in
      try await put(desk, region: "asia")
      var parameters = Self.job
      parameters.forceSSL = true
      let id = try await desk.enqueue(parameters)
      try await desk.work()
      let failure = try await desk.death(id)
      #expect(failure.message.contains("custom_origin_region is asia, not eu"))
      #expect(failure.message.contains("force_ssl_playback is false, not true"))
    }
  }

  @Test("an account whose token has expired keeps the job waiting, without using up attempts")
  func expiredToken() async throws {
    try await WowzaDesk.open { desk in
      try await desk.fault(#"{"listener":"video","kind":"code401","code":"ERR-401-ExpiredToken","count":30}"#)
      let id = try await desk.enqueue(Self.job)
      try await desk.work()
      let job = try await desk.job(id)
      #expect(job.state == .completed)
      #expect(job.failures == 0)
      #expect(job.token == 31)
    }
  }

  @Test(
    "an origin that is no plain address is refused before it is stored, without repeating it",
    arguments: [
      "ftp://origin.example.com", "https://", "https://:443", "https://user:canary@origin.example.com",
      "https://origin.example.com/?canary=1", "https://origin.example.com/#canary", "https://origin example.com",
    ])
  func invalidOrigin(_ url: String) throws {
    var parameters = Self.job
    parameters.originURL = url
    let issue = try #require(parameters.validate().first)
    #expect(issue.field == "originURL")
    #expect(!issue.message.contains("canary"))
  }

  @Test("an origin of one's own may have a port and a path")
  func ownOrigin() {
    var parameters = Self.job
    parameters.originURL = "http://origin.example.com:8080/live"
    #expect(parameters.validate().isEmpty)
  }
}
