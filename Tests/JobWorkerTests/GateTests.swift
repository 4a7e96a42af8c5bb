import JobQueue
import JobQueueTestKit
import JobWorker
import Logging
import SQLiteJobStore
import Testing

@Suite("A worker and the gates", .timeLimit(.minutes(20)))
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

  /// How the gate stood when each job had begun.
  private actor Sights {
    private(set) var states: [String?] = []

    /// - Returns: how many there are.
    func add(_ state: String?) -> Int {
      states.append(state)
      return states.count
    }
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
    #expect(lines.all.count { $0.message == "gate closed; it reopens when a probe gets through" } == 1)
    #expect(lines.all.count { $0.message == "gate reopened" } == 1)
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
    #expect(lines.all.count { $0.message == "gate closed; it reopens when a probe gets through" } == 1)
    #expect(!lines.all.contains { $0.message == "gate reopened" })
  }

  /// A gate of a real file, half-open since a moment ago.
  private func halfOpen(_ store: SQLiteJobStore) async throws {
    let past = SystemClock().now() + .milliseconds(-1)
    try await store.closeGate("g", until: past, reason: "maintenance", at: past)
    #expect(try await store.promoteDue(at: SystemClock().now(), limit: 10).count == 1)
  }

  private struct Answer: ReachabilityEvidence {
    var isAnAnswer: Bool
  }

  @Test("on a real file probes that ask nobody follow each other, one at a time, until one is answered")
  func unanswered() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    let ids = try await store.enqueue(Array(repeating: try gated(), count: 20), at: SystemClock().now()).map(\.id)
    try await halfOpen(store)
    let sights = Sights()
    var registry = HandlerRegistry()
    registry.register(
      Doing<Work>(
        body: { _, context in
          try await context.checkpoint("round", 1)
          switch await sights.add(try await store.gates().first?.gate.state.rawValue) {
          case 1: throw Verdict.snooze(for: .seconds(3600), why: "its turn comes later")
          case 2: throw Verdict.hold(why: "the file is not there")
          case 3: throw Verdict.dead(Failure(code: "no-file", message: "there is none"))
          case 4: throw Answer(isAnAnswer: false)
          case 5: throw Mishap()
          // It was answered, and fails for its own sake.
          case 6: throw Answer(isAnAnswer: true)
          default: return "good"
          }
        },
        meaning: { .retry(Failure(code: "mishap", message: "\($0)"), requested: .seconds(3600)) }))
    var configuration = WorkerConfiguration(queues: ["work": 16])
    configuration.exit = .whenIdle(waitForScheduled: false)
    try await Worker(store: store, registry: registry, configuration: configuration, logger: Given().logger).run()

    #expect(await sights.states == Array(repeating: "half-open", count: 6) + Array(repeating: "open", count: 14))
    #expect(try await store.gates().first?.gate.state == .open)
    let jobs = try await store.jobs(JobQuery(ids: ids))
    #expect(jobs.count { $0.state == .completed } == 14)
    await store.close()
  }

  @Test("an answer opens the gate with the next write, long before its job ends; a newer silence takes it back")
  func heard() async throws {
    let directory = try TemporaryDirectory()
    let store = try await SQLiteJobStore.open(at: directory.database)
    _ = try await store.enqueue([try gated(), try gated()], at: SystemClock().now())
    try await halfOpen(store)
    var registry = HandlerRegistry()
    registry.register(
      Doing<Work>(body: { _, context in
        context.reportReachable(true)
        context.reportReachable(false)
        try await context.checkpoint("asked", 1)
        let before = try await store.gates().first?.gate.state
        context.reportReachable(true)
        try await context.checkpoint("asked", 2)
        let after = try await store.gates().first?.gate.state
        return "\(before?.rawValue ?? "") \(after?.rawValue ?? "")"
      }))
    var configuration = WorkerConfiguration(queues: ["work": 1])
    configuration.exit = .whenIdle(waitForScheduled: false)
    try await Worker(store: store, registry: registry, configuration: configuration, logger: Given().logger).run()
    let outputs = try await store.jobs(JobQuery()).map(\.output)
    #expect(outputs.last == #""half-open open""#)
    await store.close()
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
