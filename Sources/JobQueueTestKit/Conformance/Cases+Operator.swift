import JobQueue

extension StoreConformance {
  static let cancelling: [Case] = [
    Case("an unfinished job that does not run is cancelled at once, with the reason") { bench in
      let parent = try await bench.add(NewJob(kind: "p", queue: "idle"))
      let held = try await bench.running()
      try await bench.end(held, .hold(why: "wait"))
      let waiting = try await bench.enqueue([
        NewJob(kind: "blocked", parents: [.job(parent)]), NewJob(kind: "scheduled", runAt: at(50)),
        NewJob(kind: "ready", queue: "idle"),
      ]).map(\.id)
      for id in waiting + [held.job.id] {
        try expect(try await bench.store.cancel([id], why: "enough", at: at(5)), is: [id: .cancelled], "states")
        let job = try await bench.job(id)
        try expect(job.state, is: .cancelled, "state")
        try expect(job.waitReason, is: "enough", "wait reason")
        try expect(job.finishedAt, is: at(5), "finished at")
      }
    },
    Case("a running job is asked to stop and runs until its worker says so") { bench in
      let leased = try await bench.running()
      let states = try await bench.store.cancel([leased.job.id], why: "enough", at: at(5))
      try expect(states, is: [leased.job.id: .running], "states")
      try expect(try await bench.job(leased.job.id).cancelRequested, "a request to stop")
      try expect(
        try await bench.end(leased, .cancelled(why: "asked")), is: .decided(.cancelled(why: "enough"), .cancelled),
        "the receipt")
      try expect(try await bench.job(leased.job.id).cancelRequested, is: false, "the request after the end")
    },
    Case("a running job that was cancelled shows the reason, the newest when there are two") { bench in
      let leased = try await bench.running()
      for why in ["wrong venue", "the show is off"] {
        _ = try await bench.store.cancel([leased.job.id], why: why, at: at(5))
        try expect(try await bench.job(leased.job.id).waitReason, is: why, "the reason while it runs")
      }
    },
    Case("the reason of a cancel survives however the attempt ends, on the job and in its history") { bench in
      let gate = GateClosure(base: .seconds(5), requested: nil, why: "nobody answers")
      let ends: [Outcome] = [
        .cancelled(why: "the worker's word"), .retry(at: at(60), broken, why: "again"),
        .snooze(until: at(60), why: "later"), .hold(why: "wait"), .handBack(why: "shutdown"), .closeGate(gate),
        .suspectsOutage(gate, otherwise: CountedFailure(failure: broken, again: nil)),
      ]
      for end in ends {
        let leased = try await bench.running(NewJob(kind: "work", gate: "g"))
        _ = try await bench.store.cancel([leased.job.id], why: "wrong venue", at: at(2))
        try await bench.end(leased, end, at: at(3))
        try expect(try await bench.job(leased.job.id).waitReason, is: "wrong venue", "the job's, after \(end.word)")
        let attempt = try await bench.lastAttempt(leased.job.id)
        try expect(attempt.why, is: "wrong venue", "the attempt's, after \(end.word)")
        try expect(attempt.outcome, is: .cancelled, "the attempt's outcome after \(end.word)")
      }
      let lost = try await bench.running()
      _ = try await bench.store.cancel([lost.job.id], why: "wrong venue", at: at(2))
      try await bench.lose(lost, at: at(3))
      try expect(try await bench.job(lost.job.id).waitReason, is: "wrong venue", "the lost job's")
      try expect(try await bench.lastAttempt(lost.job.id).why, is: "wrong venue", "the lost attempt's")
    },
    Case("a job that was cancelled without a reason keeps the worker's word, or says that it ran") { bench in
      for (end, why) in [
        (Outcome.cancelled(why: "the worker's word"), "the worker's word"),
        (.handBack(why: "shutdown"), CancelRequest.unexplained),
      ] {
        let leased = try await bench.running()
        _ = try await bench.store.cancel([leased.job.id], why: "", at: at(2))
        try await bench.end(leased, end, at: at(3))
        try expect(try await bench.job(leased.job.id).waitReason, is: why, "wait reason")
      }
    },
    Case("what would run again is cancelled instead when a person asked for it") { bench in
      let again: [Outcome] = [
        .retry(at: at(60), broken, why: "again"), .snooze(until: at(60), why: "later"), .hold(why: "wait"),
        .handBack(why: "shutdown"),
      ]
      for outcome in again {
        let leased = try await bench.running()
        _ = try await bench.store.cancel([leased.job.id], why: "enough", at: at(2))
        try expect(
          try await bench.end(leased, outcome), is: .decided(.cancelled(why: "enough"), .cancelled),
          "the receipt after \(outcome.word)")
      }
    },
    Case("what is done or dead stays so when a person asked too late") { bench in
      for (outcome, state) in [(done, JobState.completed), (.dead(broken), .dead)] {
        let leased = try await bench.running()
        _ = try await bench.store.cancel([leased.job.id], why: "enough", at: at(2))
        try expect(try await bench.end(leased, outcome), is: .recorded(state), "the receipt")
      }
    },
    Case("finished jobs are left as they are, and unknown ones are not named") { bench in
      let leased = try await bench.running()
      try await bench.end(leased, done)
      let before = try await bench.job(leased.job.id)
      let states = try await bench.store.cancel([leased.job.id, JobID(99)], why: "enough", at: at(9))
      try expect(states, is: [leased.job.id: .completed], "states")
      try expect(try await bench.job(leased.job.id), is: before, "the job")
    },
    Case("children of a cancelled job are told") { bench in
      let receipts = try await bench.enqueue([NewJob(kind: "p"), NewJob(kind: "c", parents: [.batch(0)])])
      _ = try await bench.store.cancel([receipts[0].id], why: "enough", at: at(2))
      let child = try await bench.job(receipts[1].id)
      try expect(child.state, is: .blocked, "state")
      try expect(child.waitReason?.contains("\(receipts[0].id)") == true, "a wait reason that names the parent")
    },
  ]

