import JobQueue

extension StoreConformance {
  static let enqueueing: [Case] = [
    Case("a store has an identity that stays") { bench in
      let before = bench.store.identity
      _ = try await bench.add()
      try expect(!before.isEmpty, "an identity")
      try expect(bench.store.identity, is: before, "the identity")
    },
    Case("a new job is kept with everything that was said of it") { bench in
      let new = NewJob(
        kind: "create", queue: "slow", payload: #"{"a":1}"#, payloadVersion: 3, uniqueKey: "k", priority: 7,
        runAt: at(60), labels: ["show": "news", "": "empty name"], maxAttempts: 4)
      let receipt = try require(try await bench.enqueue([new], at: at(5)).first, "the receipt")
      try expect(receipt.state, is: .scheduled, "the receipt's state")
      try expect(
        try await bench.job(receipt.id),
        is: Job(
          id: receipt.id, kind: "create", queue: "slow", state: .scheduled, priority: 7, payload: #"{"a":1}"#,
          payloadVersion: 3, uniqueKey: "k", labels: ["show": "news", "": "empty name"], runAt: at(60),
          createdAt: at(5), updatedAt: at(5), maxAttempts: 4),
        "the job")
    },
    Case("a job without a moment is ready at once") { bench in
      let receipt = try require(try await bench.enqueue([NewJob(kind: "work")], at: at(3)).first, "the receipt")
      try expect(receipt, is: EnqueueReceipt(id: receipt.id, state: .ready, alreadyPresent: false), "the receipt")
      try expect(try await bench.job(receipt.id).runAt, is: at(3), "run at")
    },
    Case("a moment that is now or past makes a job ready, the next millisecond makes it scheduled") { bench in
      let soon = Timestamp(milliseconds: at(10).milliseconds + 1)
      let receipts = try await bench.enqueue(
        [at(9), at(10), soon].map { NewJob(kind: "work", runAt: $0) }, at: at(10))
      try expect(receipts.map(\.state), is: [.ready, .ready, .scheduled], "states")
    },
    Case("receipts come in the order of the jobs, and numbers grow") { bench in
      let receipts = try await bench.enqueue((0..<50).map { NewJob(kind: "work-\($0)") })
      try expect(receipts.map(\.id), is: receipts.map(\.id).sorted(), "the order of numbers")
      try expect(Set(receipts.map(\.id)).count, is: 50, "distinct numbers")
      let kinds = try await bench.store.jobs(JobQuery()).map(\.kind)
      try expect(kinds, is: (0..<50).reversed().map { "work-\($0)" }, "kinds, newest first")
    },
    Case("an empty batch is nothing") { bench in
      try expect(try await bench.enqueue([]).count, is: 0, "receipts")
      try expect(try await bench.store.jobs(JobQuery()).count, is: 0, "jobs")
    },
    Case("parts go in one after the other, and a part may name jobs of the parts before it") { bench in
      var parts = [
        (0..<3).map { NewJob(kind: "work", uniqueKey: "\($0)") }, [],
        [NewJob(kind: "work", uniqueKey: "1"), NewJob(kind: "work")],
      ]
      let receipts = try await bench.store.enqueue(parts: { parts.isEmpty ? nil : parts.removeFirst() }, at: { at(4) })
      try expect(receipts.map(\.alreadyPresent), is: [false, false, false, true, false], "what was there already")
      try expect(receipts[3].id, is: receipts[1].id, "the job that was there")
      let jobs = try await bench.store.jobs(JobQuery())
      try expect(jobs.map(\.id), is: [4, 2, 1, 0].map { receipts[$0].id }, "numbers, newest first")
      try expect(Set(jobs.map(\.createdAt)), is: [at(4)], "the time")
    },
    Case("a part that fails, or cannot be made, leaves those before it and brings in none after it") { bench in
      struct Unmade: Error {}
      var number = 0
      do {
        _ = try await bench.store.enqueue(
          parts: {
            number += 1
            if number > 2 { throw Unmade() }
            return [NewJob(kind: "work-\(number)")]
          }, at: { at(0) })
        try expect(false, "a part that cannot be made is told")
      } catch is Unmade {}
      var parts = [[NewJob(kind: "work-3")], [NewJob(kind: "")], [NewJob(kind: "work-5")]]
      try await bench.refuses(.invalid) {
        _ = try await bench.store.enqueue(parts: { parts.isEmpty ? nil : parts.removeFirst() }, at: { at(0) })
      }
      try expect(try await bench.store.jobs(JobQuery()).map(\.kind), is: ["work-3", "work-2", "work-1"], "kinds")
    },
    Case("text of every script and any sign is kept as it is") { bench in
      let text = #"{"name":"Früh 早 🌅 ' \" ; -- %"}"#
      let id = try await bench.add(NewJob(kind: "wörk'", queue: "q;\"", payload: text))
      let job = try await bench.job(id)
      try expect([job.kind, job.queue, job.payload], is: ["wörk'", "q;\"", text], "texts")
    },
    Case("what is too large or makes no sense is refused, and nothing of its batch is inserted") { bench in
      let long = String(repeating: "x", count: 513)
      let misfits = [
        NewJob(kind: long), NewJob(kind: ""), NewJob(kind: "work", queue: long), NewJob(kind: "work", queue: ""),
        NewJob(kind: "work", payload: String(repeating: "x", count: 1 << 20 + 1)),
        NewJob(kind: "work", uniqueKey: String(repeating: "x", count: 4096)),
        NewJob(kind: "work", labels: ["a": long]), NewJob(kind: "work", labels: [long: "a"]),
        NewJob(kind: "work", labels: Dictionary(uniqueKeysWithValues: (0...64).map { ("\($0)", "") })),
        NewJob(kind: "work", parents: (0...1000).map { .job(JobID($0)) }),
        NewJob(kind: "work", payloadVersion: 0), NewJob(kind: "work", maxAttempts: 0),
      ]
      for misfit in misfits {
        try await bench.refuses(.invalid) { _ = try await bench.enqueue([NewJob(kind: "good"), misfit]) }
      }
      try await bench.refuses(.invalid) {
        _ = try await bench.enqueue(Array(repeating: NewJob(kind: "work"), count: 10_001))
      }
      try expect(try await bench.store.jobs(JobQuery()).count, is: 0, "jobs")
    },
    Case("more than fits one call, or a reason that is too long, is refused by every verb") { bench in
      let leased = try await bench.running()
      let many = JobLimits.batch + 1
      let lease = leased.lease
      let ends = Array(repeating: Completion(lease: lease, outcome: done), count: many)
      let queues = (0..<many).map { LeaseRequest.QueueLimit(queue: "\($0)", count: 1) }
      let request = LeaseRequest(owner: lease.owner, limits: queues)
      let text = String(repeating: "x", count: JobLimits.textBytes + 1)
      let gone = WorkerSightings(gone: (0..<many).map { WorkerID("\($0)") })
      try await bench.refuses(.invalid) { _ = try await bench.store.complete(ends, at: at(2)) }
      try await bench.refuses(.invalid) { _ = try await bench.store.lease(request, at: at(2)) }
      try await bench.refuses(.invalid) { _ = try await bench.store.complete([], thenLease: request, at: at(2)) }
      try await bench.refuses(.invalid) {
        _ = try await bench.store.extend(Array(repeating: lease, count: many), by: .seconds(1), at: at(2))
      }
      try await bench.refuses(.invalid) {
        try await bench.store.write(Array(repeating: .progress, count: many), under: lease, at: at(2))
      }
      try await bench.refuses(.invalid) {
        _ = try await bench.store.reap(gone, terms: .standard, limit: 1, at: at(2))
      }
      try await bench.refuses(.invalid) { _ = try await bench.store.cancel([lease.job], why: text, at: at(2)) }
      try await bench.refuses(.invalid) {
        try await bench.store.closeGate("g", until: nil, reason: text, at: at(2))
      }
      try expect(try await bench.job(lease.job), is: leased.job, "the job")
    },
    Case("a limit below zero means none") { bench in
      let leased = try await bench.running()
      try await bench.end(leased, done)
      let lost = try await bench.running()
      _ = try await bench.enqueue([NewJob(kind: "ready"), NewJob(kind: "later", runAt: at(3))])
      let store = bench.store
      let request = LeaseRequest(owner: StoreBench.alice, limits: [.init(queue: "default", count: -1)])
      try expect(try await store.jobs(JobQuery(limit: -1)).count, is: 0, "jobs shown")
      try expect(try await store.lease(request, at: at(100)).count, is: 0, "jobs leased")
      try expect(try await store.promoteDue(at: at(100), limit: -1).count, is: 0, "jobs promoted")
      try expect(try await store.prune(finishedBefore: at(100), limit: -1), is: 0, "jobs pruned")
      let reaped = try await store.reap(
        WorkerSightings(gone: [lost.lease.owner]), terms: .standard, limit: -1, at: at(100))
      try expect(reaped.count, is: 0, "jobs taken back")
    },
    Case("what is just small enough is taken") { bench in
      let name = String(repeating: "x", count: 512)
      let labels = Dictionary(uniqueKeysWithValues: (0..<64).map { ("\($0)", name) })
      let id = try await bench.add(
        NewJob(
          kind: name, queue: name, payload: String(repeating: "x", count: 1 << 20), uniqueKey: name, labels: labels,
          maxAttempts: 1))
      try expect(try await bench.job(id).payload.utf8.count, is: 1 << 20, "the payload's bytes")
      try expect(
        try await bench.enqueue(Array(repeating: NewJob(kind: "work"), count: 10_000)).count, is: 10_000, "receipts")
    },
    Case("whoever listens hears of new jobs") { bench in
      let wakeUps = bench.store.wakeUps()
      _ = try await bench.add()
      var listener = wakeUps.makeAsyncIterator()
      try expect(await listener.next() != nil, "an element")
    },
  ]

