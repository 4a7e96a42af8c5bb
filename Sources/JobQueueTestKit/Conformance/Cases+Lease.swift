import JobQueue

extension StoreConformance {
  static let leasing: [Case] = [
    Case("a leased job runs under a new token until its lease ends, with an open attempt") { bench in
      let id = try await bench.add()
      let leased = try await bench.leaseOne(at: at(4))
      try expect(leased.lease, is: Lease(job: id, owner: StoreBench.alice, token: 1), "the lease")
      let job = try await bench.job(id)
      try expect(leased.job, is: job, "the job as leased")
      try expect(job.state, is: .running, "state")
      try expect(job.token, is: 1, "token")
      try expect(job.leaseOwner, is: StoreBench.alice, "owner")
      try expect(job.leaseExpiresAt, is: at(34), "end of the lease")
      try expect(
        try await bench.store.attempts(of: id),
        is: [Attempt(job: id, number: 1, worker: StoreBench.alice, startedAt: at(4))], "attempts")
    },
    Case("a job is leased to one worker only") { bench in
      _ = try await bench.enqueue((0..<60).map { NewJob(kind: "work-\($0)") })
      let leased = try await withThrowingTaskGroup(of: [LeasedJob].self) { group in
        for worker in 0..<12 {
          group.addTask { try await bench.lease(10, by: WorkerID("w\(worker)")) }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      try expect(leased.count, is: 60, "leases")
      try expect(Set(leased.map(\.job.id)).count, is: 60, "distinct jobs")
    },
    Case("higher priority first, then the earlier moment, then the smaller number") { bench in
      let late = try await bench.add(NewJob(kind: "late"), at: at(3))
      let early = try await bench.add(NewJob(kind: "early"), at: at(1))
      let second = try await bench.add(NewJob(kind: "second"), at: at(3))
      let urgent = try await bench.add(NewJob(kind: "urgent", priority: 1), at: at(4))
      let idle = try await bench.add(NewJob(kind: "idle", priority: -1), at: at(0))
      let order = try await bench.lease(10, at: at(5)).map(\.job.id)
      try expect(order, is: [urgent, early, late, second, idle], "the order")
    },
    Case("no more jobs of a queue than asked for, and none of a queue that is not named") { bench in
      _ = try await bench.enqueue(
        ["a", "b", "c"].flatMap { queue in (0..<3).map { _ in NewJob(kind: "work", queue: queue) } })
      let request = LeaseRequest(
        owner: StoreBench.alice, limits: [.init(queue: "a", count: 2), .init(queue: "b", count: 5)])
      let queues = try await bench.store.lease(request, at: at(1)).map(\.job.queue).sorted()
      try expect(queues, is: ["a", "a", "b", "b", "b"], "queues")
    },
    Case("asking for no jobs gives none") { bench in
      _ = try await bench.add()
      try expect(try await bench.lease(0).count, is: 0, "leases")
      let nothing = LeaseRequest(owner: StoreBench.alice, limits: [])
      try expect(try await bench.store.lease(nothing, at: at(1)).count, is: 0, "leases")
    },
    Case("only ready jobs are leased") { bench in
      let parent = try await bench.add(NewJob(kind: "parent", queue: "idle"))
      _ = try await bench.add(NewJob(kind: "child", parents: [.job(parent)]))
      _ = try await bench.add(NewJob(kind: "later", runAt: at(100)))
      for outcome in [done, .dead(broken), .cancelled(why: "no"), .hold(why: "wait")] {
        try await bench.end(try await bench.running(), outcome)
      }
      _ = try await bench.running()
      try expect(try await bench.lease(10, by: StoreBench.bob, at: at(200)).count, is: 0, "leases")
    },
    Case("a lease is extended from now, and its worker is seen") { bench in
      try await bench.store.announce(worker("alice", seenAt: at(0)))
      let leased = try await bench.running()
      let status = try await bench.store.extend([leased.lease], by: .seconds(30), at: at(20))
      try expect(status, is: [leased.lease: .held(cancelRequested: false)], "status")
      try expect(try await bench.job(leased.job.id).leaseExpiresAt, is: at(50), "end of the lease")
      try expect(try await bench.store.status().workers.map(\.seenAt), is: [at(20)], "seen at")
    },
    Case("a lease that ran out but that nobody took back can still be extended") { bench in
      let leased = try await bench.running()
      let status = try await bench.store.extend([leased.lease], by: .seconds(30), at: at(500))
      try expect(status, is: [leased.lease: .held(cancelRequested: false)], "status")
      try expect(try await bench.store.reap(gone: [], crashLimit: 3, limit: 10, at: at(510)), is: [:], "reaped")
    },
    Case("extending tells each lease's own fate") { bench in
      let kept = try await bench.running()
      let asked = try await bench.running()
      let ended = try await bench.running()
      _ = try await bench.store.cancel([asked.job.id], why: "enough", at: at(2))
      try await bench.end(ended, done)
      let statuses = try await bench.store.extend([kept, asked, ended].map(\.lease), by: .seconds(30), at: at(3))
      try expect(
        statuses,
        is: [
          kept.lease: .held(cancelRequested: false), asked.lease: .held(cancelRequested: true), ended.lease: .lost,
        ], "statuses")
    },
    Case("extending nothing is nothing") { bench in
      try expect(try await bench.store.extend([], by: .seconds(30), at: at(3)), is: [:], "statuses")
    },
  ]

  // A zombie and all three of its verbs:
  //
  //   worker alice                     worker bob
  //   leases the job, token 1
  //   stalls; her lease runs out
  //                                    takes the job back, leases it, token 2
  //   wakes: every verb is refused
  static let fencing: [Case] = [
    Case("a zombie's completion is refused and changes nothing") { bench in
      let (zombie, owner) = try await overtaken(bench)
      let before = try await bench.job(owner.job.id)
      try expect(try await bench.end(zombie, done, at: at(60)), is: .leaseLost, "the receipt")
      try expect(try await bench.job(owner.job.id), is: before, "the job")
      try expect(try await bench.store.attempts(of: owner.job.id).map(\.outcome), is: [.lost, nil], "outcomes")
      try expect(try await bench.end(owner, done, at: at(61)), is: .recorded(.completed), "the owner's receipt")
    },
    Case("a zombie cannot extend its lease") { bench in
      let (zombie, owner) = try await overtaken(bench)
      let before = try await bench.job(owner.job.id)
      let statuses = try await bench.store.extend([zombie.lease], by: .seconds(300), at: at(60))
      try expect(statuses, is: [zombie.lease: .lost], "status")
      try expect(try await bench.job(owner.job.id), is: before, "the job")
    },
    Case("a zombie cannot write into the journal") { bench in
      let (zombie, owner) = try await overtaken(bench)
      let entries: [JournalEntry] = [
        .intent(effect: "e"), .result(effect: "e", json: "1", origin: .performed, claim: "c"),
        .checkpoint(key: "k", json: "1"), .notes([Note(at: at(60), text: "late")]),
      ]
      for entry in entries {
        try await bench.refuses(.leaseLost) { try await bench.store.write([entry], under: zombie.lease, at: at(60)) }
      }
      try expect(try await bench.store.journal(of: owner.job.id), is: Journal(), "the journal")
      try expect(try await bench.store.claimant(of: "c"), is: nil, "the claim")
      try expect(try await bench.store.attempts(of: owner.job.id).flatMap(\.notes), is: [], "notes")
    },
    Case("a worker that leased the job again is fenced from its own earlier lease") { bench in
      let first = try await bench.running()
      try await bench.lose(first, at: at(2))
      let second = try await bench.leaseOne(at: at(3))
      try expect(second.lease, is: Lease(job: first.job.id, owner: StoreBench.alice, token: 2), "the second lease")
      try expect(try await bench.end(first, done), is: .leaseLost, "the first lease's receipt")
    },
    Case("another worker cannot use a token that is not its own") { bench in
      let leased = try await bench.running()
      let forged = LeasedJob(
        job: leased.job, lease: Lease(job: leased.job.id, owner: StoreBench.bob, token: leased.lease.token))
      try expect(try await bench.end(forged, done), is: .leaseLost, "the receipt")
      try expect(try await bench.state(leased.job.id), is: .running, "state")
    },
    Case("a lease ends with its attempt: a second completion is refused") { bench in
      let leased = try await bench.running()
      try await bench.end(leased, .handBack(why: "shutdown"))
      try expect(try await bench.end(leased, done), is: .leaseLost, "the receipt")
      try expect(try await bench.state(leased.job.id), is: .ready, "state")
      try await bench.refuses(.leaseLost) {
        try await bench.store.write([.intent(effect: "e")], under: leased.lease, at: at(3))
      }
    },
    Case("the lease of a job that does not exist is lost") { bench in
      let lease = Lease(job: JobID(4711), owner: StoreBench.alice, token: 1)
      let receipts = try await bench.store.complete([Completion(lease: lease, outcome: done)], at: at(1))
      try expect(receipts, is: [.leaseLost], "receipts")
      try expect(try await bench.store.extend([lease], by: .seconds(1), at: at(1)), is: [lease: .lost], "status")
    },
    Case("in one commit of completions each is fenced on its own") { bench in
      let (zombie, owner) = try await overtaken(bench)
      let other = try await bench.running()
      let completions = [zombie, other, owner].map { Completion(lease: $0.lease, outcome: done) }
      let receipts = try await bench.store.complete(completions, at: at(60))
      try expect(receipts, is: [.leaseLost, .recorded(.completed), .recorded(.completed)], "receipts")
    },
    Case("the token grows with each lease, whatever ended the one before") { bench in
      let id = try await bench.add()
      let ends: [Outcome] = [
        .handBack(why: "shutdown"), .snooze(until: at(2), why: "not yet"), .retry(at: at(2), broken, why: "again"),
      ]
      for (index, end) in ends.enumerated() {
        let leased = try await bench.leaseOne(at: at(3))
        try expect(leased.lease.token, is: Int64(index + 1), "token")
        try await bench.end(leased, end, at: at(3))
      }
      try await bench.lose(try await bench.leaseOne(at: at(4)), at: at(5))
      try expect(try await bench.leaseOne(at: at(6)).lease.token, is: 5, "token")
      try expect(try await bench.store.attempts(of: id).map(\.number), is: [1, 2, 3, 4, 5], "attempts")
    },
  ]

  /// A job that was taken from a worker that does not know it yet, and given to another.
  private static func overtaken(_ bench: StoreBench) async throws -> (zombie: LeasedJob, owner: LeasedJob) {
    let zombie = try await bench.running()
    let taken = try await bench.store.reap(gone: [], crashLimit: 3, limit: 10, at: at(50))
    try expect(taken, is: [zombie.job.id: .ready], "taken back")
    return (zombie, try await bench.leaseOne(by: StoreBench.bob, at: at(51)))
  }
}

func worker(_ name: String, startedAt: Timestamp = at(0), seenAt: Timestamp, queues: [String] = []) -> WorkerRecord {
  WorkerRecord(
    id: WorkerID(name), host: "host", pid: 42, processStart: "7", startedAt: startedAt, seenAt: seenAt, queues: queues)
}
