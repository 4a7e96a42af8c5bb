import JobQueue
import JobQueueTestKit
import JobWorker
import Testing

@Suite("Leases and workers that are lost", .timeLimit(.minutes(20)))
struct LossTests {
  private func steal(_ given: Given) async throws {
    _ = try await given.base.reap(gone: [Given.worker], crashLimit: 3, limit: 10, at: given.clock.now())
    let request = LeaseRequest(owner: Given.other, limits: [.init(queue: "work", count: 1)])
    #expect(try await given.base.lease(request, at: given.clock.now()).count == 1)
  }

  /// ```
  /// worker-1                        worker-2
  /// lease, token 1
  ///                                 takes it for gone; lease, token 2
  /// returns its result: refused
  /// ```
  @Test("the result of a zombie is dropped and changes nothing")
  func zombie() async throws {
    var given = Given()
    given.configuration.queues = ["work": 1]
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    try await steal(given)
    await gate.open()
    await given.log.wait(\.isDropped)

    let job = try #require(try await given.job(id))
    #expect(job.state == .running)
    #expect(job.leaseOwner == Given.other)
    #expect(job.output == nil)
    #expect(await given.log.count(\.isRecorded) == 0)
    await given.end(worker)
  }

  @Test("a run whose lease was lost is stopped at the next heartbeat, and nothing is offered for it")
  func lost() async throws {
    var given = Given()
    given.configuration.queues = ["work": 1]
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    _ = try await given.enqueueWork()
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    try await steal(given)
    await given.advance(to: given.at(10), sleepers: 2)
    await given.log.wait(\.isDropped)
    #expect(await given.tap.completions.isEmpty)
    await given.end(worker)
  }

  @Test("a lease that a silent store did not extend in time counts as lost, even while the call still hangs")
  func silentStore() async throws {
    var given = Given()
    let never = Gate()
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    await given.tap.put { call in
      if case .extend = call { try await never.pass() }
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    // The heartbeat and the watch over lease ends.
    await given.advance(to: given.at(10), sleepers: 2)
    await given.advance(to: given.at(20))
    await given.advance(to: given.at(30))
    await given.log.wait(\.isDropped)
    #expect(
      await given.tap.completions.joined().allSatisfy { $0.lease != Lease(job: id, owner: Given.worker, token: 1) })
    await given.end(worker)
  }

  @Test("a running job keeps its lease for as long as it runs")
  func heartbeats() async throws {
    var given = Given()
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "good"
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    for beat in 1...5 {
      await given.advance(to: given.at(Double(beat * 10)), sleepers: 2)
      await given.log.wait(for: beat, \.isExtended)
      #expect(try await given.job(id)?.leaseExpiresAt == given.at(Double(beat * 10 + 30)))
    }
    await gate.open()
    await given.log.wait(\.isRecorded)
    #expect(try await given.base.attempts(of: id).map(\.outcome) == [.completed])
    await given.end(worker)
  }