  static let retrying: [Case] = [
    Case("a finished job runs again with its history kept and its counts at zero") { bench in
      for outcome in [done, .dead(broken), .cancelled(why: "no")] {
        let leased = try await bench.running()
        try await bench.end(leased, outcome)
        let states = try await bench.store.retry([leased.job.id], at: at(7))
        try expect(states, is: [leased.job.id: .ready], "states")
        let job = try await bench.job(leased.job.id)
        try expect(job.state, is: .ready, "state")
        try expect([job.failures, job.crashes], is: [0, 0], "failures and crashes")
        try expect(job.runAt, is: at(7), "run at")
        try expect(job.finishedAt, is: nil, "finished at")
        try expect(job.output, is: nil, "output")
        try expect(try await bench.store.attempts(of: job.id).count, is: 1, "attempts")
        let again = try await bench.leaseOne(at: at(8))
        try expect(again.lease.token, is: 2, "token")
        try await bench.end(again, done)
      }
    },
    Case("a retried job gets its crashes back") { bench in
      let id = try await bench.add()
      for _ in 0..<2 {
        for state in [JobState.ready, .dead] {
          try expect(try await bench.lose(try await bench.leaseOne(), crashLimit: 2, at: at(2)), is: state, "state")
        }
        try expect(try await bench.store.retry([id], at: at(1))[id], is: .ready, "state after the retry")
      }
    },
    Case("held and scheduled jobs are ready at once") { bench in
      let held = try await bench.running()
      try await bench.end(held, .hold(why: "wait"))
      let scheduled = try await bench.add(NewJob(kind: "later", runAt: at(500)))
      let states = try await bench.store.retry([held.job.id, scheduled], at: at(5))
      try expect(states, is: [held.job.id: .ready, scheduled: .ready], "states")
      let jobs = try await bench.store.jobs(JobQuery(ids: [held.job.id, scheduled]))
      try expect(jobs.map(\.runAt), is: [at(5), at(5)], "run at")
      try expect(jobs.map(\.waitReason), is: [nil, nil], "wait reasons")
    },
    Case("running, ready and blocked jobs are left as they are, and unknown ones are not named") { bench in
      let running = try await bench.running()
      let ready = try await bench.add(NewJob(kind: "ready", queue: "idle"))
      let blocked = try await bench.add(NewJob(kind: "blocked", parents: [.job(ready)]))
      let ids = [running.job.id, ready, blocked]
      let before = try await bench.store.jobs(JobQuery(ids: ids))
      let states = try await bench.store.retry(ids + [JobID(99)], at: at(5))
      try expect(states, is: [running.job.id: .running, ready: .ready, blocked: .blocked], "states")
      try expect(try await bench.store.jobs(JobQuery(ids: ids)), is: before, "the jobs")
    },
    Case("a retried job waits for its parents again") { bench in
      let receipts = try await bench.enqueue([NewJob(kind: "p"), NewJob(kind: "c", parents: [.batch(0)])])
      _ = try await bench.store.cancel([receipts[1].id], why: "no", at: at(1))
      let states = try await bench.store.retry([receipts[1].id], at: at(2))
      try expect(states, is: [receipts[1].id: .blocked], "states")
      try await bench.end(try await bench.leaseOne(at: at(3)), done)
      try expect(try await bench.state(receipts[1].id), is: .ready, "state after the parent")
    },
    Case("a job that was cancelled before its moment waits for it again when it is retried, and then runs at once") {
      bench in
      let ids = try await bench.enqueue([
        NewJob(kind: "later", runAt: at(500)), NewJob(kind: "parent", queue: "idle"),
        NewJob(kind: "both", runAt: at(500), parents: [.batch(1)]),
      ]).map(\.id)
      _ = try await bench.store.cancel([ids[0], ids[2]], why: "no", at: at(1))
      let states = try await bench.store.retry([ids[0], ids[2]], at: at(2))
      try expect(states, is: [ids[0]: .scheduled, ids[2]: .blocked], "states")
      try expect(try await bench.job(ids[0]).runAt, is: at(500), "the moment")
      try expect(try await bench.job(ids[2]).runAt, is: at(500), "the moment of what waits for its parent first")
      try expect(try await bench.store.promoteDue(at: at(499), limit: 10).count, is: 0, "promoted before the moment")
      try expect(try await bench.store.promoteDue(at: at(500), limit: 10).count, is: 1, "promoted at the moment")
      // A job that was cancelled again, or waits, runs when it is retried once more.
      _ = try await bench.store.cancel([ids[0]], why: "no", at: at(501))
      try expect(try await bench.store.retry([ids[0]], at: at(502)), is: [ids[0]: .ready], "state after its moment")
      try expect(try await bench.job(ids[0]).runAt, is: at(502), "run at")
      let later = try await bench.add(NewJob(kind: "later", runAt: at(900)))
      _ = try await bench.store.cancel([later], why: "no", at: at(503))
      try expect(try await bench.store.retry([later], at: at(504)), is: [later: .scheduled], "state after one retry")
      try expect(try await bench.store.retry([later], at: at(505)), is: [later: .ready], "state after the second one")
    },
    Case("a retry against an unfinished job of the same unique key is refused, with the whole call") { bench in
      let other = try await bench.running()
      try await bench.end(other, .dead(broken))
      let first = try await bench.running(NewJob(kind: "work", uniqueKey: "k"))
      try await bench.end(first, .dead(broken))
      _ = try await bench.add(NewJob(kind: "work", uniqueKey: "k"))
      try await bench.refuses(.uniqueConflict) {
        _ = try await bench.store.retry([other.job.id, first.job.id], at: at(9))
      }
      try expect(try await bench.state(other.job.id), is: .dead, "the other one's state")
      try expect(try await bench.state(first.job.id), is: .dead, "state")
    },
    Case("of two finished jobs of one unique key only one can be retried") { bench in
      var ids: [JobID] = []
      for _ in 0..<2 {
        let leased = try await bench.running(NewJob(kind: "work", uniqueKey: "k"))
        try await bench.end(leased, .dead(broken))
        ids.append(leased.job.id)
      }
      try await bench.refuses(.uniqueConflict) { _ = try await bench.store.retry(ids, at: at(9)) }
      try expect(try await bench.store.retry([ids[1]], at: at(9)), is: [ids[1]: .ready], "states")
    },
  ]

