import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Secrets
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient

@testable import JobWorker

@Suite("A provider that is slow throughout", .timeLimit(.minutes(20)))
struct SlowProviderTests {
  // time | jobs                                                  | engine
  // -----+-------------------------------------------------------+--------------------
  //      | the first asks; its time is over: one failure         | thinks
  //      | the second asks; its time is over: one failure        | thinks
  //      | the third asks; its time is over: the gate closes     | thinks
  @Test("costs three jobs whose time is over while they ask one failure at most, and closes the gate")
  func series() async throws {
    try await Given.standIns { given in
      let slow = try SlowServer()
      defer { slow.stop() }
      let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))
      defer { transport.shutdown() }
      var given = given
      given.clients.engines["fra1"] = WowzaEngineClient(
        transport: transport, baseURL: "http://127.0.0.1:\(slow.port)",
        credentials: { WowzaEngineCredentials(user: Secret(Given.engineUser), password: Secret(Given.enginePassword)) })
      for number in 1...3 {
        var parameters = MapEntryTests.single
        parameters.entryName = "cam-\(number)"
        _ = try await given.enqueue(parameters)
      }
      let registry = JobKinds.streaming.registry(clients: given.clients, queue: given.store)
      let runner = AttemptRunner(
        store: given.store, registry: registry, clock: given.clock, random: JobQueueTestKit.SeededRandom(seed: 7),
        around: { context, run in try await ExchangeNotes.told(in: context, run) })
      var requests = slow.requests.makeAsyncIterator()
      for failures in [1, 1, 0] {
        let leased = try #require(try await given.lease(from: registry.queues))
        let attempt = runner.attempt(of: leased, startedAt: given.clock.now())
        async let run = runner.run(attempt)
        await requests.next()
        await attempt.stop(.timeout(.seconds(60)))
        let completion = try #require(try await run)
        slow.letGo()
        _ = try await given.store.complete([completion], at: given.clock.now())
        #expect(try await given.job(leased.job.id).failures == failures)
      }
      let gate = try #require(try await given.store.gates().first?.gate)
      #expect(gate.state == .closed && gate.reason.contains("it was waiting for a response"))
    }
  }
}

/// A server that thinks about each request until it is told to let go of it.
private final class SlowServer: Sendable {
  let requests: AsyncStream<Void>
  private let server: AnswerServer
  private let ends: (read: Int32, write: Int32)

  init() throws {
    var pipes: [Int32] = [0, 0]
    guard pipe(&pipes) == 0 else { throw SilentPipe() }
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let (reading, writing) = (pipes[0], pipes[1])
    server = try AnswerServer { _ in
      continuation.yield()
      var byte: UInt8 = 0
      read(reading, &byte, 1)
      return []
    }
    (requests, ends) = (stream, (reading, writing))
  }

  var port: UInt16 { server.port }

  /// Hangs up on whoever asked.
  func letGo() {
    var byte: UInt8 = 1
    write(ends.write, &byte, 1)
  }

  func stop() {
    close(ends.write)
    server.stop()
    close(ends.read)
  }

  struct SilentPipe: Error {}
}
