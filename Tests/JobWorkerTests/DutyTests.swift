import JobQueue
import JobQueueTestKit
import Testing

@testable import JobWorker

@Suite("The duties of a worker", .timeLimit(.minutes(20)))
struct DutyTests {
  @Test("old finished jobs are removed in batches until none is left")
  func prune() async throws {
    let given = Given()
    let ids = try await given.enqueueWork(450)
    _ = try await given.base.cancel(ids, why: "test", at: given.start)
    let pruner = Pruner(store: given.store, retention: .seconds(60), events: given.log.listener())

    _ = try await pruner.runOnce(now: given.at(60))
    #expect(try await given.base.jobs(JobQuery(limit: 1)).count == 1)

    _ = try await pruner.runOnce(now: given.at(61))
    #expect(try await given.base.jobs(JobQuery(limit: 1)).isEmpty)
    await given.log.wait { $0 == [.pruned(450)] }
  }

  @Test("a worker without retention never removes anything")
  func neverPrune() async throws {
    var given = Given()
    given.configuration.retention = nil
    let worker = given.startWorker()
    await given.advance(to: given.at(20))
    await given.advance(to: given.at(40))
    await given.advance(to: given.at(60))
    await given.log.wait(for: 1) { if case .started = $0 { true } else { false } }
    let calls = await given.tap.calls
    #expect(!calls.contains { if case .prune = $0 { true } else { false } })
    await given.end(worker)
  }

  @Test("scheduled jobs are ready at their moment, and the next moment is known")
  func promote() async throws {
    let given = Given()
    let ids = try await given.enqueue(
      NewJob(kind: "work", queue: "work", runAt: given.at(2)), NewJob(kind: "work", queue: "work", runAt: given.at(9)))
    let signal = WakeSignal()
    let promoter = Promoter(
      wake: WakeSignal(), store: given.store, leaseSignal: signal, events: given.log.listener())

    #expect(try await promoter.runOnce(now: given.at(1.999)) == given.at(2))
    #expect(try await given.job(ids[0])?.state == .scheduled)
    #expect(try await promoter.runOnce(now: given.at(2)) == given.at(9))
    #expect(try await given.job(ids[0])?.state == .ready)
    // Given by the promotion: else this would never return.
    await signal.wait()
  }

  @Test("a worker that starts with a larger budget lets the jobs go that wait for it")
  func budgets() async throws {
    var given = Given()
    let ids = try await given.enqueueWork(2)
    let key = BudgetKey(account: "a", resource: "things")
    let small = BudgetDemand(key: key, size: 1, window: .seconds(3600))
    let request = LeaseRequest(owner: Given.other, limits: [.init(queue: "work", count: 2)])
    let leased = try await given.base.lease(request, at: given.start)
    for job in leased {
      var outcome = Outcome.done(output: "{}")
      if case .wait(let wait) = try await given.base.acquire(small, for: "e", under: job.lease, at: given.start) {
        outcome = .snooze(until: wait.slot, why: "waits")
      }
      _ = try await given.base.complete([Completion(lease: job.lease, outcome: outcome)], at: given.start)
    }
    #expect(try await given.job(ids[1])?.runAt == given.at(3600))
    given.configuration.budgets = [BudgetDemand(key: key, size: 2, window: .seconds(3600))]
    given.work { _ in "{}" }
    let worker = given.startWorker()
    await given.log.wait { events in
      events.contains { if case .recorded(let job, _, .completed, _) = $0 { job.job.id == ids[1] } else { false } }
    }
    #expect(try await given.base.budgets(at: given.start).first?.size == 2)
    await given.end(worker)
  }

  @Test("a worker is known from before its first lease, and is renewed")
  func announce() async throws {
    let given = Given()
    let worker = given.startWorker()
    await given.log.wait { $0.contains(.started(Given.worker)) }
    let record = try #require(try await given.base.status().workers.first)
    #expect(record.id == Given.worker)
    #expect(record.host == "here")
    #expect(record.pid == 1)
    #expect(record.processStart == "100")
    #expect(record.queues == ["work"])
    #expect(record.startedAt == given.start)

    // Within two thirds of a lease.
    await given.advance(to: given.at(20))
    await eventually { (try? await given.base.status().workers.first?.seenAt) == given.at(20) }
    await given.end(worker)
  }

