import JobQueue
import JobQueueTestKit
import JobWorker
import Logging
import Testing

@Suite("What a worker logs", .timeLimit(.minutes(20)))
struct LogTests {
  @Test("the end of an attempt with job, kind, attempt, outcome and duration, never with its payload")
  func attempt() async throws {
    var given = Given()
    let lines = LogLines()
    given.log(to: lines)
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      throw Verdict.dead(Failure(code: "gone", message: "the bucket is gone"))
    }
    let id = try await given.enqueue(try Work(name: "canary-payload").newJob())[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    await given.advance(to: given.at(4))
    await gate.open()
    await given.log.wait(\.isRecorded)
    await given.end(worker)

    let ended = try #require(lines.all.first { $0.message == "attempt ended" })
    #expect(ended.level == .error)
    let began = try #require(lines.all.first { $0.message == "attempt begins" })
    #expect(began.level == .debug)
    #expect(began.metadata == ["job": "\(id)", "kind": "work", "attempt": "1"])
    #expect(
      ended.metadata == [
        "job": "\(id)", "kind": "work", "attempt": "1", "outcome": "dead", "ms": "4000", "code": "gone",
        "cause": "the bucket is gone",
      ])
    #expect(!lines.all.contains { "\($0)".contains("canary-payload") })
  }

  @Test("a success for who debugs; what failed, is held or is dead as a warning or an error")
  func levels() async throws {
    let failure = Failure(code: "c", message: "m")
    let ends: [(Verdict?, Logger.Level, String?)] = [
      (nil, .debug, nil), (.retry(failure), .warning, "m"), (.hold(why: "w"), .warning, "w"),
      (.dead(failure), .error, "m"), (.snooze(for: .seconds(9), why: "w"), .warning, "w"),
    ]
    for (verdict, level, cause) in ends {
      var given = Given()
      let lines = LogLines()
      given.log(to: lines)
      given.work { _ in
        if let verdict { throw verdict }
        return "good"
      }
      _ = try await given.enqueueWork()
      let worker = given.startWorker()
      await given.log.wait(\.isRecorded)
      await given.end(worker)
      let ended = lines.all.filter { $0.message == "attempt ended" }
      #expect(ended.map(\.level) == [level], "\(String(describing: verdict))")
      // Whoever reads the log need not look into the queue to see why.
      #expect(ended.map { $0.metadata["cause"].map { "\($0)" } } == [cause], "\(String(describing: verdict))")
    }
  }

  @Test("what a gate made of an attempt: that it closed for it, and that the job waits alone when others get past")
  func decidedByGate() async throws {
    var given = Given()
    given.configuration.queues = ["work": 1]
    let lines = LogLines()
    given.log(to: lines)
    let page = GateClosure(
      base: .seconds(5), why: "a page", closesAtOnce: true, isByIntermediary: true, isMomentary: true)
    let failure = Failure(code: "page", message: "somebody in between answered")
    given.registry.register(
      Doing<Work>(body: { work, _ in
        guard work.name == "refused" else { return "good" }
        throw Verdict.suspectOutage(failure, page)
      }))
    var jobs = [try Work(name: "refused").newJob(), try Work().newJob()]
    for index in jobs.indices { jobs[index].gate = "g" }
    let ids = try await given.base.enqueue(jobs, at: given.clock.now()).map(\.id)
    let worker = given.startWorker()
    await given.log.wait(for: 1, \.isRecorded)
    // The other job is the probe; then the first one meets the page again.
    await given.advance(to: given.at(5))
    await given.log.wait(for: 3, \.isRecorded)
    await given.end(worker)

    let ended = lines.all.filter { $0.message == "attempt ended" && $0.metadata["job"] == "\(ids[0])" }
    #expect(ended.map(\.level) == [.info, .warning])
    #expect(ended.map { $0.metadata["outcome"] } == ["snoozed", "snoozed"])
    #expect(ended.map { $0.metadata["code"] } == [nil, nil])
    #expect(ended.first?.metadata["cause"] == "a page")
    #expect(ended.last?.metadata["cause"] == "a page; others get through, so this job waits alone")
  }

  @Test("that a job was cancelled, whatever it ended with")
  func cancelled() async throws {
    var given = Given()
    let lines = LogLines()
    given.log(to: lines)
    let gate = Gate()
    given.work { _ in
      try await gate.pass()
      throw Verdict.retry(Failure(code: "c", message: "m"))
    }
    let id = try await given.enqueueWork()[0]
    let worker = given.startWorker()
    await given.log.wait(\.isLeased)
    _ = try await given.base.cancel([id], why: "enough", at: given.clock.now())
    await gate.open()
    await given.log.wait(\.isRecorded)
    await given.end(worker)

    let ended = lines.all.filter { $0.message == "attempt ended" }
    #expect(ended.map(\.level) == [.notice])
    #expect(ended.first?.metadata["outcome"] == "cancelled")
    #expect(ended.first?.metadata["cause"] == "enough")
  }

  @Test("a queue that handlers are registered for and no worker that lives serves, once it has looked who serves what")
  func unservedQueue() async throws {
    let cases: [(served: [String], host: String, silentFor: Duration, isWarned: Bool)] = [
      ([], "elsewhere", .zero, true), (["other"], "elsewhere", .zero, true),
      (["other", Chore.queue], "elsewhere", .seconds(60), false), ([Chore.queue], "elsewhere", .seconds(3600), true),
      ([Chore.queue], PaperProcesses().host, .seconds(3600), false),
    ]
    for (served, host, silentFor, isWarned) in cases {
      var given = Given()
      let lines = LogLines()
      given.log(to: lines)
      given.work { _ in "" }
      given.registry.register(Doing<Chore>(body: { _, _ in "" }))
      let now = given.time.now()
      try await given.base.announce(
        WorkerRecord(
          id: Given.other, host: host, pid: 7, processStart: "1", startedAt: now, seenAt: now - silentFor,
          queues: served))
      let worker = given.startWorker()
      await given.log.wait { if case .started = $0 { true } else { false } }
      await given.end(worker)
      let warned = lines.all.filter { $0.level == .warning }.map { $0.metadata["queue"] }
      #expect(warned == (isWarned ? ["\(Chore.queue)"] : []))
    }
  }
}
