import JobQueue
import JobQueueTestKit
import JobWorker
import ServiceLifecycle
import Testing

@Suite("A worker ends", .timeLimit(.minutes(20)))
struct DrainTests {
  @Test("gracefully: it leases no more, lets the running job finish, and takes its name off the list")
  func drain() async throws {
    var given = Given()
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "good"
    }
    let first = try await given.enqueueWork()[0]
    let (group, task) = given.startGroup()
    await given.log.wait(\.isLeased)

    await group.triggerGracefulShutdown()
    await given.log.wait { $0.contains(.draining(running: 1)) }
    let second = try await given.enqueueWork()[0]
    await gate.open()
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    _ = await task.result

    #expect(try await given.job(first)?.state == .completed)
    #expect(try await given.job(second)?.state == .ready)
    #expect(try await given.base.status().workers.isEmpty)
    #expect(given.clock.now() == given.start)
  }

  @Test("when the grace is over, running jobs are stopped and handed back, ready at once and with nothing counted")
  func endOfGrace() async throws {
    var given = Given()
    given.configuration.grace = .seconds(6)
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    let id = try await given.enqueueWork()[0]
    let (group, task) = given.startGroup()
    await given.log.wait(\.isLeased)
    await group.triggerGracefulShutdown()
    await given.advance(to: given.at(6))
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    _ = await task.result

    let job = try #require(try await given.job(id))
    #expect(job.state == .ready)
    #expect(job.failures == 0)
    #expect(job.crashes == 0)
    #expect(try await given.base.attempts(of: id).map(\.outcome) == [.handedBack])
  }

  @Test("a handler that ignores its end holds nothing up: its job is handed back and its late result dropped")
  func stubborn() async throws {
    var given = Given()
    given.configuration.grace = .seconds(6)
    let latch = StubbornWait()
    given.work { _ in
      await latch.wait()
      return "late"
    }
    let id = try await given.enqueueWork()[0]
    let (group, task) = given.startGroup()
    await given.log.wait(\.isLeased)
    await group.triggerGracefulShutdown()
    await given.advance(to: given.at(6))
    await given.advance(to: given.at(11))
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    _ = await task.result
    await latch.end()

    let job = try #require(try await given.job(id))
    #expect(job.state == .ready)
    #expect(job.output == nil)
  }

  @Test("at once when its task is cancelled: running jobs are handed back")
  func cancellation() async throws {
    var given = Given()
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    let ids = try await given.enqueueWork(2)
    let worker = given.startWorker()
    await given.log.wait(for: 2, \.isLeased)
    worker.cancel()
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    await #expect(throws: CancellationError.self) { try await worker.value }

    for id in ids {
      #expect(try await given.job(id)?.state == .ready)
      #expect(try await given.base.attempts(of: id).map(\.outcome) == [.handedBack])
    }
    #expect(given.clock.now() == given.start)
  }

  @Test("at once also when a handler ignores it: that one is left to itself after a second")
  func stubbornCancellation() async throws {
    var given = Given()
    let latch = StubbornWait()
    given.work { _ in
      await latch.wait()
      return "late"
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await eventually { await latch.isWaitedFor }
    worker.cancel()
    await given.advance(to: given.at(1))
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    await latch.end()

    #expect(try await given.job(id)?.state == .ready)
    #expect(given.clock.now() == given.at(1))
  }

  @Test("cancelled while it waits for running jobs, it waits no longer")
  func secondSignal() async throws {
    var given = Given()
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    let id = try await given.enqueueWork()[0]
    let (group, task) = given.startGroup()
    await given.log.wait(\.isLeased)
    await group.triggerGracefulShutdown()
    await given.log.wait(\.isDraining)
    task.cancel()
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    _ = await task.result
    #expect(try await given.job(id)?.state == .ready)
    #expect(given.clock.now() == given.start)
  }

  /// ```
  /// worker                          test
  /// lease asked, held up in the store
  ///                                 graceful shutdown
  ///                                 the store gives the lease
  /// job admitted after the end      -> handed back, handler never started
  /// ```
  @Test("a job whose lease arrives after the shutdown began is handed back without being started")
  func leasedTooLate() async throws {
    var given = Given()
    let asked = Gate()
    let answer = Gate()
    let started = Tally()
    given.work { _ in
      await started.enter("work")
      return "late"
    }
    await given.tap.put { call in
      guard case .lease = call else { return }
      await asked.open()
      try await answer.pass()
    }
    let id = try await given.enqueueWork()[0]
    let (group, task) = given.startGroup()
    try await asked.pass()
    await group.triggerGracefulShutdown()
    await given.log.wait { $0.contains(.draining(running: 0)) }
    await answer.open()
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    _ = await task.result

    #expect(try await given.job(id)?.state == .ready)
    #expect(try await given.base.attempts(of: id).map(\.outcome) == [.handedBack])
    #expect(await started.most.isEmpty)
  }

  /// ```
  /// worker                          test
  /// first job done; its end and the next lease asked, held up in the store
  ///                                 graceful shutdown
  ///                                 the store records the end and gives the lease
  /// second job admitted after the end -> handed back, handler never started
  /// ```
  @Test("a job whose lease comes with another one's end after the shutdown began is handed back without being started")
  func relayedTooLate() async throws {
    var given = Given()
    given.configuration.queues = ["work": 1]
    let asked = Gate()
    let answer = Gate()
    let ids = try await given.enqueueWork(2)
    let started = Tally()
    given.work { context in
      await started.enter("\(context.job.id)")
      return "good"
    }
    await given.tap.put { call in
      guard case .complete(let completions, _) = call, completions.map(\.lease.job) == [ids[0]] else { return }
      await asked.open()
      try await answer.pass()
    }
    let (group, task) = given.startGroup()
    try await asked.pass()
    await group.triggerGracefulShutdown()
    await given.log.wait { $0.contains(.draining(running: 1)) }
    await answer.open()
    await given.log.wait { $0.contains(.stopped(left: 0)) }
    _ = await task.result

    #expect(try await given.job(ids[0])?.state == .completed)
    #expect(try await given.job(ids[1])?.state == .ready)
    #expect(try await given.base.attempts(of: ids[1]).map(\.outcome) == [.handedBack])
    #expect(await started.most == ["\(ids[0])": 1])
  }

  @Test("a store that takes no completions cannot hold up the end for ever; the jobs' numbers are told")
  func storeGone() async throws {
    var given = Given()
    given.configuration.grace = .seconds(6)
    given.work { _ in "good" }
    await given.tap.put { call in
      if case .complete = call { throw JobStoreError.outage }
    }
    _ = try await given.enqueueWork()
    let (group, task) = given.startGroup()
    await given.log.wait { $0.contains(.storeFailed) }
    await group.triggerGracefulShutdown()
    await given.advance(to: given.at(6))
    await given.advance(to: given.at(16))
    await given.log.wait { $0.contains(.stopped(left: 1)) }
    _ = await task.result
    // Still on the list: whoever sees the process gone takes the job back.
    #expect(try await given.base.status().workers.map(\.id) == [Given.worker])
  }
}
