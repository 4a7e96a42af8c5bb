import JobQueue
import JobQueueTestKit
import Testing

@testable import JobWorker

@Suite("A worker runs jobs", .timeLimit(.minutes(20)))
struct RunningTests {
  @Test("no more jobs of a queue run at once than configured, and all queues are asked for in one call")
  func concurrency() async throws {
    var given = Given()
    given.configuration = WorkerConfiguration(queues: ["work": 2, "chores": 1])
    let tally = Tally()
    let gate = Gate()
    let body: @Sendable (String) async throws -> String = { queue in
      await tally.enter(queue)
      try await gate.pass()
      await tally.leave(queue)
      return queue
    }
    given.registry.register(Doing<Work>(body: { _, _ in try await body("work") }))
    given.registry.register(Doing<Chore>(body: { _, _ in try await body("chores") }))
    _ = try await given.enqueueWork(5)
    let chore = try Chore().newJob()
    _ = try await given.enqueue(chore, chore, chore)

    let worker = given.startWorker()
    await given.log.wait(for: 3, \.isLeased)
    await eventually { await tally.inside == ["work": 2, "chores": 1] }
    await gate.open()
    await given.log.wait(for: 8, \.isRecorded)

    #expect(await tally.most == ["work": 2, "chores": 1])
    let first = try #require(await given.tap.leaseRequests.first)
    #expect(Set(first.limits) == [.init(queue: "work", count: 2), .init(queue: "chores", count: 1)])
    #expect(first.owner == Given.worker)
    #expect(first.duration == .seconds(30))
    let refills = await given.tap.refills
    #expect(!refills.isEmpty)
    for request in await given.tap.leaseRequests + refills {
      #expect(request.limits.allSatisfy { $0.count > 0 && $0.count <= ($0.queue == "work" ? 2 : 1) })
    }
    await given.end(worker)
  }

  @Test("the end of a job and the lease of the one that runs in its slot are one call of the store")
  func relay() async throws {
    var given = Given()
    given.configuration.queues = ["work": 1]
    let ids = try await given.enqueueWork(3)
    given.work { _ in "good" }
    let worker = given.startWorker()
    await given.log.wait(for: 3, \.isRecorded)

    let calls = await given.tap.calls
    let lastEnd = try #require(calls.lastIndex { if case .complete = $0 { true } else { false } })
    let asked = calls[..<lastEnd].count { if case .lease = $0 { true } else { false } }
    #expect(asked == 1)
    #expect(await given.tap.completions.map { $0.map(\.lease.job) } == ids.map { [$0] })
    #expect(await given.tap.refills.map(\.limits) == ids.map { _ in [.init(queue: "work", count: 1)] })
    await given.end(worker)
  }

  @Test("a job's output is kept, and what was noted around it and in it is told with its attempt")
  func notes() async throws {
    var given = Given()
    given.work { context in
      context.note("inside")
      return "good"
    }
    given.configuration.around = { context, run in
      context.note("before")
      let output = try await run()
      context.note("after")
      return output
    }
    let id = try await given.enqueueWork()[0]

    let worker = given.startWorker()
    await given.log.wait(\.isRecorded)

    let job = try #require(try await given.job(id))
    #expect(job.state == .completed)
    #expect(job.output == #""good""#)
    let attempts = try await given.base.attempts(of: id)
    #expect(attempts.map(\.outcome) == [.completed])
    #expect(attempts.first?.notes.map(\.text) == ["before", "inside", "after"])
    await given.end(worker)
  }

  @Test("a worker that sits idle leases a new job as soon as the store tells of it")
  func wakeUp() async throws {
    var given = Given()
    // The store's own words would tell of the worker's first look too, and once in a moment is often enough for it.
    let (told, tell) = AsyncStream.makeStream(of: Void.self)
    given.told = told
    given.work { _ in "good" }
    let worker = given.startWorker()
    await given.clock.log.wait(for: given.at(5))
    _ = try await given.enqueueWork()
    tell.yield()
    await given.log.wait(\.isRecorded)
    #expect(given.clock.now() == given.start)
    await given.end(worker)
  }

