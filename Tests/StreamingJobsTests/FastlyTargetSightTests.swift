import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing
import WowzaVideoClient

@Suite("create-fastly-target, what it sees at the provider")
struct FastlyTargetSightTests {
  private let parameters = FastlyTargetTests.parameters

  private func account(_ given: Given, _ version: String, over transport: any HTTPTransport) throws -> WowzaVideoClient
  {
    WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(given.standIns.ports.video)", version: try #require(WowzaVideoVersion(version)),
      credentials: { .bearer(Secret(Given.token)) }, transport: transport,
      now: { given.clock.now().milliseconds / 1000 })
  }

  private func makeTarget(_ given: Given, name: String, origin: String) async throws -> String {
    try await given.clients.wowzaVideo("main").createStreamTarget(
      NewStreamTarget(name: name, originURL: origin, originRegion: "eu")
    ).id
  }

  @Test("a new target that cannot be seen yet is looked at again, not given up")
  func notSeenYet() async throws {
    try await Given.standIns { given in
      var given = given
      let view = LateView(of: "/stream_targets/fastly/", over: given.transport)
      given.clients.accounts["main"] = try account(given, "v1.11", over: view)
      let job = try await given.outcome(of: parameters)
      #expect(await view.isOver)
      #expect(job.state == .completed && job.failures == 0)
      #expect(try await given.videoCount("createdTargets") == 1)
    }
  }

  @Test("an account of version 2.0 has its own path for the same thing")
  func newerVersion() async throws {
    try await Given.standIns { given in
      var given = given
      given.clients.accounts["main"] = try account(given, "v2.0", over: given.transport)
      let result = try await given.outcome(of: parameters).output(FastlyTargetResult.self)
      #expect(try await given.elements("targets").first?["id"]?.string == result.id)
      #expect(result.playbackRoot != nil)
    }
  }

  @Test("every target that has the name and another origin is told")
  func otherOrigins() async throws {
    try await Given.standIns { given in
      let one = try await makeTarget(given, name: "cdn-example-live", origin: "https://one.example.com")
      let two = try await makeTarget(given, name: "cdn-example-live", origin: "https://two.example.com")
      let failure = try #require(try await given.outcome(of: parameters).lastFailure)
      #expect(failure.code == "differs")
      for word in [one, two, "https://one.example.com", "https://two.example.com"] {
        #expect(failure.message.contains(word), "\(word)")
      }
    }
  }
}
