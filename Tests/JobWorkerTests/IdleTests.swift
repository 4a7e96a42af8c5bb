import JobQueue
import JobQueueTestKit
import JobWorker
import Testing

@Suite("A worker that ends when idle", .timeLimit(.minutes(20)))
struct IdleTests {
  @Test("ends when nothing is ready or running, and leaves scheduled jobs alone")
  func leavesScheduled() async throws {
    var given = Given()
    given.configuration.exit = .whenIdle(waitForScheduled: false)
    given.work { _ in "good" }
    let now = try await given.enqueueWork(3)
    let later = try await given.enqueue(NewJob(kind: "work", queue: "work", runAt: given.at(3600)))[0]
    try await given.idle(given.startWorker())

    for id in now { #expect(try await given.job(id)?.state == .completed) }
    #expect(try await given.job(later)?.state == .scheduled)
    await given.log.wait { $0.last == .stopped(left: 0) }
    #expect(given.clock.now() == given.start)
  }

  @Test("waits for scheduled jobs when told so")
  func waitsForScheduled() async throws {
    var given = Given()
    given.configuration.exit = .whenIdle(waitForScheduled: true)
    given.work { _ in "good" }
    let later = try await given.enqueue(
      NewJob(kind: "work", queue: "work", payload: #"{"name":""}"#, runAt: given.at(3)))[0]
    let worker = given.startWorker()
    await given.advance(to: given.at(3))
    try await given.idle(worker)
    #expect(try await given.job(later)?.state == .completed)
    #expect(try await given.job(later)?.finishedAt == given.at(3))
  }

  @Test("does not wait for jobs that are held, blocked by dead parents, or of queues it does not serve")
  func noWork() async throws {
    var given = Given()
    given.configuration.exit = .whenIdle(waitForScheduled: true)
    given.work { _ in throw Verdict.dead(Failure(code: "no", message: "never")) }
    given.registry.register(Doing<Chore>(body: { _, _ in throw Verdict.hold(why: "source offline") }))
    given.configuration.queues["chores"] = 1
    let parent = try await given.enqueueWork()[0]
    let held = try await given.enqueue(try Chore().newJob())[0]
    let child = try await given.enqueue(
      try Work().newJob(EnqueueOptions(parents: [.job(parent)])), NewJob(kind: "x", queue: "elsewhere"))[0]
    try await given.idle(given.startWorker())

    #expect(try await given.job(parent)?.state == .dead)
    #expect(try await given.job(held)?.state == .held)
    #expect(try await given.job(child)?.state == .blocked)
  }

  @Test("runs the children of a job that it completed before it ends")
  func children() async throws {
    var given = Given()
    given.configuration.exit = .whenIdle(waitForScheduled: false)
    given.work { _ in "good" }
    let parent = try await given.enqueueWork()[0]
    let child = try await given.enqueue(try Work().newJob(EnqueueOptions(parents: [.job(parent)])))[0]
    try await given.idle(given.startWorker())
    #expect(try await given.job(child)?.state == .completed)
  }
}
