import JobQueue
import JobQueueTestKit
import JobWorker
import Testing

@testable import StreamingJobs

@Suite("check-wave")
struct CheckWaveTests {
  private let clock = VirtualClock()
  private let store = InMemoryJobStore(random: SeededRandom(seed: 1))

  private func map(_ stream: String?, _ key: String, wave: String = "1", manifest: String = "cup") -> NewJob {
    var labels = ["manifest": manifest, "wave": wave]
    labels["stream"] = stream
    return NewJob(kind: "work", queue: "work", uniqueKey: key, labels: labels)
  }

  /// Leases all of this queue and ends it.
  private func end(_ outcomes: [String: Outcome]) async throws {
    let leased = try await store.lease(
      LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: "work", count: 100)]), at: clock.now())
    let completions = leased.map {
      Completion(lease: $0.lease, outcome: outcomes[$0.job.uniqueKey ?? ""] ?? .done(output: "{}"))
    }
    _ = try await store.complete(completions, at: clock.now())
  }

  /// The check after one look.
  private func look(_ check: JobID) async throws -> Job {
    var registry = HandlerRegistry()
    registry.register(CheckWaveHandler(queue: store))
    _ = try await store.promoteDue(at: clock.now(), limit: 10)
    let leased = try await store.lease(
      LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: "rollouts", count: 1)]), at: clock.now())
    let runner = AttemptRunner(store: store, registry: registry, clock: clock)
    let completion = try await runner.run(try #require(leased.first))
    _ = try await store.complete([try #require(completion)], at: clock.now())
    return try #require(try await store.jobs(JobQuery(ids: [check])).first)
  }

  private func check(percent: Int = 0) async throws -> JobID {
    let parameters = CheckWave(manifest: "cup", wave: 1, waves: 2, failedPercent: percent)
    return try await JobQueue(store: store, clock: clock).enqueue(parameters).id
  }

  private static let refused = Outcome.dead(Failure(code: "refused", message: "no"))

  @Test("waits while a stream has jobs to come, seldom when nothing happens, and never counts that as a failure")
  func waits() async throws {
    _ = try await store.enqueue([map("a", "a"), map("b", "b"), map("c", "c", wave: "2")], at: clock.now())
    let id = try await check()
    var job = try await look(id)
    #expect(job.state == .scheduled && job.failures == 0)
    #expect(job.waitReason == "wave 1 of 2: 0 of 2 streams done")
    #expect(job.runAt - clock.now() == .seconds(1))
    clock.advance(by: .seconds(3600))
    job = try await look(id)
    #expect(job.runAt - clock.now() == .seconds(60))
    try await end(["a": .done(output: "{}"), "b": .snooze(until: clock.now() + .seconds(60), why: "a budget")])
    clock.advance(by: .seconds(60))
    job = try await look(id)
    #expect(job.waitReason == "wave 1 of 2: 1 of 2 streams done")
    #expect(job.failures == 0)
  }

  @Test("is completed when all streams are done, whatever becomes of other manifests and waves")
  func through() async throws {
    _ = try await store.enqueue(
      [map("a", "a"), map("a", "a2"), map(nil, "bucket"), map("x", "x", manifest: "other"), map("y", "y", wave: "2")],
      at: clock.now())
    try await end(["x": Self.refused, "y": Self.refused])
    let job = try await look(try await check())
    #expect(job.state == .completed)
    #expect(job.output == #"{"done":1,"failed":0,"wave":1}"#)
  }

  @Test("stops as soon as more failed than may, and names the jobs and the way on")
  func stops() async throws {
    _ = try await store.enqueue((1...20).map { map("s\($0)", "s\($0)") }, at: clock.now())
    let later = Outcome.snooze(until: clock.now() + .seconds(600), why: "later")
    try await end(["s3": Self.refused, "s7": Self.refused, "s9": later])
    let id = try await check(percent: 5)
    let job = try await look(id)
    #expect(job.state == .dead)
    #expect(job.lastFailure?.code == "rollout-stopped")
    #expect(
      job.lastFailure?.message
        == "wave 1 of 2: 2 of 20 streams failed (at most 5 % may); failed jobs: 3, 7")
    #expect(
      job.lastFailure?.hint == "see: rundown jobs list --state dead,held -l manifest=cup; retry or discard them,"
        + " then rundown jobs retry \(id) continues the rollout")
  }

  @Test("as many as may fail are no reason to stop; a discarded one counts as neither", arguments: [5, 0])
  func mayFail(percent: Int) async throws {
    let ids = try await store.enqueue((1...20).map { map("s\($0)", "s\($0)") }, at: clock.now()).map(\.id)
    try await end(["s3": Self.refused])
    if percent == 0 { _ = try await store.discard([ids[2]], why: "not today", at: clock.now()) }
    let job = try await look(try await check(percent: percent))
    #expect(job.state == .completed, "\(job.lastFailure?.message ?? "")")
  }

  @Test("a held job is a failure until it is let go; what waits behind one that failed is one, too")
  func stuck() async throws {
    let held = try await store.enqueue([map("a", "a")], at: clock.now())[0].id
    var child = map("b", "b")
    child.parents = [.job(held)]
    _ = try await store.enqueue([child], at: clock.now())
    try await end(["a": .hold(why: "look at it")])
    let id = try await check(percent: 50)
    #expect(try await look(id).lastFailure?.message.contains("2 of 2 streams failed") == true)
    _ = try await store.retry([held], at: clock.now())
    _ = try await store.retry([id], at: clock.now())
    #expect(try await look(id).state == .scheduled)
    try await end([:])
    try await end([:])
    clock.advance(by: .seconds(60))
    #expect(try await look(id).state == .completed)
  }

  @Test("a failed job that streams share stops the rollout, whatever share of streams may fail")
  func shared() async throws {
    _ = try await store.enqueue([map(nil, "bucket"), map("a", "a")], at: clock.now())
    try await end(["bucket": Self.refused])
    let message = try await look(try await check(percent: 100)).lastFailure?.message
    #expect(message == "wave 1 of 2: job 1 (work), which several streams need, is dead; failed jobs: 1")
  }

  @Test("what streams share is waited for: a wave whose entries are done is not through before its target is")
  func sharedIsOpen() async throws {
    _ = try await store.enqueue([map(nil, "target"), map("a", "a")], at: clock.now())
    try await end(["target": .snooze(until: clock.now() + .seconds(60), why: "a budget")])
    let id = try await check()
    #expect(try await look(id).waitReason == "wave 1 of 2: 1 of 1 streams done, 1 shared job unfinished")
    clock.advance(by: .seconds(60))
    _ = try await store.promoteDue(at: clock.now(), limit: 10)
    try await end(["target": Self.refused])
    clock.advance(by: .seconds(60))
    #expect(try await look(id).lastFailure?.message.contains("which several streams need, is dead") == true)
  }

  @Test("what had ended before the check was enqueued belongs to an earlier rollout, unless it is retried")
  func earlier() async throws {
    let old = try await store.enqueue([map("gone", "gone"), map(nil, "old")], at: clock.now()).map(\.id)
    try await end(["gone": Self.refused, "old": Self.refused])
    clock.advance(by: .seconds(1))
    _ = try await store.enqueue([map("a", "a")], at: clock.now())
    let id = try await check()
    #expect(try await look(id).waitReason == "wave 1 of 2: 0 of 1 streams done")
    _ = try await store.retry([old[0]], at: clock.now())
    clock.advance(by: .seconds(60))
    #expect(try await look(id).waitReason == "wave 1 of 2: 0 of 2 streams done")
    try await end([:])
    clock.advance(by: .seconds(60))
    #expect(try await look(id).state == .completed)
  }

  @Test("of several jobs of one unique key the newest counts: a wave that was applied again is not what it was")
  func again() async throws {
    _ = try await store.enqueue([map("a", "a")], at: clock.now())
    try await end(["a": Self.refused])
    _ = try await store.enqueue([map("a", "a")], at: clock.now())
    let id = try await check()
    #expect(try await look(id).state == .scheduled)
    try await end([:])
    clock.advance(by: .seconds(60))
    #expect(try await look(id).state == .completed)
  }

  @Test("bad parameters are told by name")
  func parameters() {
    let bad = CheckWave(manifest: "", wave: 0, waves: -1, failedPercent: 101)
    #expect(bad.validate().map(\.field) == ["manifest", "wave", "waves", "failedPercent"])
    #expect(CheckWave(manifest: "cup", wave: 2, waves: 2, failedPercent: 0).validate().isEmpty)
  }
}
