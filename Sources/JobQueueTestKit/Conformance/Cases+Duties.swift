import JobQueue

extension StoreConformance {
  static let duties: [Case] = [
    Case("scheduled jobs that are due become ready, not one early, at most as many as asked") { bench in
      let ids = try await bench.enqueue([30, 10, 20].map { NewJob(kind: "work", runAt: at($0)) }).map(\.id)
      let early = Timestamp(milliseconds: at(10).milliseconds - 1)
      try expect(try await bench.store.promoteDue(at: early, limit: 10).count, is: 0, "promoted early")
      try expect(try await bench.store.promoteDue(at: at(25), limit: 1).count, is: 1, "promoted of two")
      try expect(try await bench.state(ids[1]), is: .ready, "the earliest one's state")
      try expect(try await bench.store.promoteDue(at: at(25), limit: 10).count, is: 1, "promoted after")
      try expect(try await bench.state(ids[0]), is: .scheduled, "the latest one's state")
    },
    Case("a promoted job has no reason to wait any more") { bench in
      let leased = try await bench.running()
      try await bench.end(leased, .snooze(until: at(60), why: "settling"))
      _ = try await bench.store.promoteDue(at: at(60), limit: 10)
      let job = try await bench.job(leased.job.id)
      try expect(job.state, is: .ready, "state")
      try expect(job.waitReason, is: nil, "wait reason")
    },
    Case("the next due moment is the earliest of the scheduled jobs") { bench in
      try expect(try await bench.store.nextDue(), is: nil, "due at first")
      _ = try await bench.enqueue([at(30), at(10), nil].map { NewJob(kind: "work", runAt: $0) })
      try expect(try await bench.store.nextDue(), is: at(10), "due")
      _ = try await bench.store.promoteDue(at: at(10), limit: 10)
      try expect(try await bench.store.nextDue(), is: at(30), "due after")
    },
    Case("promoting tells when the next one is due, a job or a gate, also when there is nothing to do") { bench in
      try expect(try await bench.store.promoteDue(at: at(0), limit: 10), is: Promotion(count: 0, next: nil), "at first")
      _ = try await bench.enqueue([at(30), at(10), at(10)].map { NewJob(kind: "work", runAt: $0) })
      try await bench.store.closeGate("g", until: at(20), reason: "maintenance", at: at(1))
      func promotes(at now: Timestamp, limit: Int = 10, _ count: Int, _ next: Timestamp?) async throws {
        let promotion = try await bench.store.promoteDue(at: now, limit: limit)
        try expect(promotion, is: Promotion(count: count, next: next), "at \(now)")
      }
      try await promotes(at: at(5), 0, at(10))
      try await promotes(at: at(10), limit: 1, 1, at(10))
      try await promotes(at: at(10), 1, at(20))
      try await promotes(at: at(20), 1, at(30))
      try await promotes(at: at(99), 1, nil)
    },
    Case("a worker is made known once, seen again later, and forgotten") { bench in
      try await bench.store.announce(worker("b", startedAt: at(1), seenAt: at(1), queues: ["x"]))
      try await bench.store.announce(worker("a", startedAt: at(2), seenAt: at(2)))
      try await bench.store.announce(worker("b", startedAt: at(1), seenAt: at(9), queues: ["x", "y"]))
      let workers = try await bench.store.workers()
      try expect(try await bench.store.status().workers, is: workers, "the workers of the status")
      try expect(
        workers,
        is: [
          worker("b", startedAt: at(1), seenAt: at(9), queues: ["x", "y"]),
          worker("a", startedAt: at(2), seenAt: at(2)),
        ], "workers")
      try await bench.store.retire([WorkerID("b"), WorkerID("nobody")])
      try expect(try await bench.store.status().workers.map(\.id), is: [WorkerID("a")], "workers after")
    },
    Case("old finished jobs are removed with their history, the oldest first, at most as many as asked") { bench in
      let jobs = try await bench.enqueue((0..<3).map { NewJob(kind: "work-\($0)") }).map(\.id)
      for (index, leased) in try await bench.lease(3).enumerated() {
        try await bench.store.write([.checkpoint(key: "k", json: "1")], under: leased.lease, at: at(2))
        try await bench.end(leased, done, at: at(10 + index))
      }
      try expect(try await bench.store.prune(finishedBefore: at(12), limit: 1), is: 1, "pruned of two")
      try expect(try await bench.store.jobs(JobQuery()).map(\.id), is: [jobs[2], jobs[1]], "jobs left")
      try expect(try await bench.store.prune(finishedBefore: at(12), limit: 10), is: 1, "pruned after")
      try expect(try await bench.store.jobs(JobQuery()).map(\.id), is: [jobs[2]], "jobs left")
      try expect(try await bench.store.attempts(of: jobs[0]).count, is: 0, "attempts")
      try expect(try await bench.store.journal(of: jobs[0]), is: Journal(), "the journal")
    },
    Case("what is unfinished is never removed") { bench in
      let parent = try await bench.add(NewJob(kind: "p", queue: "idle"))
      _ = try await bench.enqueue([
        NewJob(kind: "blocked", parents: [.job(parent)]), NewJob(kind: "scheduled", runAt: at(50)),
      ])
      try await bench.end(try await bench.running(), .hold(why: "wait"))
      _ = try await bench.running()
      try expect(try await bench.store.prune(finishedBefore: at(10_000), limit: 100), is: 0, "pruned")
    },
    Case("a finished parent stays as long as a child is unfinished") { bench in
      let parent = try await bench.running()
      let child = try await bench.add(NewJob(kind: "c", parents: [.job(parent.job.id)]))
      try await bench.end(parent, .done(output: "1"))
      try expect(try await bench.store.prune(finishedBefore: at(1000), limit: 10), is: 0, "pruned while needed")
      let leased = try await bench.leaseOne(at: at(3))
      try expect(leased.job.id, is: child, "the leased job")
      try expect(try await bench.store.parentOutputs(of: child).map(\.output), is: ["1"], "the parent's output")
      try await bench.end(leased, done)
      try expect(try await bench.store.prune(finishedBefore: at(1000), limit: 10), is: 2, "pruned after")
    },
    Case("a number is never used again, also after pruning") { bench in
      let leased = try await bench.running()
      try await bench.end(leased, done)
      try expect(try await bench.store.prune(finishedBefore: at(1000), limit: 10), is: 1, "pruned")
      try expect(try await bench.add() > leased.job.id, "a greater number")
    },
  ]