  @Test("an outage is told once, however many duties and turns meet it, and its end once")
  func outage() async throws {
    let given = Given()
    let health = StoreHealth(logger: given.logger, clock: given.clock, events: given.log.listener())
    for duty in ["lease", "reap", "lease", "promote"] { await health.failed(duty, JobStoreError.outage) }
    await health.succeeded("promote")
    await health.succeeded("reap")
    await health.succeeded("heartbeat")
    await health.failed("reap", JobStoreError.outage)
    await health.succeeded("lease")
    await health.succeeded("reap")
    await health.succeeded("reap")
    await given.log.wait { $0 == [.storeFailed, .storeRecovered] }
  }

  @Test("leasing goes on after a failure of the store, at the next look")
  func leaseAfterFailure() async throws {
    var given = Given()
    given.work { _ in "good" }
    let tap = given.tap
    await tap.put { call in
      guard case .lease = call else { return }
      if await tap.leaseRequests.count == 1 { throw JobStoreError.outage }
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait { $0.contains(.storeFailed) }
    await given.advance(to: given.at(5), sleepers: 2)
    await given.log.wait(\.isRecorded)
    #expect(try await given.job(id)?.state == .completed)
    await given.end(worker)
  }

  // A worker that is in the middle of a turn   | a person
  // -------------------------------------------+--------------------------
  // begins a turn at 12:00                     |
  //                                            | sets the clock to 10:00
  // next turn a period later, not at 12:00     |
  @Test("a clock that is set back by hours during a turn does not put off the next one by hours")
  func setBack() async throws {
    let given = Given()
    let turns = EventLog()
    let duty = SettingBack(clock: given.time, turn: turns.listener())
    let health = StoreHealth(logger: given.logger, clock: given.clock, events: given.log.listener())
    let loop = Task { await DutyLoop(clock: given.clock, health: health).run(duty) }
    for turn in 1...3 {
      await turns.wait(for: turn) { _ in true }
      await given.advance(to: given.clock.now() + duty.period)
    }
    loop.cancel()
    await loop.value
  }

  // A worker after a turn that began at 0      | the time
  // -------------------------------------------+--------------------------
  // counts what is left until the next one     |
  //                                            | goes on to 4
  // goes to sleep: until 10, not until 14      |
  @Test(
    "time that passes before a sleep begins is not slept for once more, whether the turn failed or not, or can be signalled",
    arguments: [false, true], [false, true])
  func lateSleep(fails: Bool, isWoken: Bool) async throws {
    let given = Given()
    let clock = LateClock(base: given.time, late: .seconds(4))
    let turns = EventLog()
    let wake = isWoken ? WakeSignal() : nil
    let duty = Regular(fails: fails, wake: wake, turn: turns.listener())
    let health = StoreHealth(logger: given.logger, clock: clock, events: given.log.listener())
    let loop = Task { await DutyLoop(clock: clock, health: health).run(duty) }
    await turns.wait(for: 1) { _ in true }
    await given.time.untilSleeping()
    #expect(given.time.nextDeadline == given.at(10))
    loop.cancel()
    await loop.value
  }
}

/// A clock that goes on a little before each sleep, as on a busy machine.
private struct LateClock: QueueClock {
  let base: VirtualClock
  let late: Duration

  func now() -> Timestamp { base.now() }

  func sleep(until deadline: Timestamp) async throws {
    base.advance(by: late)
    try await base.sleep(until: deadline)
  }

  func sleep(for duration: Duration) async throws {
    base.advance(by: late)
    try await base.sleep(for: duration)
  }

  func sleep(for duration: Duration, since begin: Timestamp) async throws {
    base.advance(by: late)
    try await base.sleep(for: duration, since: begin)
  }
}

/// A duty that does its turn, or fails.
private struct Regular: Duty {
  let name = "regular"
  let period: Duration = .seconds(10)
  let periodAfterFailure: Duration = .seconds(10)
  let fails: Bool
  let wake: WakeSignal?
  let turn: @Sendable (WorkerEvent) -> Void

  func runOnce(now: Timestamp) async throws -> Timestamp? {
    turn(.promoted(1))
    if fails { throw JobStoreError.outage }
    return nil
  }
}

/// A duty during which the clock is set back, each time.
private struct SettingBack: Duty {
  let name = "set back"
  let period: Duration = .seconds(10)
  let clock: VirtualClock
  let turn: @Sendable (WorkerEvent) -> Void

  func runOnce(now: Timestamp) async throws -> Timestamp? {
    clock.step(by: .seconds(-7200))
    turn(.promoted(1))
    return nil
  }
}
