import JobQueue

extension StoreConformance {
  static let completing: [Case] = [
    Case("done: the output is kept and the attempt is closed") { bench in
      let leased = try await bench.running()
      let note = Note(at: at(2), text: "asked; answered")
      let receipt = try await bench.end(leased, .done(output: #"{"id":7}"#), at: at(9), notes: [note])
      try expect(receipt, is: .recorded(.completed), "the receipt")
      let job = try await bench.job(leased.job.id)
      try expect(job.output, is: #"{"id":7}"#, "output")
      try expect(job.finishedAt, is: at(9), "finished at")
      try expect(job.leaseOwner, is: nil, "lease owner")
      try expect(job.leaseExpiresAt, is: nil, "end of the lease")
      try expect(
        try await bench.lastAttempt(job.id),
        is: Attempt(
          job: job.id, number: 1, worker: StoreBench.alice, startedAt: at(1), endedAt: at(9), outcome: .completed,
          notes: [note]), "the attempt")
    },
    Case("ends and the next leases in one call are what the two verbs do after each other") { bench in
      let parent = try await bench.running()
      _ = try await bench.store.enqueue(
        [NewJob(kind: "child", parents: [.job(parent.job.id)]), NewJob(kind: "other")], at: at(2))
      let request = LeaseRequest(owner: StoreBench.alice, limits: [.init(queue: "default", count: 5)])
      let completions = [
        Completion(lease: parent.lease, outcome: .done(output: "1")),
        Completion(lease: parent.lease, outcome: .dead(broken)),
      ]
      let (receipts, leased) = try await bench.store.complete(completions, thenLease: request, at: at(3))
      try expect(receipts, is: [.recorded(.completed), .leaseLost], "the receipts")
      // The child becomes ready when its parent ends, in the same call.
      try expect(leased.map(\.job.kind).sorted(), is: ["child", "other"], "the leased jobs")
      try expect(leased.map(\.lease.token), is: [1, 1], "their tokens")
      try expect(try await bench.job(parent.job.id).output, is: "1", "the output")
    },
    Case("retry: a failure is counted and the job waits for its moment, saying why") { bench in
      let leased = try await bench.running()
      let receipt = try await bench.end(leased, .retry(at: at(60), broken, why: "failure 1 of 12"))
      try expect(receipt, is: .recorded(.scheduled), "the receipt")
      let job = try await bench.job(leased.job.id)
      try expect(job.failures, is: 1, "failures")
      try expect(job.runAt, is: at(60), "run at")
      try expect(job.lastFailure, is: broken, "last failure")
      try expect(job.waitReason, is: "failure 1 of 12", "wait reason")
      try expect(job.finishedAt, is: nil, "finished at")
      let attempt = try await bench.lastAttempt(job.id)
      try expect(attempt.outcome, is: .failed, "outcome")
      try expect(attempt.failure, is: broken, "failure")
      try expect(attempt.nextRunAt, is: at(60), "next run")
      try expect(attempt.why, is: "failure 1 of 12", "why")
    },
    Case("a retry or snooze whose moment has come is ready at once") { bench in
      let retried = try await bench.running()
      let snoozed = try await bench.running()
      try expect(try await bench.end(retried, .retry(at: at(2), broken, why: "now")), is: .recorded(.ready), "retry")
      try expect(try await bench.end(snoozed, .snooze(until: at(1), why: "now")), is: .recorded(.ready), "snooze")
    },
    Case("snooze, hold and hand-back count for nothing") { bench in
      let outcomes: [(Outcome, JobState, AttemptOutcome)] = [
        (.snooze(until: at(60), why: "later"), .scheduled, .snoozed), (.hold(why: "source offline"), .held, .held),
        (.handBack(why: "shutdown"), .ready, .handedBack),
      ]
      for (outcome, state, word) in outcomes {
        let leased = try await bench.running()
        try expect(try await bench.end(leased, outcome), is: .recorded(state), "the receipt")
        let job = try await bench.job(leased.job.id)
        try expect(job.failures, is: 0, "failures after \(word.rawValue)")
        try expect(job.crashes, is: 0, "crashes after \(word.rawValue)")
        try expect(job.waitReason != nil, "a wait reason after \(word.rawValue)")
        try expect(try await bench.lastAttempt(job.id).outcome, is: word, "outcome")
      }
    },
    Case("dead: the job is finished with its failure, which is counted") { bench in
      let leased = try await bench.running()
      try expect(try await bench.end(leased, .dead(broken), at: at(8)), is: .recorded(.dead), "the receipt")
      let job = try await bench.job(leased.job.id)
      try expect(job.failures, is: 1, "failures")
      try expect(job.lastFailure, is: broken, "last failure")
      try expect(job.finishedAt, is: at(8), "finished at")
    },
    Case("a failure keeps its hint and the provider's request id") { bench in
      let full = Failure(code: "409", message: "limit reached", hint: "delete one", requestID: "r-1")
      let leased = try await bench.running()
      try await bench.end(leased, .retry(at: at(60), full, why: "again"))
      try expect(try await bench.job(leased.job.id).lastFailure, is: full, "last failure")
      try expect(try await bench.lastAttempt(leased.job.id).failure, is: full, "the attempt's failure")
    },
    Case("failures add up, and an attempt that succeeds leaves the last one to read") { bench in
      let id = try await bench.add()
      for _ in 0..<3 {
        try await bench.end(try await bench.leaseOne(), .retry(at: at(1), broken, why: "again"))
      }
      try await bench.end(try await bench.leaseOne(), done)
      let job = try await bench.job(id)
      try expect(job.failures, is: 3, "failures")
      try expect(job.lastFailure, is: broken, "last failure")
    },
    Case("a lease clears the reason to wait") { bench in
      let id = try await bench.add()
      try await bench.end(try await bench.leaseOne(), .handBack(why: "shutdown"))
      _ = try await bench.leaseOne()
      try expect(try await bench.job(id).waitReason, is: nil, "wait reason")
    },
    Case("an output that is too large is refused and the job runs on") { bench in
      let leased = try await bench.running()
      try await bench.refuses(.invalid) {
        try await bench.end(leased, .done(output: String(repeating: "x", count: 1 << 20 + 1)))
      }
      try expect(try await bench.state(leased.job.id), is: .running, "state")
    },
    Case("completing nothing is nothing") { bench in
      try expect(try await bench.store.complete([], at: at(1)).count, is: 0, "receipts")
    },
  ]

  static let families: [Case] = [
    Case("a job waits for its parents and becomes ready with the last of them") { bench in
      let parents = try await bench.enqueue([NewJob(kind: "p"), NewJob(kind: "q")]).map(\.id)
      let child = try await bench.add(NewJob(kind: "child", queue: "children", parents: parents.map { .job($0) }))
      try expect(try await bench.state(child), is: .blocked, "state at first")
      for (parent, state) in zip(try await bench.lease(2), [JobState.blocked, .ready]) {
        try await bench.end(parent, done)
        try expect(try await bench.state(child), is: state, "state after a parent")
      }
      try expect(try await bench.job(child).waitReason, is: nil, "wait reason")
    },
    Case("parents may stand earlier in the same batch, also as jobs already present") { bench in
      let present = try await bench.add(NewJob(kind: "p", uniqueKey: "k"))
      let receipts = try await bench.enqueue([
        NewJob(kind: "p", uniqueKey: "k"), NewJob(kind: "q"),
        NewJob(kind: "c", parents: [.batch(0), .batch(1), .batch(1)]),
      ])
      let parents = try await bench.store.relatives(of: receipts[2].id).parents
      try expect(parents, is: [present, receipts[1].id], "parents")
      try expect(try await bench.store.relatives(of: present).children, is: [receipts[2].id], "children")
      try expect(receipts[2].state, is: .blocked, "the child's state")
    },
    Case("a parent that is unknown, later in the batch or the job itself is refused, with the whole batch") { bench in
      let wrong: [NewJob.Parent] = [.job(JobID(99)), .batch(1), .batch(2), .batch(-1)]
      for parent in wrong {
        try await bench.refuses(.noSuchParent) {
          _ = try await bench.enqueue([NewJob(kind: "p"), NewJob(kind: "c", parents: [parent]), NewJob(kind: "q")])
        }
      }
      try expect(try await bench.store.jobs(JobQuery()).count, is: 0, "jobs")
    },
    Case("a job whose parents are all completed does not wait") { bench in
      let parent = try await bench.running()
      try await bench.end(parent, done)
      let receipts = try await bench.enqueue(
        [nil, at(100)].map { NewJob(kind: "c", runAt: $0, parents: [.job(parent.job.id)]) }, at: at(3))
      try expect(receipts.map(\.state), is: [.ready, .scheduled], "states")
    },
    Case("a released job still waits for its own moment") { bench in
      let parent = try await bench.running()
      let child = try await bench.add(NewJob(kind: "c", runAt: at(100), parents: [.job(parent.job.id)]))
      try await bench.end(parent, done)
      try expect(try await bench.state(child), is: .scheduled, "state")
      try expect(try await bench.store.nextDue(), is: at(100), "next due")
    },
    Case("a parent that ends badly keeps its children blocked, and they say which") { bench in
      for outcome in [Outcome.dead(broken), .cancelled(why: "no")] {
        let parent = try await bench.running()
        let child = try await bench.add(NewJob(kind: "c", queue: "children", parents: [.job(parent.job.id)]))
        try await bench.end(parent, outcome)
        let job = try await bench.job(child)
        try expect(job.state, is: .blocked, "state")
        try expect(job.waitReason?.contains("\(parent.job.id)") == true, "a wait reason that names the parent")
      }
    },
    Case("a blocked job says what it waits for, in the same words in every store") { bench in
      let parents = try await bench.enqueue((0..<7).map { _ in NewJob(kind: "p") }).map(\.id)
      let one = try await bench.add(
        NewJob(kind: "c", queue: "children", parents: [.job(parents[2]), .job(parents[2])]))
      let two = try await bench.add(
        NewJob(kind: "c", queue: "children", parents: [.job(parents[1]), .job(parents[0])]))
      let all = try await bench.add(
        NewJob(kind: "c", queue: "children", parents: parents.reversed().map { .job($0) }))
      func says(_ job: JobID, _ reason: String, _ when: String) async throws {
        try expect(try await bench.job(job).waitReason, is: reason, when)
      }
      try await says(one, "waits for job \(parents[2])", "with one parent, named twice")
      try await says(two, "waits for jobs \(parents[0]), \(parents[1])", "with two, by number")
      let first = parents[..<5].map { "\($0)" }.joined(separator: ", ")
      try await says(all, "waits for jobs \(first) and 2 more", "with many")
      let leased = try await bench.lease(7)
      try await bench.end(leased[0], done)
      try await says(two, "waits for job \(parents[1])", "when one is completed")
      try await bench.end(leased[3], .dead(broken))
      let dead = "parent job \(parents[3]) is dead; retry it to continue"
      try await says(all, dead, "when one is dead")
      let late = try await bench.add(NewJob(kind: "c", parents: parents.map { .job($0) }))
      try await says(late, dead, "of one that is enqueued then")
      _ = try await bench.store.retry([parents[3]], at: at(5))
      let others = parents[1..<6].map { "\($0)" }.joined(separator: ", ")
      try await says(all, "waits for jobs \(others) and 1 more", "when that one runs again")
    },
    Case("a job enqueued behind a parent that ended badly is blocked, and says why") { bench in
      let parent = try await bench.running()
      try await bench.end(parent, .dead(broken))
      let child = try await bench.job(try await bench.add(NewJob(kind: "c", parents: [.job(parent.job.id)])))
      try expect(child.state, is: .blocked, "state")
      try expect(child.waitReason?.contains("\(parent.job.id)") == true, "a wait reason that names the parent")
    },
    Case("retrying a dead parent until it completes releases its children") { bench in
      let parent = try await bench.running()
      let child = try await bench.add(NewJob(kind: "c", queue: "children", parents: [.job(parent.job.id)]))
      try await bench.end(parent, .dead(broken))
      _ = try await bench.store.retry([parent.job.id], at: at(5))
      try expect(try await bench.state(child), is: .blocked, "state while the parent runs again")
      try await bench.end(try await bench.leaseOne(at: at(6)), done)
      try expect(try await bench.state(child), is: .ready, "state at the end")
    },
    Case("a child reads the outputs of its completed parents, by number") { bench in
      let parents = try await bench.enqueue([NewJob(kind: "p"), NewJob(kind: "q")]).map(\.id)
      let child = try await bench.add(NewJob(kind: "c", parents: parents.reversed().map { .job($0) }))
      let leased = try await bench.lease(2)
      try await bench.end(leased[1], .done(output: "2"))
      try expect(
        try await bench.store.parentOutputs(of: child), is: [ParentOutput(job: parents[1], kind: "q", output: "2")],
        "outputs of one")
      try await bench.end(leased[0], .done(output: "1"))
      let outputs = try await bench.store.parentOutputs(of: child)
      try expect(outputs.map(\.output), is: ["1", "2"], "outputs of both")
      try expect(leased[0].parentOutputs, is: [], "what comes with the lease of a job without parents")
      try expect(
        try await bench.leaseOne(at: at(3)).parentOutputs, is: outputs, "what comes with the lease of the child")
    },
    Case("grandchildren wait for their own parents, not for theirs") { bench in
      let receipts = try await bench.enqueue([
        NewJob(kind: "a"), NewJob(kind: "b", parents: [.batch(0)]), NewJob(kind: "c", parents: [.batch(1)]),
      ])
      for index in 0..<3 {
        let leased = try await bench.leaseOne(at: at(index + 1))
        try expect(leased.job.id, is: receipts[index].id, "the only ready job")
        try expect(try await bench.lease(5).count, is: 0, "other ready jobs")
        try await bench.end(leased, done)
      }
    },
  ]
}