  @Test("a store that tells of every look does not make an idle worker look without end")
  func chattyStore() async throws {
    let given = Given()
    let (wakeUps, chatter) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let first = WakeSignal()
    let relay = WakeUpRelay(store: ChattyStore(base: given.base, stream: wakeUps), clock: given.clock, signals: [first])
    let task = Task { await relay.loop() }
    for _ in 1...100 { chatter.yield() }
    await first.wait()
    // Whatever it is told in the same moment is answered once, when the moment is over.
    for _ in 1...100 { chatter.yield() }
    await given.clock.log.wait(for: given.start + WakeUpRelay.moment)
    given.time.advance(by: WakeUpRelay.moment)
    await first.wait()
    task.cancel()
    await task.value
  }

  @Test("an attempt that takes longer than its timeout is stopped and counts as a failure with code timeout")
  func timeout() async throws {
    var given = Given()
    let gate = Gate()
    given.configuration.timeouts = ["work": .seconds(8)]
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    let id = try await given.enqueueWork()[0]

    let worker = given.startWorker()
    await given.advance(to: given.at(8))
    await given.log.wait(\.isRecorded)

    let job = try #require(try await given.job(id))
    #expect(job.state == .scheduled)
    #expect(job.failures == 1)
    #expect(job.lastFailure?.code == "timeout")
    // Standard policy: backoff of 2 s after the first failure, of which chance gives half.
    #expect(job.runAt == given.at(9))
    await given.end(worker)
  }

  // time | jobs                                              | gate
  // -----+---------------------------------------------------+-----------------------------------
  //  0 s | four ask, and hear nothing                        | open
  //  8 s | their time is over; two of them count a failure   | the third closes it
  @Test(
    "attempts that run out of time while they ask are a series: the gate closes, and none counts more than one failure")
  func slowThroughout() async throws {
    var given = Given()
    given.configuration.timeouts = ["work": .seconds(8)]
    given.configuration.queues = ["work": 4]
    let silence = Gate()
    let (began, begin) = AsyncStream.makeStream(of: Void.self)
    given.work { context in
      begin.yield()
      do {
        try await silence.pass()
      } catch {
        context.stoppedWhileAsking()
        throw error
      }
      return "late"
    }
    var job = try Work().newJob()
    job.gate = "g"
    let ids = try await given.base.enqueue(Array(repeating: job, count: 4), at: given.clock.now()).map(\.id)

    let worker = given.startWorker()
    // One that is stopped before it begins asks nobody.
    var beginnings = began.makeAsyncIterator()
    for _ in 0..<4 { await beginnings.next() }
    await given.advance(to: given.at(8))
    await given.log.wait(for: 4, \.isRecorded)

    let jobs = try await given.base.jobs(JobQuery(ids: ids))
    #expect(jobs.map(\.failures).sorted() == [0, 0, 1, 1])
    let gate = try #require(try await given.base.gates().first?.gate)
    #expect(gate.state == .closed && gate.reason == "work took longer than 8000 ms; it was waiting for a response")
    await given.end(worker)
  }

  @Test("a handler that ignores its timeout is left to itself after 5 s, and its late result counts for nothing")
  func stubbornTimeout() async throws {
    var given = Given()
    let latch = StubbornWait()
    given.configuration.timeouts = ["work": .seconds(3)]
    let (began, begin) = AsyncStream.makeStream(of: Void.self)
    let (stopped, stop) = AsyncStream.makeStream(of: Void.self)
    given.work { _ in
      begin.yield()
      await withTaskCancellationHandler {
        await latch.wait()
      } onCancel: {
        stop.yield()
      }
      return "late"
    }
    let id = try await given.enqueueWork()[0]

    let worker = given.startWorker()
    // One that is stopped before it begins has nothing to be left to.
    for await _ in began { break }
    await given.advance(to: given.at(3))
    // Others may sleep until then too.
    for await _ in stopped { break }
    await given.advance(to: given.at(8))
    await given.log.wait(\.isRecorded)
    await latch.end()

    #expect(try await given.job(id)?.lastFailure?.code == "timeout")
    #expect(try await given.base.attempts(of: id).first?.endedAt == given.at(8))
    await given.end(worker)
  }

  @Test(
    "a person's cancel reaches a running job at the next heartbeat, within ten seconds however long the lease",
    arguments: [30, 120])
  func cancel(leaseSeconds: Int) async throws {
    var given = Given()
    given.configuration.terms = LeaseTerms(jobsBackWithin: .seconds(leaseSeconds))
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      return "late"
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    _ = try await given.base.cancel([id], why: "no longer wanted", at: given.clock.now())

    await given.advance(to: given.at(10), sleepers: 2)
    await given.log.wait(\.isRecorded)

    let job = try #require(try await given.job(id))
    #expect(job.state == .cancelled)
    #expect(job.waitReason == "no longer wanted")
    #expect(job.finishedAt == given.at(10))
    #expect(job.failures == 0)
    await given.end(worker)
  }