  static let reaping: [Case] = [
    Case("a job whose lease ran out is ready again, not a moment before") { bench in
      let leased = try await bench.running()
      let before = Timestamp(milliseconds: at(31).milliseconds - 1)
      try expect(try await bench.store.reap(gone: [], crashLimit: 3, limit: 10, at: before), is: [:], "early")
      let taken = try await bench.store.reap(gone: [], crashLimit: 3, limit: 10, at: at(31))
      try expect(taken, is: [leased.job.id: .ready], "taken back")
      let job = try await bench.job(leased.job.id)
      try expect(job.failures, is: 0, "failures")
      try expect(job.leaseOwner, is: nil, "lease owner")
      try expect(job.token, is: 1, "token")
      let attempt = try await bench.lastAttempt(job.id)
      try expect(attempt.outcome, is: .lost, "outcome")
      try expect(attempt.endedAt, is: at(31), "ended at")
    },
    Case("the jobs of a worker that is gone are taken back at once, those of others are not") { bench in
      let lost = try await bench.running()
      _ = try await bench.add()
      let kept = try await bench.leaseOne(by: StoreBench.bob)
      let taken = try await bench.store.reap(gone: [StoreBench.alice], crashLimit: 3, limit: 10, at: at(2))
      try expect(taken, is: [lost.job.id: .ready], "taken back")
      try expect(try await bench.state(kept.job.id), is: .running, "the other one's state")
    },
    Case("an extended lease is not taken back") { bench in
      let leased = try await bench.running()
      _ = try await bench.store.extend([leased.lease], by: .seconds(30), at: at(30))
      try expect(try await bench.store.reap(gone: [], crashLimit: 3, limit: 10, at: at(59)), is: [:], "taken back")
    },
    Case("at most as many jobs are taken back as asked") { bench in
      _ = try await bench.enqueue((0..<5).map { NewJob(kind: "work-\($0)") })
      _ = try await bench.lease(5)
      try expect(
        try await bench.store.reap(gone: [StoreBench.alice], crashLimit: 3, limit: 2, at: at(100)).count, is: 2, "first"
      )
      try expect(
        try await bench.store.reap(gone: [StoreBench.alice], crashLimit: 3, limit: 9, at: at(100)).count, is: 3, "then")
    },
    Case("a job that kills its workers is dead after the crash limit, with that reason") { bench in
      let id = try await bench.add()
      for state in [JobState.ready, .ready, .dead] {
        let leased = try await bench.leaseOne()
        try expect(try await bench.lose(leased, crashLimit: 3, at: at(2)), is: state, "state")
      }
      let job = try await bench.job(id)
      try expect(job.lastFailure?.code, is: "crash-limit", "the failure's code")
      try expect(job.crashes, is: 3, "crashes")
      try expect(job.failures, is: 0, "failures")
      try expect(job.finishedAt, is: at(2), "finished at")
      try expect(try await bench.store.jobs(JobQuery(failureCode: "crash-limit")).map(\.id), is: [id], "found by code")
    },
    Case("a look for lost workers takes back all their jobs, in batches, and forgets who will not come back") { bench in
      for (name, host) in [("here-1", "here"), ("here-2", "here"), ("there", "there"), ("old", "there")] {
        var record = worker(name, startedAt: at(0), seenAt: name == "old" ? at(0) : at(90_000))
        record.host = host
        try await bench.store.announce(record)
      }
      _ = try await bench.enqueue((0..<7).map { _ in NewJob(kind: "work") }, at: at(89_999))
      let lost = try await bench.lease(5, by: WorkerID("here-2"), at: at(90_000)).map(\.job.id)
      let kept = try await bench.lease(1, by: WorkerID("here-1"), at: at(90_000)).map(\.job.id)
      let other = try await bench.lease(1, by: WorkerID("there"), at: at(90_000)).map(\.job.id)
      let watch = HostWatch(host: "here", worker: WorkerID("here-1"), isAlive: { $0.id != WorkerID("here-2") })
      let reaped = try await bench.store.reap(watching: watch, terms: .standard, batch: 2, at: at(90_001))
      try expect(reaped.jobs, is: Dictionary(uniqueKeysWithValues: lost.map { ($0, .ready) }), "jobs taken back")
      try expect(Set(reaped.workers), is: [WorkerID("here-2"), WorkerID("old")], "workers forgotten")
      for job in kept + other { try expect(try await bench.state(job), is: .running, "the jobs of the others") }
      try expect(
        Set(try await bench.store.workers().map(\.id)), is: [WorkerID("here-1"), WorkerID("there")], "workers left")
      let quiet = try await bench.store.reap(watching: watch, terms: .standard, at: at(90_002))
      try expect(quiet, is: Reaped(), "the next look")
    },
    Case("a lost job that a person cancelled is cancelled") { bench in
      let leased = try await bench.running()
      _ = try await bench.store.cancel([leased.job.id], why: "enough", at: at(2))
      try expect(try await bench.lose(leased, at: at(3)), is: .cancelled, "state")
      try expect(try await bench.lastAttempt(leased.job.id).outcome, is: .lost, "outcome")
    },
    Case("children of a job that is dead by its crashes are told") { bench in
      let leased = try await bench.running()
      let child = try await bench.add(NewJob(kind: "c", parents: [.job(leased.job.id)]))
      try await bench.lose(leased, crashLimit: 1, at: at(3))
      let job = try await bench.job(child)
      try expect(job.state, is: .blocked, "state")
      try expect(job.waitReason?.contains("\(leased.job.id)") == true, "a wait reason that names the parent")
    },
  ]
}