  @Test("a completion that hangs in the store does not hold up the heartbeats")
  func slowCompletion() async throws {
    var given = Given()
    let answer = Gate()
    given.work { _ in "good" }
    await given.tap.put { call in
      if case .complete = call { try await answer.pass() }
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await eventually { await given.tap.completions.count == 1 }
    for beat in 1...4 {
      await given.advance(to: given.at(Double(beat * 10)), sleepers: 2)
      await given.log.wait(for: beat, \.isExtended)
    }
    await answer.open()
    await given.log.wait(\.isRecorded)
    #expect(try await given.base.attempts(of: id).map(\.outcome) == [.completed])
    await given.end(worker)
  }

  @Test("a job whose lease ended before the store answered is not started")
  func leaseAnsweredTooLate() async throws {
    var given = Given()
    let asked = Gate()
    let answer = Gate()
    let started = Tally()
    given.work { _ in
      await started.enter("work")
      return "late"
    }
    let tap = given.tap
    await tap.put { call in
      guard case .lease = call, await tap.leaseRequests.count == 1 else { return }
      await asked.open()
      try await answer.pass()
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    try await asked.pass()
    given.time.advance(by: .seconds(30))
    await answer.open()
    await given.log.wait { events in
      events.contains { if case .dropped(let job) = $0 { job.lease.token == 1 } else { false } }
    }
    #expect(try await given.base.attempts(of: id).first?.outcome != .completed)
    await given.end(worker)
  }

  @Test("the job of a worker that crashed elsewhere is back and runs again once its lease ended")
  func crashElsewhere() async throws {
    var given = Given()
    given.work { _ in "good" }
    let id = try await given.enqueueWork()[0]
    try await given.base.announce(record(host: "there", given))
    let request = LeaseRequest(owner: Given.other, limits: [.init(queue: "work", count: 1)])
    _ = try await given.base.lease(request, at: given.clock.now())
    given.processes.gone = [7]

    let worker = given.startWorker()
    for turn in 1...8 { await given.advance(to: given.at(Double(turn * 4))) }
    await given.log.wait(\.isRecorded)

    let attempts = try await given.base.attempts(of: id)
    #expect(attempts.map(\.outcome) == [.lost, .completed])
    // The look that finds it free may have begun before the time was moved.
    #expect(attempts.first?.endedAt == given.at(32))
    #expect(try await given.job(id)?.crashes == 0)
    #expect(try await given.job(id)?.failures == 0)
    await given.end(worker)
  }

  // Its lease ends at 30 s and is taken back at 32 s; a crash once nothing was heard of it for 30 s more.
  @Test(
    "a worker elsewhere that stays silent for a lease more is a crash of the job it had; one that lives here is not")
  func silence() async throws {
    for host in ["there", "here"] {
      var given = Given()
      let done = Gate()
      given.work { _ in
        try await done.pass()
        return "good"
      }
      let id = try await given.enqueueWork()[0]
      try await given.base.announce(record(host: host, given))
      let request = LeaseRequest(owner: Given.other, limits: [.init(queue: "work", count: 1)])
      _ = try await given.base.lease(request, at: given.clock.now())

      let worker = given.startWorker()
      for turn in 1...15 { await given.advance(to: given.at(Double(turn * 4))) }
      #expect(try await given.job(id)?.crashes == 0, "\(host)")
      for turn in 16...17 { await given.advance(to: given.at(Double(turn * 4))) }
      if host == "there" {
        await eventually { (try? await given.job(id)?.crashes) == 1 }
      } else {
        #expect(try await given.job(id)?.crashes == 0)
      }
      await done.open()
      await given.log.wait(\.isRecorded)
      await given.end(worker)
    }
  }

  @Test("the job of a worker whose process on this host is gone is back at once")
  func crashHere() async throws {
    var given = Given()
    given.work { _ in "good" }
    let id = try await given.enqueueWork()[0]
    try await given.base.announce(record(host: "here", given))
    let request = LeaseRequest(owner: Given.other, limits: [.init(queue: "work", count: 1)])
    _ = try await given.base.lease(request, at: given.clock.now())
    given.processes.gone = [7]

    let worker = given.startWorker()
    await given.log.wait(\.isRecorded)
    #expect(try await given.base.attempts(of: id).map(\.outcome) == [.lost, .completed])
    await eventually { (try? await given.base.status().workers.map(\.id)) == [Given.worker] }
    #expect(given.clock.now() == given.start)
    await given.end(worker)
  }

  @Test("a worker that dies before its completion leaves the job to its lease's end")
  func crashBeforeCompletion() async throws {
    var given = Given()
    given.work { _ in "good" }
    given.faults = ScriptedFaults(at: .beforeCompletion)
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    await given.advance(to: given.at(4))
    #expect(await given.tap.completions.isEmpty)
    #expect(try await given.job(id)?.state == .running)
    await given.end(worker)
    #expect(try await given.base.attempts(of: id).first?.outcome != .completed)
  }

  private func record(host: String, _ given: Given) -> WorkerRecord {
    WorkerRecord(
      id: Given.other, host: host, pid: 7, processStart: "50", startedAt: given.start, seenAt: given.start,
      queues: ["work"])
  }
}