  @Test("the time the other side asked for wins over the backoff, to the millisecond")
  func retryAfter() async throws {
    var given = Given()
    let runs = Tally()
    given.registry.register(
      Doing<Work>(
        body: { _, _ in
          await runs.enter("runs")
          if await runs.inside["runs"] == 1 { throw Mishap() }
          return "good"
        },
        meaning: { _ in .retry(Failure(code: "busy", message: "come back later"), requested: .seconds(7)) }))
    let id = try await given.enqueueWork()[0]

    let worker = given.startWorker()
    await given.log.wait(\.isRecorded)
    // 7 s as asked, and by chance half of a tenth of it.
    #expect(try await given.job(id)?.runAt == given.at(7.35))
    await given.clock.log.wait(for: given.at(5), count: 2)
    await given.advance(to: given.at(5))
    await given.advance(to: given.at(7.35))
    await given.log.wait(for: 2, \.isRecorded)

    let attempts = try await given.base.attempts(of: id)
    #expect(attempts.map(\.startedAt) == [given.start, given.at(7.35)])
    #expect(attempts.map(\.outcome) == [.failed, .completed])
    #expect(attempts.first?.why == "failure 1 of 12; the provider asked for a pause of 7 s")
    await given.end(worker)
  }

  @Test("a job that comes back sooner than the next look is on time, also when the store tells of nothing")
  func shortSnooze() async throws {
    var given = Given()
    given.storeWakes = false
    let runs = Tally()
    given.work { _ in
      await runs.enter("runs")
      if await runs.inside["runs"] == 1 { throw Verdict.snooze(for: .seconds(1), why: "settling") }
      return "good"
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isRecorded)
    await given.advance(to: given.at(1))
    await given.log.wait(for: 2, \.isRecorded)

    let attempts = try await given.base.attempts(of: id)
    #expect(attempts.map(\.outcome) == [.snoozed, .completed])
    #expect(attempts.map(\.startedAt) == [given.start, given.at(1)])
    await given.end(worker)
  }

  @Test("a job of an unknown kind waits a minute for another worker and burns nothing")
  func unknownKind() async throws {
    let given = Given()
    let id = try await given.enqueue(NewJob(kind: "from-the-future", queue: "work"))[0]
    let worker = given.startWorker()
    await given.log.wait(\.isRecorded)

    let job = try #require(try await given.job(id))
    #expect(job.state == .scheduled)
    #expect(job.runAt == given.at(60))
    #expect(job.failures == 0)
    #expect(job.waitReason == "no handler for jobs of kind from-the-future in this worker")
    await given.end(worker)
  }

  @Test("a payload of a newer version waits a minute and burns nothing; one that cannot be read is dead")
  func payloads() async throws {
    var given = Given()
    given.work { _ in "never" }
    let ids = try await given.enqueue(
      NewJob(kind: "work", queue: "work", payload: #"{"name":"a"}"#, payloadVersion: 2),
      NewJob(kind: "work", queue: "work", payload: #"{"name":1}"#))
    let worker = given.startWorker()
    await given.log.wait(for: 2, \.isRecorded)

    let newer = try #require(try await given.job(ids[0]))
    #expect(newer.state == .scheduled)
    #expect(newer.runAt == given.at(60))
    #expect(newer.failures == 0)
    let malformed = try #require(try await given.job(ids[1]))
    #expect(malformed.state == .dead)
    #expect(malformed.lastFailure?.code == "payload")
    await given.end(worker)
  }
}

/// A wait that does not hear of cancellation.
actor StubbornWait {
  private var hasEnded = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  /// Whether a handler is in here.
  var isWaitedFor: Bool { !waiters.isEmpty }

  func wait() async {
    guard !hasEnded else { return }
    await withCheckedContinuation { waiters.append($0) }
  }

  func end() {
    hasEnded = true
    for waiter in waiters { waiter.resume() }
    waiters = []
  }
}

/// A store whose wake-ups the test gives.
struct ChattyStore: StoreWrapper {
  let base: any JobStore
  let stream: AsyncStream<Void>
  func wakeUps() -> AsyncStream<Void> { stream }
}
