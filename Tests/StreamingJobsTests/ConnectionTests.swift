import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

@Suite("Jobs whose connections are not in order")
struct ConnectionTests {
  private static let unreadable = SecretError(
    code: .missing, reference: "file:key", cause: "there is no such file", hint: "put it there")

  @Test("a connection that is not configured holds a job of any kind, and a retry goes on once it is there")
  func missing() async throws {
    try await Given.standIns { given in
      try await given.asset(#"{"id":"talk-1"}"#)
      var bare = given
      bare.clients = LocalClients()
      let ids = [
        try await bare.enqueue(MapEntryTests.single), try await bare.enqueue(FastlyTargetTests.parameters),
        try await bare.enqueue(RestreamTests.parameters),
      ]
      for id in ids {
        let job = try await bare.run(id)
        #expect(job.state == .held && job.failures == 0)
        #expect(job.waitReason?.contains("the worker's configuration has no") == true)
      }
      _ = try await given.store.retry(ids, at: given.clock.now())
      for id in ids { #expect(try await given.run(id).state == .completed) }
    }
  }

  @Test("a push credential that is not configured holds the job, and nothing is made")
  func missingPushKey() async throws {
    try await Given.standIns { given in
      var given = given
      given.clients.pushKeys = [:]
      let job = try await given.outcome(of: MapEntryTests.single)
      #expect(job.state == .held)
      #expect(job.waitReason?.contains("connections.pushCredentials") == true)
      #expect(try await given.engineCount("created") == 0)
    }
  }

  @Test(
    "a push key, a password or a token that cannot be read burns no attempt", arguments: ["push", "engine", "video"])
  func unreadableSecret(which: String) async throws {
    try await Given.standIns { given in
      var broken = given
      let port = try #require(given.standIns.ports.engines["fra1"])
      switch which {
      case "push": broken.clients.pushKeys["push"] = { throw Self.unreadable }
      case "engine":
        broken.clients.engines["fra1"] = WowzaEngineClient(
          transport: given.transport, baseURL: "http://127.0.0.1:\(port)", credentials: { throw Self.unreadable })
      default:
        broken.clients.accounts["main"] = WowzaVideoClient(
          baseURL: "http://127.0.0.1:\(given.standIns.ports.video)", version: try #require(WowzaVideoVersion("v1.11")),
          credentials: { throw Self.unreadable }, transport: given.transport,
          now: { given.clock.now().milliseconds / 1000 })
      }
      let id =
        which == "video"
        ? try await given.enqueue(FastlyTargetTests.parameters) : try await given.enqueue(MapEntryTests.single)
      for seconds in [10, 20, 40] {
        #expect(try await broken.attempt())
        if which == "push" {
          // The engine answers: only jobs with this key must wait.
          let job = try await given.job(id)
          #expect(job.state == .scheduled && job.failures == 0)
          #expect(job.runAt - given.clock.now() == .seconds(60))
          #expect(job.waitReason?.contains("there is no such file") == true)
        } else {
          try await given.store.expectBehindGate(
            id, for: .seconds(seconds), at: given.clock.now(), saying: "there is no such file")
        }
        try await given.passUntilDue()
      }
      #expect(try await given.run(id).state == .completed)
    }
  }

  @Test("an account whose version has no assets holds a restream until a person changes it")
  func oldVersion() async throws {
    try await Given.standIns { given in
      var given = given
      let credentials = WowzaVideoCredentials.bearer(Secret(Given.token))
      given.clients.accounts["main"] = WowzaVideoClient(
        baseURL: "http://127.0.0.1:\(given.standIns.ports.video)", version: try #require(WowzaVideoVersion("v1.7")),
        credentials: { credentials }, transport: given.transport, now: { 0 })
      let job = try await given.outcome(of: RestreamTests.parameters)
      #expect(job.state == .held && job.failures == 0)
    }
  }
}
