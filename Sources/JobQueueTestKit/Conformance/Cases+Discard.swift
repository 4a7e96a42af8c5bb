import JobQueue

extension StoreConformance {
  static let discarding: [Case] = [
    Case("dead and held jobs are put aside as cancelled, with the reason and what they failed of") { bench in
      let dead = try await bench.running()
      try await bench.end(dead, .dead(broken))
      let held = try await bench.running()
      try await bench.end(held, .hold(why: "wait"))
      let ids = [dead.job.id, held.job.id]
      let states = try await bench.store.discard(ids, why: "nobody needs it", at: at(9))
      try expect(states, is: [ids[0]: .cancelled, ids[1]: .cancelled], "states")
      for id in ids {
        let job = try await bench.job(id)
        try expect(job.state, is: .cancelled, "state")
        try expect(job.waitReason, is: "nobody needs it", "wait reason")
        try expect(job.finishedAt, is: at(9), "finished at")
      }
      try expect(try await bench.job(ids[0]).lastFailure, is: broken, "the failure")
      try expect(try await bench.store.status().count(.cancelled), is: 2, "cancelled jobs")
      try expect(try await bench.store.status().count(.dead), is: 0, "dead jobs")
    },
    Case("all other jobs are left as they are, and unknown ones are not named") { bench in
      let completed = try await bench.running()
      try await bench.end(completed, done)
      let running = try await bench.running()
      let others = try await bench.enqueue([
        NewJob(kind: "ready", queue: "idle"), NewJob(kind: "later", runAt: at(500)),
        NewJob(kind: "blocked", parents: [.batch(0)]),
      ]).map(\.id)
      let cancelled = try await bench.add(NewJob(kind: "cancelled", queue: "idle"))
      _ = try await bench.store.cancel([cancelled], why: "enough", at: at(3))
      let ids = [completed.job.id, running.job.id, cancelled] + others
      let before = try await bench.store.jobs(JobQuery(ids: ids))
      let states = try await bench.store.discard(ids + [JobID(99)], why: "no", at: at(9))
      try expect(states, is: Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0.state) }), "states")
      try expect(try await bench.store.jobs(JobQuery(ids: ids)), is: before, "the jobs")
    },
    Case("a discarded job can be retried, and what waits for it is told") { bench in
      let parent = try await bench.running()
      let child = try await bench.add(NewJob(kind: "child", parents: [.job(parent.job.id)]))
      try await bench.end(parent, .dead(broken))
      _ = try await bench.store.discard([parent.job.id], why: "no", at: at(5))
      try expect(try await bench.job(child).waitReason?.contains("cancelled") == true, "what the child waits for")
      let states = try await bench.store.retry([parent.job.id], at: at(6))
      try expect(states, is: [parent.job.id: .ready], "states")
    },
    Case("a discard leaves its entry in the audit, and frees no place that the job did not have") { bench in
      let dead = try await bench.running(NewJob(kind: "work", uniqueKey: "k"))
      try await bench.end(dead, .dead(broken))
      let heir = try await bench.enqueue([NewJob(kind: "work", uniqueKey: "k")], at: at(3))[0]
      _ = try await bench.store.discard(
        [dead.job.id], why: "no", by: Operator("ana", filter: "--state dead"), at: at(4))
      let entry = try require(try await bench.store.audit(limit: 1, before: nil).first, "the entry")
      try expect(entry.verb, is: .discard, "verb")
      try expect(entry.who, is: "ana", "who")
      try expect(entry.filter, is: "--state dead", "filter")
      try expect(entry.count, is: 1, "count")
      let again = try await bench.enqueue([NewJob(kind: "work", uniqueKey: "k")], at: at(5))[0]
      try expect(again.id, is: heir.id, "the holder of the key")
    },
    Case("what a dead job left open and another one took over is not left open anew") { bench in
      let keyed = NewJob(kind: "work", uniqueKey: "k")
      let dead = try await bench.running(keyed)
      try await bench.store.write([.intent(effect: "e")], under: dead.lease, at: at(2))
      try await bench.end(dead, .dead(broken), at: at(3))
      let heir = try await bench.running(keyed, at: at(4))
      try expect(try await bench.effect("e", of: heir.job.id).intents, is: 1, "the heir's intents")
      _ = try await bench.store.discard([dead.job.id], why: "no", at: at(5))
      try await bench.store.write(
        [.result(effect: "e", json: "1", origin: .adopted, claim: nil)], under: heir.lease, at: at(6))
      try await bench.end(heir, done, at: at(7))
      let next = try await bench.running(keyed, at: at(8))
      try expect(try await bench.store.journal(of: next.job.id), is: Journal(), "the next one's journal")
    },
    Case("what a dead job left open stays for the next one of its key, also when it is discarded before") { bench in
      let keyed = NewJob(kind: "work", uniqueKey: "k")
      let dead = try await bench.running(keyed)
      try await bench.store.write([.intent(effect: "e")], under: dead.lease, at: at(2))
      try await bench.end(dead, .dead(broken), at: at(3))
      _ = try await bench.store.discard([dead.job.id], why: "no", at: at(4))
      let heir = try await bench.running(keyed, at: at(5))
      try expect(try await bench.effect("e", of: heir.job.id).intents, is: 1, "the heir's intents")
    },
  ]

  static let queryingMoments: [Case] = [
    Case("jobs are found by when they finished, and by when they died or were held") { bench in
      func ended(_ outcome: Outcome, at moment: Int) async throws -> JobID {
        let leased = try await bench.running(at: at(moment - 1))
        try await bench.end(leased, outcome, at: at(moment))
        return leased.job.id
      }
      let early = try await ended(.dead(broken), at: 10)
      let completed = try await ended(done, at: 20)
      let held = try await ended(.hold(why: "wait"), at: 30)
      let dead = try await ended(.dead(broken), at: 40)
      _ = try await bench.add(NewJob(kind: "ready", queue: "idle"), at: at(50))
      func found(_ query: JobQuery) async throws -> [JobID] { try await bench.store.jobs(query).map(\.id) }
      try expect(try await found(JobQuery(finishedSince: at(20))), is: [dead, completed], "finished")
      try expect(try await found(JobQuery(stoppedSince: at(20))), is: [dead, held], "stopped")
      try expect(try await found(JobQuery(stoppedSince: at(10))), is: [dead, held, early], "stopped earlier")
      try expect(try await found(JobQuery(states: [.held], stoppedSince: at(20))), is: [held], "held since")
      try expect(try await found(JobQuery(states: [.ready], finishedSince: at(1))), is: [], "a contradiction")
    },
    Case("scheduled jobs are shown by their moments, the next one first") { bench in
      let ids = try await bench.enqueue([
        NewJob(kind: "a", runAt: at(300)), NewJob(kind: "b", runAt: at(100)), NewJob(kind: "a", runAt: at(200)),
        NewJob(kind: "a", runAt: at(100)), NewJob(kind: "ready"),
      ]).map(\.id)
      func found(_ query: JobQuery) async throws -> [JobID] { try await bench.store.jobs(query).map(\.id) }
      try expect(
        try await found(JobQuery(order: .nextFirst)), is: [ids[1], ids[3], ids[2], ids[0]], "all that are scheduled")
      try expect(
        try await found(JobQuery(kinds: ["a"], limit: 2, order: .nextFirst)), is: [ids[3], ids[2]], "two of a kind")
    },
  ]
}
