import JobQueue

extension StoreConformance {
  static let holding: [Case] = [
    Case("all that is unfinished is held at once, with the reason, and what is finished or held stays as it is") {
      bench in
      let kept = try await bench.running()
      try await bench.end(kept, .hold(why: "of before"))
      let finished = try await bench.running()
      try await bench.end(finished, done)
      let running = try await bench.running()
      let others = try await bench.enqueue([
        NewJob(kind: "ready", queue: "idle"), NewJob(kind: "scheduled", runAt: at(50)),
        NewJob(kind: "blocked", parents: [.batch(0)]),
      ]).map(\.id)
      let before = try await bench.store.jobs(JobQuery(ids: [kept.job.id, finished.job.id]))
      try expect(try await bench.store.holdUnfinished(why: "look first", at: at(5)), is: 4, "how many")
      for id in others + [running.job.id] {
        let job = try await bench.job(id)
        try expect(job.state, is: .held, "state")
        try expect(job.waitReason, is: "look first", "wait reason")
      }
      try expect(try await bench.store.jobs(JobQuery(ids: [kept.job.id, finished.job.id])), is: before, "the others")
      try expect(try await bench.store.holdUnfinished(why: "again", at: at(6)), is: 0, "how many are left")
      let counts = try await bench.store.status().counts
      try expect(counts, is: ["default": ["held": 4, "completed": 1], "idle": ["held": 1]], "counts")
    },
    Case("a job that runs is taken from its worker, and nothing is counted") { bench in
      let leased = try await bench.running()
      _ = try await bench.store.holdUnfinished(why: "look first", at: at(5))
      try expect(try await bench.end(leased, done, at: at(6)), is: .leaseLost, "the worker's end")
      let attempt = try await bench.lastAttempt(leased.job.id)
      try expect(attempt.outcome, is: .lost, "the attempt's outcome")
      try expect(attempt.why, is: "look first", "the attempt's reason")
      let job = try await bench.job(leased.job.id)
      try expect([job.failures, job.crashes], is: [0, 0], "failures and crashes")
      try expect(try await bench.store.retry([job.id], at: at(7)), is: [job.id: .ready], "the state when it is let go")
      try expect(try await bench.leaseOne(at: at(8)).lease.token, is: 2, "the next lease's token")
    },
    Case("a job that a person had cancelled ends, and the next one of its key is held too") { bench in
      let former = try await bench.running(NewJob(kind: "work", uniqueKey: "k"))
      _ = try await bench.store.cancel([former.job.id], why: "wrong venue", at: at(2))
      let heir = try await bench.add(NewJob(kind: "work", uniqueKey: "k"), at: at(3))
      try expect(try await bench.state(heir), is: .blocked, "the heir's state before")
      try expect(try await bench.store.holdUnfinished(why: "look first", at: at(5)), is: 1, "how many")
      let ended = try await bench.job(former.job.id)
      try expect(ended.state, is: .cancelled, "the former job's state")
      try expect(ended.waitReason, is: "wrong venue", "the former job's reason")
      try expect(try await bench.state(heir), is: .held, "the heir's state")
      try expect(
        try await bench.store.retry([heir], at: at(6)), is: [heir: .ready], "the heir's state when it is let go")
    },
    Case("what was held goes on where it stood: behind its parents, at its moment, or at once") { bench in
      let ids = try await bench.enqueue([
        NewJob(kind: "parent", queue: "idle"), NewJob(kind: "child", queue: "idle", parents: [.batch(0)]),
        NewJob(kind: "later", runAt: at(50)),
      ]).map(\.id)
      _ = try await bench.store.holdUnfinished(why: "look first", at: at(5))
      let states = try await bench.store.retry([ids[1], ids[2]], at: at(6))
      try expect(states, is: [ids[1]: .blocked, ids[2]: .scheduled], "states while the parent is held")
      let child = try await bench.job(ids[1])
      try expect(child.waitReason?.contains("\(ids[0])") == true, "a wait reason that names the parent")
      try expect(try await bench.job(ids[2]).runAt, is: at(50), "the moment")
      try expect(try await bench.store.retry([ids[0]], at: at(7)), is: [ids[0]: .ready], "the parent's state")
      let parent = try require(try await bench.lease(at: at(8), queue: "idle").first, "the parent")
      try await bench.end(parent, done, at: at(9))
      try expect(try await bench.state(ids[1]), is: .ready, "the child's state after its parent")
    },
    Case("a job that is held past its moment is ready when it is let go") { bench in
      let id = try await bench.add(NewJob(kind: "later", runAt: at(50)))
      _ = try await bench.store.holdUnfinished(why: "look first", at: at(5))
      _ = try await bench.store.promoteDue(at: at(60), limit: 10)
      try expect(try await bench.state(id), is: .held, "state after its moment")
      try expect(try await bench.store.retry([id], at: at(61)), is: [id: .ready], "states")
      try expect(try await bench.job(id).runAt, is: at(61), "run at")
    },
    Case("a budget counts as full for one window, and is free afterwards") { bench in
      let first = try await bench.running()
      try expect(try await bench.acquire(first, at: at(3)), is: .granted, "the answer before")
      _ = try await bench.store.holdUnfinished(why: "look first", at: at(5))
      let status = try await bench.budget(at: at(6))
      try expect([status.used, status.learned], is: [2, 1], "units")
      _ = try await bench.store.retry([first.job.id], at: at(7))
      let again = try await bench.leaseOne(at: at(8))
      // It still has its own unit.
      try expect(try await bench.acquire(again, at: at(9)), is: .granted, "the answer for the same effect")
      let other = try await bench.running(at: at(10))
      guard case .wait(let wait) = try await bench.acquire(other, at: at(11)) else {
        throw ConformanceFailure(expectation: "no unit was free, and one was granted", location: "budgets")
      }
      try expect(wait.slot <= at(5 + 100 + 2), "a slot one window after: \(wait.slot)")
      try expect(try await bench.acquire(other, at: at(5 + 100 + 2)), is: .granted, "the answer afterwards")
    },
    Case("an operator's hold leaves an entry in the audit") { bench in
      _ = try await bench.add()
      _ = try await bench.store.holdUnfinished(why: "look first", at: at(5))
      let entry = try require(try await bench.store.audit(limit: 1, before: nil).first, "an entry")
      try expect(entry.verb, is: .hold, "the verb")
      try expect(entry.count, is: 1, "the count")
    },
  ]
}
