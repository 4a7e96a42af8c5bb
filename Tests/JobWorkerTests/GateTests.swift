import JobQueue
import JobQueueTestKit
import JobWorker
import Logging
import Testing

@Suite("A worker and the gates", .timeLimit(.minutes(5)))
struct GateTests {
  /// An outage that a handler meets until it is over.
  private struct Outage: Error {}

  private actor Provider {
    var isDown = true
    private(set) var requests = 0

    func ask() throws {
      requests += 1
      if isDown { throw Outage() }
    }

    func mend() { isDown = false }
  }

  private static let closure = GateClosure(base: .seconds(5), why: "nobody answers")

  private func given(_ provider: Provider) -> Given {
    var given = Given()
    given.configuration.queues = ["work": 1]
    given.registry.register(
      Doing<Work>(
        body: { _, _ in
          try await provider.ask()
          return "good"
        }, meaning: { $0 is Outage ? .closeGate(Self.closure) : .hold(why: "unexpected: \($0)") }))
    return given
  }

  private func gated() throws -> NewJob {
    var job = try Work().newJob()
    job.gate = "g"
    return job
  }

  @Test(
    "of many jobs behind an outage only probes ask, none counts a failure, and the log tells it once and its end once")
  func outage() async throws {
    let provider = Provider()
    var given = given(provider)
    let lines = LogLines()
    given.log(to: lines)
    let ids = try await given.base.enqueue(Array(repeating: try gated(), count: 20), at: given.clock.now()).map(\.id)
    let worker = given.startWorker()
    await given.log.wait(for: 1, \.isRecorded)
    // 5 s, then 10 s after the probe that failed too.
    await given.advance(to: given.at(5))
    await given.log.wait(for: 2, \.isRecorded)
    #expect(await provider.requests == 2)
    await provider.mend()
    // The promoter looks at least every five seconds.
    await given.advance(to: given.at(10))
    await given.advance(to: given.at(15))
    await given.log.wait(for: 22, \.isRecorded)
    #expect(await provider.requests == 22)
    for id in ids {
      let job = try #require(try await given.job(id))
      #expect(job.state == .completed && job.failures == 0)
    }
    await given.end(worker)
    #expect(lines.all.count { $0.message == "gate closed; a probe will open it" } == 1)
    #expect(lines.all.count { $0.message == "gate open again" } == 1)
  }

  @Test("a job that was on its way when the gate closed, and is done, is not taken for its opening")
  func underWay() async throws {
    let release = Gate()
    var given = Given()
    given.configuration.queues = ["work": 2]
    let lines = LogLines()
    given.log(to: lines)
    given.registry.register(
      Doing<Work>(
        body: { _, context in
          guard context.job.priority > 0 else { throw Outage() }
          try await release.pass()
          return "good"
        }, meaning: { _ in .closeGate(Self.closure) }))
    var slow = try gated()
    slow.priority = 1
    _ = try await given.base.enqueue([slow, try gated()], at: given.clock.now())
    let worker = given.startWorker()
    await given.log.wait(for: 1, \.isRecorded)
    given.time.advance(by: .seconds(1))
    await release.open()
    await given.log.wait(for: 2, \.isRecorded)
    await given.end(worker)
    #expect(lines.all.count { $0.message == "gate closed; a probe will open it" } == 1)
    #expect(!lines.all.contains { $0.message == "gate open again" })
  }

  @Test("a job without a gate waits alone for as long")
  func alone() async throws {
    let provider = Provider()
    let given = given(provider)
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isRecorded)
    let job = try #require(try await given.job(id))
    #expect(job.state == .scheduled && job.failures == 0)
    #expect(job.runAt == given.at(5))
    #expect(try await given.base.gates() == [])
    await given.end(worker)
  }
}