  static let querying: [Case] = [
    Case("jobs are found by state, kind, queue, label, moment, text and number, all at once") { bench in
      let ids = try await bench.enqueue([
        NewJob(kind: "a", queue: "x", payload: #"{"n":"news"}"#, labels: ["show": "news", "day": "1"]),
        NewJob(kind: "b", queue: "x", payload: #"{"n":"sport"}"#, runAt: at(99), labels: ["show": "sport"]),
        NewJob(kind: "c", queue: "y", payload: #"{"n":"100%"}"#, labels: ["show": "news"]),
      ]).map(\.id)
      _ = try await bench.add(NewJob(kind: "a", queue: "z"), at: at(50))
      func found(_ query: JobQuery) async throws -> [JobID] { try await bench.store.jobs(query).map(\.id) }
      try expect(try await found(JobQuery(states: [.scheduled])), is: [ids[1]], "by state")
      try expect(try await found(JobQuery(states: [.completed, .dead])), is: [], "by states without jobs")
      try expect(try await found(JobQuery(kinds: ["b", "c"])), is: [ids[2], ids[1]], "by kinds")
      try expect(try await found(JobQuery(queues: ["x"])), is: [ids[1], ids[0]], "by queue")
      try expect(try await found(JobQuery(labels: ["show": "news"])), is: [ids[2], ids[0]], "by a label")
      try expect(try await found(JobQuery(labels: ["show": "news", "day": "1"])), is: [ids[0]], "by two labels")
      try expect(try await found(JobQuery(createdSince: at(50))).count, is: 1, "by moment")
      try expect(try await found(JobQuery(payloadContains: "news")), is: [ids[0]], "by text")
      try expect(try await found(JobQuery(payloadContains: "100%")), is: [ids[2]], "by text with a special sign")
      try expect(try await found(JobQuery(ids: [ids[2], ids[0], JobID(99)])), is: [ids[2], ids[0]], "by number")
      try expect(try await found(JobQuery(states: [.ready], kinds: ["a"], queues: ["x"])), is: [ids[0]], "by three")
    },
    Case("jobs are found by the code of their newest failure") { bench in
      let first = try await bench.running()
      let second = try await bench.running()
      try await bench.end(first, .retry(at: at(1), broken, why: "again"))
      try await bench.end(second, .dead(Failure(code: "other", message: "it broke otherwise")))
      try expect(try await bench.store.jobs(JobQuery(failureCode: "broken")).map(\.id), is: [first.job.id], "at first")
      let again = try await bench.leaseOne()
      try await bench.end(again, .dead(Failure(code: "other", message: "now this")))
      try expect(try await bench.store.jobs(JobQuery(failureCode: "broken")).count, is: 0, "jobs of the old code")
      try expect(try await bench.store.jobs(JobQuery(failureCode: "other")).count, is: 2, "jobs of the new code")
    },
    Case("pages follow each other without gap or repetition") { bench in
      let ids = try await bench.enqueue((0..<25).map { NewJob(kind: "work-\($0)") }).map(\.id)
      var pages: [[JobID]] = []
      while let page = Optional(try await bench.store.jobs(JobQuery(before: pages.last?.last, limit: 10)).map(\.id)),
        !page.isEmpty
      {
        pages.append(page)
      }
      try expect(pages.map(\.count), is: [10, 10, 5], "page sizes")
      try expect(pages.flatMap { $0 }, is: ids.reversed(), "all pages")
    },
    Case("a blocked job is stuck when one that it waits for, near or far, is dead, cancelled or held") { bench in
      for outcome in [Outcome.dead(broken), .cancelled(why: "no"), .hold(why: "wait"), done] {
        let first = try await bench.running()
        let ids = try await bench.enqueue([
          NewJob(kind: "going", queue: "idle"),
          NewJob(kind: "child", parents: [.job(first.job.id), .batch(0)]),
          NewJob(kind: "grandchild", queue: "idle", parents: [.batch(0), .batch(1)]),
          NewJob(kind: "other", queue: "idle", parents: [.batch(0)]),
          NewJob(kind: "last", queue: "idle", parents: [.batch(3), .batch(2)]),
        ]).map(\.id)
        try expect(try await bench.store.needingOperator(among: ids), is: [], "before")
        try await bench.end(first, outcome)
        let stuck: Set = outcome == done ? [] : [ids[1], ids[2], ids[4]]
        try expect(
          try await bench.store.needingOperator(among: ids + [JobID(9999)]), is: stuck, "after \(outcome.word)")
        try expect(
          try await bench.store.needingOperator(among: [ids[4]]), is: stuck.intersection([ids[4]]), "the last by itself"
        )
        if outcome != done { _ = try await bench.store.retry([first.job.id], at: at(3)) }
        try expect(try await bench.store.needingOperator(among: ids), is: [], "after a retry")
        _ = try await bench.store.cancel(ids + [first.job.id], why: "enough", at: at(4))
      }
    },
    Case("the status counts jobs by queue and state, and leaves out what is zero") { bench in
      let parent = try await bench.add(NewJob(kind: "p", queue: "x"), at: at(7))
      _ = try await bench.enqueue([
        NewJob(kind: "c", queue: "x", parents: [.job(parent)]), NewJob(kind: "l", queue: "y", runAt: at(90)),
      ])
      for outcome in [done, done, .dead(broken), .hold(why: "wait")] {
        try await bench.end(try await bench.running(), outcome)
      }
      let status = try await bench.store.status()
      try expect(
        status.counts,
        is: [
          "x": ["ready": 1, "blocked": 1], "y": ["scheduled": 1], "default": ["completed": 2, "dead": 1, "held": 1],
        ],
        "counts")
      try expect(status.oldestReady, is: at(7), "oldest ready")
      try expect(status.nextDue, is: at(90), "next due")
      try expect(status.count(.completed), is: 2, "completed in all queues")
    },
    Case("the status of an empty store is empty, also after everything was pruned") { bench in
      let empty = QueueStatus(counts: [:], oldestReady: nil, nextDue: nil, workers: [])
      try expect(try await bench.store.status(), is: empty, "the status at first")
      try await bench.end(try await bench.running(), done)
      _ = try await bench.store.prune(finishedBefore: at(1000), limit: 10)
      try expect(try await bench.store.status().counts.values.flatMap(\.values).reduce(0, +), is: 0, "jobs after")
    },
    Case("nothing is known of a job that is not there") { bench in
      let nobody = JobID(99)
      try expect(try await bench.store.jobs(JobQuery(ids: [nobody])).count, is: 0, "jobs")
      try expect(try await bench.store.attempts(of: nobody).count, is: 0, "attempts")
      let relatives = try await bench.store.relatives(of: nobody)
      try expect(relatives.parents + relatives.children, is: [], "relatives")
      try expect(try await bench.store.parentOutputs(of: nobody), is: [], "outputs")
    },
  ]
}