  static let uniqueness: [Case] = [
    Case("a unique key that an unfinished job holds gives that job's receipt and inserts nothing") { bench in
      let first = try await bench.add(NewJob(kind: "work", uniqueKey: "k"))
      let second = try await bench.enqueue([NewJob(kind: "other", uniqueKey: "k")])
      try expect(second, is: [EnqueueReceipt(id: first, state: .ready, alreadyPresent: true)], "the receipt")
      try expect(try await bench.store.jobs(JobQuery()).count, is: 1, "jobs")
    },
    Case("jobs that are all present take no numbers: the next new one follows the last") { bench in
      let keyed = (0..<3).map { NewJob(kind: "work", uniqueKey: "k\($0)") }
      let last = try await bench.enqueue(keyed).map(\.id)[2]
      for _ in 0..<3 {
        _ = try await bench.enqueue(keyed)
        _ = try await bench.enqueue([keyed[0]])
      }
      try expect(try await bench.add().rawValue, is: last.rawValue + 1, "the next number")
    },
    Case("a unique key holds inside one batch") { bench in
      let jobs = ["a", "b", "a", nil, nil].map { NewJob(kind: "work", uniqueKey: $0) }
      let receipts = try await bench.enqueue(jobs)
      try expect(receipts.map(\.alreadyPresent), is: [false, false, true, false, false], "already present")
      try expect(receipts[2].id, is: receipts[0].id, "the number of the second of its key")
    },
    Case("a unique key is held in every unfinished state") { bench in
      let parent = try await bench.add(NewJob(kind: "parent", queue: "idle"))
      func key(_ name: String) -> NewJob { NewJob(kind: "work", uniqueKey: name) }
      var blocked = key("blocked")
      blocked.parents = [.job(parent)]
      var scheduled = key("scheduled")
      scheduled.runAt = at(100)
      let held = try await bench.running(key("held"))
      try await bench.end(held, .hold(why: "later"))
      _ = try await bench.running(key("running"))
      _ = try await bench.enqueue([blocked, scheduled, key("ready")])
      let names = ["blocked", "scheduled", "ready", "running", "held"]
      let again = try await bench.enqueue(names.map(key))
      try expect(again.map(\.state), is: [.blocked, .scheduled, .ready, .running, .held], "states")
      try expect(again.allSatisfy(\.alreadyPresent), "all already present")
    },
    Case("a unique key is free again once its job is finished") { bench in
      for (index, outcome) in [done, .dead(broken), .cancelled(why: "no")].enumerated() {
        let job = NewJob(kind: "work", uniqueKey: "k\(index)")
        try await bench.end(try await bench.running(job), outcome)
        try expect(try await bench.enqueue([job])[0].alreadyPresent, is: false, "present after \(outcome.word)")
      }
    },
    Case("a key that a job holds for good is never free again, however the job ended") { bench in
      for (index, outcome) in [done, .dead(broken), .cancelled(why: "no")].enumerated() {
        let once = NewJob(kind: "work", uniqueKey: "k\(index)", uniqueness: .permanent)
        let first = try await bench.running(once)
        try await bench.end(first, outcome)
        let state = try await bench.job(first.job.id).state
        let expected = EnqueueReceipt(id: first.job.id, state: state, alreadyPresent: true)
        let again = try await bench.enqueue([once, NewJob(kind: "work", uniqueKey: "k\(index)")])
        try expect(again, is: [expected, expected], "receipts after \(outcome.word)")
        try expect(try await bench.job(first.job.id).uniqueness, is: .permanent, "what is shown of it")
      }
    },
    Case("a job that was cancelled while it runs keeps a key that it holds for good") { bench in
      let once = NewJob(kind: "work", uniqueKey: "k", uniqueness: .permanent)
      let running = try await bench.running(once)
      _ = try await bench.store.cancel([running.job.id], why: "no", at: at(2))
      let again = try await bench.enqueue([once])
      try expect(again.map(\.id), is: [running.job.id], "the receipt while it runs")
      try await bench.end(running, .cancelled(why: "no"))
      try expect(try await bench.enqueue([once]).map(\.state), is: [.cancelled], "the receipt after its end")
    },
    Case("a job that holds its key for good is not pruned, and a child of it finds it") { bench in
      let once = NewJob(kind: "work", uniqueKey: "k", uniqueness: .permanent)
      let first = try await bench.running(once)
      try await bench.end(first, done)
      try await bench.end(try await bench.running(NewJob(kind: "work", uniqueKey: "other")), done)
      try expect(try await bench.store.prune(finishedBefore: at(10_000), limit: 10), is: 1, "pruned")
      try expect(try await bench.store.prune(finishedBefore: at(10_000), limit: 10), is: 0, "pruned once more")
      let receipts = try await bench.enqueue([once, NewJob(kind: "child", parents: [.batch(0)])], at: at(10_000))
      try expect(receipts.map(\.state), is: [.completed, .ready], "states")
      try expect(receipts.map(\.id)[0], is: first.job.id, "the job of the key")
    },
    Case("a key that was free is held for good from the next job on that says so") { bench in
      let usual = NewJob(kind: "work", uniqueKey: "k")
      let before = try await bench.running(usual)
      try await bench.end(before, .dead(broken))
      let once = NewJob(kind: "work", uniqueKey: "k", uniqueness: .permanent)
      let receipts = try await bench.enqueue([once, usual])
      try expect(receipts.map(\.alreadyPresent), is: [false, true], "already present")
      try await bench.refuses(.uniqueConflict) { _ = try await bench.store.retry([before.job.id], at: at(5)) }
      let second = try require(try await bench.lease(1, at: at(5)).first, "a lease")
      try expect(second.job.id, is: receipts[0].id, "the job that is leased next")
      try await bench.end(second, .dead(broken))
      try await bench.refuses(.uniqueConflict) { _ = try await bench.store.retry([before.job.id], at: at(6)) }
      // Its own way back is free.
      try expect(try await bench.store.retry([second.job.id], at: at(7)), is: [second.job.id: .ready], "retried")
    },
    Case("a job that is unique for good has a key") { bench in
      try await bench.refuses(.invalid) {
        _ = try await bench.enqueue([NewJob(kind: "work", uniqueness: .permanent)])
      }
    },
    Case("of many who enqueue the same key at once exactly one inserts") { bench in
      let receipts = try await withThrowingTaskGroup(of: [EnqueueReceipt].self) { group in
        for _ in 0..<40 {
          group.addTask { try await bench.enqueue([NewJob(kind: "work", uniqueKey: "k")]) }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      try expect(receipts.count { !$0.alreadyPresent }, is: 1, "inserted")
      try expect(Set(receipts.map(\.id)).count, is: 1, "numbers")
    },
  ]
}
