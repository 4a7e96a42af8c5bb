import JobQueue
import JobQueueTestKit
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("create-fastly-target")
struct FastlyTargetTests {
  static let parameters = CreateFastlyTarget(connection: "main", bucket: "example-live", region: "eu-central-1")

  @Test("makes a target in front of the bucket, and tells where playback begins")
  func made() async throws {
    try await Given.standIns { given in
      let result = try await given.outcome(of: Self.parameters).output(FastlyTargetResult.self)
      #expect(result.created)
      let target = try #require(try await given.elements("targets").first)
      #expect(target["id"]?.string == result.id)
      #expect(target["name"] == "cdn-example-live")
      #expect(target["custom_origin_url"] == "https://example-live.s3.eu-central-1.amazonaws.com")
      #expect(target["custom_origin_region"] == "eu")
      #expect(target["force_ssl_playback"] == false)
      let stream = try #require(target["stream_name"]?.string)
      let root = try #require(result.playbackRoot)
      #expect(root.hasPrefix("https://cdn.example.com/1/") && root.hasSuffix("/" + stream))
      #expect(result.playbackURL == root + "/hls/live/playlist.m3u8")
    }
  }

  @Test("the part of the world, the origin and HTTPS are as asked when they are asked")
  func asked() async throws {
    try await Given.standIns { given in
      var parameters = Self.parameters
      parameters.name = "front"
      parameters.originRegion = "asia"
      parameters.originURL = "https://origin.example.com/"
      parameters.forceSSL = true
      let result = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(result.name == "front")
      let target = try #require(try await given.elements("targets").first)
      #expect(target["custom_origin_region"] == "asia")
      #expect(target["custom_origin_url"] == "https://origin.example.com/")
      #expect(target["force_ssl_playback"] == true)
    }
  }

  @Test(
    "the nearest part of the world follows from the bucket's region",
    arguments: [
      ("us-east-1", "us"), ("ca-central-1", "us"), ("eu-west-3", "eu"), ("ap-northeast-1", "asia"),
      ("ap-south-1", "india"), ("sa-east-1", "sa"),
    ])
  func region(region: String, word: String) async throws {
    try await Given.standIns { given in
      var parameters = Self.parameters
      parameters.region = region
      _ = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(try await given.elements("targets").first?["custom_origin_region"]?.string == word)
    }
  }

  @Test("a target that is there is taken over by another job, whatever the slashes and capitals of its origin")
  func unchanged() async throws {
    try await Given.standIns { given in
      let first = try await given.outcome(of: Self.parameters).output(FastlyTargetResult.self)
      var parameters = Self.parameters
      parameters.originURL = "https://EXAMPLE-live.s3.eu-central-1.amazonaws.com/"
      let second = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(!second.created && second.id == first.id && second.playbackRoot == first.playbackRoot)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("a target of this name with another origin ends the job, and nothing is made")
  func otherOrigin() async throws {
    try await Given.standIns { given in
      try await given.makeTarget(origin: "https://elsewhere.example.com")
      let job = try await given.outcome(of: Self.parameters)
      #expect(job.state == .dead && job.lastFailure?.code == "differs")
      #expect(job.lastFailure?.message.contains("https://elsewhere.example.com") == true)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("two targets of this name and origin are a person's decision, and a retry goes on once one is gone")
  func ambiguous() async throws {
    try await Given.standIns { given in
      try await given.makeTarget()
      let other = try await given.makeTarget()
      let job = try await given.outcome(of: Self.parameters)
      #expect(job.state == .held && job.failures == 0)
      #expect(job.waitReason?.contains(other) == true)
      #expect(try await given.videoCount("createdTargets") == 2)
      try await given.video("DELETE", "stream_targets/fastly/" + other)
      _ = try await given.store.retry([job.id], at: given.clock.now())
      #expect(try await given.run(job.id).output(FastlyTargetResult.self).created == false)
      #expect(try await given.videoCount("createdTargets") == 2)
    }
  }

  @Test("a target that is there with another region or without forced HTTPS is not taken for the asked one")
  func differs() async throws {
    try await Given.standIns { given in
      try await given.makeTarget(region: "asia")
      var parameters = Self.parameters
      parameters.forceSSL = true
      let job = try await given.outcome(of: parameters)
      let failure = try #require(job.lastFailure)
      #expect(job.state == .dead && failure.code == "differs")
      #expect(failure.message.contains("custom_origin_region is asia, not eu"))
      #expect(failure.message.contains("force_ssl_playback is false, not true"))
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }
}

extension Given {
  /// Makes a target as a person would; gives its id.
  @discardableResult
  fileprivate func makeTarget(
    origin: String = "https://example-live.s3.eu-central-1.amazonaws.com", region: String = "eu"
  ) async throws -> String {
    try await clients.wowzaVideo("main").createStreamTarget(
      NewStreamTarget(name: "cdn-example-live", originURL: origin, originRegion: region)
    ).id
  }
}
