import JobQueue

/// A job behind gate `g`.
private let gated = NewJob(kind: "work", gate: "g")

/// Jobs with a concurrency key.
private func keyed(_ key: String, _ priority: Int = 0) -> NewJob {
  NewJob(kind: "work", concurrencyKey: key, priority: priority)
}

extension StoreConformance {
  static let lanes: [Case] = [
    Case("a job keeps its gate and its concurrency key") { bench in
      let id = try await bench.add(NewJob(kind: "work", gate: "g", concurrencyKey: "s/k"))
      try expect(try await bench.job(id).gate, is: "g", "gate")
      let leased = try await bench.leaseOne()
      try expect(leased.job.gate, is: "g", "the leased job's gate")
      try expect(leased.job.concurrencyKey, is: "s/k", "the leased job's key")
      try expect(try await bench.job(try await bench.add()).gate, is: nil, "no gate")
    },
    Case("jobs of all lanes together are leased by priority, then moment, then number") { bench in
      let jobs = try await bench.enqueue([
        NewJob(kind: "a", gate: "z", priority: 1), NewJob(kind: "b"),
        NewJob(kind: "c", concurrencyKey: "k", priority: 2),
        NewJob(kind: "d", gate: "y"), NewJob(kind: "e", priority: 1),
      ]).map(\.id)
      try expect(
        try await bench.lease(4).map(\.job.id), is: [jobs[2], jobs[0], jobs[4], jobs[1]], "the first four")
      try expect(try await bench.lease(4).map(\.job.id), is: [jobs[3]], "the last")
    },
    Case(
      "of one concurrency key one job runs at a time, also when several are asked for, and others are leased past it"
    ) {
      bench in
      let jobs = try await bench.enqueue([keyed("k", 9), keyed("k", 8), keyed("l", 7), NewJob(kind: "work")]).map(\.id)
      try expect(try await bench.lease(9).map(\.job.id), is: [jobs[0], jobs[2], jobs[3]], "leased")
      try expect(try await bench.lease(9).count, is: 0, "leased while it runs")
      try expect(
        try await bench.store.obstacle(for: jobs[1], at: at(1)), is: .concurrency(key: "k", running: [jobs[0]]),
        "the wait")
    },
    Case("the next job of a concurrency key is leased when the one before ended, or was lost with its worker") {
      bench in
      let jobs = try await bench.enqueue([keyed("k"), keyed("k"), keyed("k")]).map(\.id)
      let first = try await bench.leaseOne()
      try await bench.end(first, done)
      let second = try await bench.leaseOne()
      try expect(second.job.id, is: jobs[1], "the second")
      try await bench.lose(second, at: at(3))
      try expect(try await bench.lease(9).map(\.job.id), is: [jobs[1]], "after the loss")
    },
    Case("a worker's configuration lets more jobs of a key's scope run at once") { bench in
      _ = try await bench.enqueue(
        (0..<4).map { _ in keyed("engine:a/live") } + (0..<3).map { _ in keyed("engine:b/live") })
      let request = LeaseRequest(
        owner: StoreBench.alice, limits: [.init(queue: "default", count: 9)], concurrency: ["engine:a": 3])
      let leased = try await bench.store.lease(request, at: at(1))
      try expect(leased.count { $0.job.concurrencyKey == "engine:a/live" }, is: 3, "of scope a")
      try expect(leased.count { $0.job.concurrencyKey == "engine:b/live" }, is: 1, "of scope b")
    },
    Case("a concurrency key holds across queues and gates") { bench in
      let keys = ["default", "other"].map { NewJob(kind: "work", queue: $0, concurrencyKey: "k") }
      _ = try await bench.enqueue(keys + [NewJob(kind: "work", gate: "g", concurrencyKey: "k")])
      let request = LeaseRequest(
        owner: StoreBench.alice, limits: [.init(queue: "default", count: 9), .init(queue: "other", count: 9)])
      try expect(try await bench.store.lease(request, at: at(1)).count, is: 1, "leased")
    },
    Case("the oldest ready job is found in any lane") { bench in
      _ = try await bench.enqueue([NewJob(kind: "work", priority: 5)], at: at(7))
      _ = try await bench.enqueue([NewJob(kind: "work", gate: "g", concurrencyKey: "k")], at: at(3))
      _ = try await bench.enqueue([NewJob(kind: "work", gate: "g", concurrencyKey: "l")], at: at(5))
      try expect(try await bench.store.status().oldestReady, is: at(3), "the oldest")
    },
  ]

  static let gates: [Case] = [
    Case("a gate closes with its reason; the job is ready behind it, nothing counted, and others are leased") { bench in
      let leased = try await bench.running(gated)
      let others = try await bench.enqueue([gated, NewJob(kind: "work"), NewJob(kind: "work", gate: "h")]).map(\.id)
      try await bench.closeGate(leased, at: at(2))
      let job = try await bench.job(leased.job.id)
      try expect(job.state, is: .ready, "state")
      try expect(job.failures, is: 0, "failures")
      try expect(job.waitReason, is: "nobody answers", "wait reason")
      try expect(try await bench.lastAttempt(job.id).why, is: "nobody answers", "the attempt's reason")
      try expect(try await bench.lease(9, at: at(3)).map(\.job.id), is: [others[1], others[2]], "leased")
      let status = try await bench.gate()
      try expect(status.gate.state, is: .closed, "the gate's state")
      try expect(status.gate.closedAt, is: at(2), "closed at")
      try expect(status.gate.until, is: at(7), "until")
      try expect(status.gate.reason, is: "nobody answers", "reason")
      try expect(status.waiting, is: 2, "waiting")
      try expect(try await bench.store.obstacle(for: others[0], at: at(3)), is: .gate(status.gate), "the wait")
    },
    Case("what the other side asked for decides how long a gate is closed") { bench in
      try await bench.closeGate(try await bench.running(gated), requested: .seconds(40), at: at(2))
      try expect(try await bench.gate().gate.until, is: at(42), "until")
    },
    Case("what was on its way when a gate closed makes the wait no longer, unless the other side asks for more") {
      bench in
      _ = try await bench.enqueue([gated, gated, gated])
      let three = try await bench.lease(3)
      try await bench.closeGate(three[0], at: at(2))
      try await bench.closeGate(three[1], at: at(3))
      try expect(try await bench.gate().gate.until, is: at(7), "until")
      try await bench.closeGate(three[2], requested: .seconds(30), at: at(4))
      try expect(try await bench.gate().gate.until, is: at(34), "until, as asked")
      try expect(try await bench.gate().gate.closures, is: 1, "closures")
    },
    Case("a job without a gate closes none, and a gate closed by nobody is open") { bench in
      try expect(try await bench.store.gates(), is: [], "gates")
      try expect(try await bench.store.openGate("g", at: at(1)), is: false, "was closed")
      try expect(try await bench.store.obstacle(for: JobID(9), at: at(1)), is: nil, "the wait of no job")
    },
    Case("a person closes a gate until a moment or for good, and opens it") { bench in
      let id = try await bench.add(gated)
      try await bench.store.closeGate("g", until: nil, reason: "maintenance", at: at(1))
      let gate = try await bench.gate().gate
      try expect(gate.closedManually, is: true, "by a person")
      try expect(gate.until, is: nil, "until")
      try expect(try await bench.store.nextDue(), is: nil, "due")
      try expect(try await bench.lease(at: at(2)).count, is: 0, "leased")
      try await bench.store.closeGate("g", until: at(100), reason: "longer", at: at(2))
      try expect(try await bench.store.nextDue(), is: at(100), "due")
      try expect(try await bench.store.openGate("g", at: at(3)), is: true, "was closed")
      try expect(try await bench.lease(at: at(4)).map(\.job.id), is: [id], "leased")
      try expect(try await bench.store.openGate("g", at: at(5)), is: false, "was closed, again")
    },
    Case("what fails while a person keeps a gate closed changes neither reason nor end") { bench in
      let leased = try await bench.running(gated)
      try await bench.store.closeGate("g", until: at(100), reason: "maintenance", at: at(2))
      try await bench.closeGate(leased, requested: .seconds(10), at: at(3))
      let gate = try await bench.gate().gate
      try expect(gate.reason, is: "maintenance", "reason")
      try expect(gate.until, is: at(100), "until")
    },
    Case("a job that a person cancelled does not wait behind the gate that it met") { bench in
      let leased = try await bench.running(gated)
      _ = try await bench.store.cancel([leased.job.id], why: "enough", at: at(2))
      try await bench.closeGate(leased, at: at(3))
      try expect(try await bench.state(leased.job.id), is: .cancelled, "state")
    },
  ]

  static let probes: [Case] = [
    Case("when its time is over a gate lets one job through, and no second while that one runs") { bench in
      let leased = try await bench.running(gated)
      _ = try await bench.enqueue([gated, NewJob(kind: "work", queue: "other", gate: "g")], at: at(2))
      try await bench.closeGate(leased, at: at(2))
      try expect(try await bench.store.nextDue(), is: at(7), "due")
      let early = Timestamp(milliseconds: at(7).milliseconds - 1)
      try expect(try await bench.store.promoteDue(at: early, limit: 10).count, is: 0, "promoted early")
      try expect(try await bench.store.promoteDue(at: at(7), limit: 10).count, is: 1, "promoted")
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state")
      try expect(try await bench.gate().gate.until, is: nil, "until, once it is over")
      let probe = try await bench.lease(9, at: at(7))
      try expect(probe.map(\.job.id), is: [leased.job.id], "leased")
      try expect(try await bench.gate().gate.probe, is: probe.first?.lease, "the probe")
      try expect(try await bench.lease(9, at: at(8)).count, is: 0, "leased beside the probe")
      try expect(try await bench.lease(9, at: at(8), queue: "other").count, is: 0, "leased in another queue")
    },
    Case("a probe that is done opens the gate") { bench in
      let probe = try await probing(bench)
      try await bench.end(probe, done, at: at(8))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
      try expect(try await bench.lease(9, at: at(9)).count, is: 2, "leased")
    },
    Case("a probe that was answered opens the gate, however its job ended") { bench in
      for (round, end) in unprovenEnds.enumerated() {
        let gate = "g\(round)"
        let probe = try await probing(bench, gate: gate)
        try await bench.end(probe, end.outcome, at: at(8), isAnswered: true)
        try expect(try await bench.gate(gate).gate.state, is: .open, "the gate's state after \(end.name)")
      }
    },
    Case("a probe that ends without an answer proves nothing, however it ends: the next job is the probe") { bench in
      for (round, end) in unprovenEnds.enumerated() {
        let gate = "g\(round)"
        let probe = try await probing(bench, gate: gate)
        try await bench.end(probe, end.outcome, at: at(8))
        let status = try await bench.gate(gate).gate
        try expect(status.state, is: .halfOpen, "the gate's state after \(end.name)")
        try expect(status.closures, is: 1, "closures after \(end.name)")
        let next = try await bench.lease(9, at: at(9))
        try expect(next.count, is: 1, "leased after \(end.name)")
        try expect(try await bench.gate(gate).gate.probe, is: next.first?.lease, "the next probe after \(end.name)")
        for leased in next { try await bench.end(leased, done, at: at(9)) }
        for leased in try await bench.lease(9, at: at(9)) { try await bench.end(leased, done, at: at(9)) }
      }
    },
    Case("the next probe is leased in the commit that records a probe's end without an answer") { bench in
      let probe = try await probing(bench)
      let request = LeaseRequest(owner: StoreBench.alice, limits: [.init(queue: "default", count: 9)])
      let (_, leased) = try await bench.store.complete(
        [Completion(lease: probe.lease, outcome: .snooze(until: at(60), why: "no file yet"))], thenLease: request,
        at: at(8))
      try expect(leased.count, is: 1, "leased")
      try expect(leased.first.map { $0.job.id != probe.job.id }, is: true, "it is another job")
    },
    Case("probes that ask nobody come one after the other; when all are scheduled, the first that is due is the probe")
    {
      bench in
      var probe = try await probing(bench)
      let first = probe.job.id
      for second in 8...9 {
        try await bench.end(probe, .snooze(until: at(60 + second), why: "its turn comes later"), at: at(second))
        probe = try await bench.leaseOne(at: at(second))
      }
      try await bench.end(probe, .snooze(until: at(90), why: "its turn comes later"), at: at(10))
      try expect(try await bench.lease(9, at: at(11)).count, is: 0, "leased while all are scheduled")
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state")
      try expect(try await bench.store.nextDue(), is: at(68), "due")
      _ = try await bench.store.promoteDue(at: at(70), limit: 10)
      try expect(try await bench.lease(9, at: at(70)).map(\.job.id), is: [first], "leased once two are due")
    },
    Case("what a probe was answered before it met the outage opens nothing") { bench in
      let probe = try await probing(bench)
      let closure = GateClosure(base: .seconds(5), why: "nobody answers")
      try await bench.end(probe, .closeGate(closure), at: at(8), isAnswered: true)
      let gate = try await bench.gate().gate
      try expect(gate.state, is: .closed, "the gate's state")
      try expect(gate.closures, is: 2, "closures")
    },
    Case("the outage that a probe met, and that a person cancelled, opens nothing") { bench in
      let probe = try await probing(bench)
      _ = try await bench.store.cancel([probe.job.id], why: "enough", at: at(8))
      try await bench.closeGate(probe, at: at(8))
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state")
    },
    Case("what is answered, but is no probe, opens nothing") { bench in
      _ = try await bench.enqueue([gated, gated])
      let two = try await bench.lease(2)
      try await bench.closeGate(two[0], at: at(2))
      try await bench.store.write([.answer], under: two[1].lease, at: at(3))
      try await bench.end(two[1], .hold(why: "a person must look"), at: at(3), isAnswered: true)
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state")
    },
    Case("a probe that meets the outage closes the gate for twice as long, up to a minute") { bench in
      var probe = try await bench.running(gated)
      var now = 2
      for wait in [5, 10, 20, 40, 60, 60] {
        try await bench.closeGate(probe, at: at(now))
        now += wait
        try expect(try await bench.gate().gate.until, is: at(now), "until")
        _ = try await bench.store.promoteDue(at: at(now), limit: 10)
        probe = try await bench.leaseOne(at: at(now))
      }
      try await bench.end(probe, .snooze(until: at(900), why: "later"), at: at(now), isAnswered: true)
      try expect(try await bench.gate().gate.closures, is: 0, "closures once it is open")
    },
    Case("a probe that is lost with its worker makes room for another one") { bench in
      let probe = try await probing(bench)
      try await bench.lose(probe, at: at(8))
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state")
      try expect(try await bench.lease(9, at: at(9)).count, is: 1, "leased")
    },
    Case("a probe that is handed back proves nothing") { bench in
      let probe = try await probing(bench)
      try await bench.end(probe, .handBack(why: "the worker stopped"), at: at(8))
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state")
      try expect(try await bench.lease(9, at: at(9)).count, is: 1, "leased")
    },
    Case("a probe's result or answer opens the gate before its job ends; what it writes before it asked does not") {
      bench in
      let result = JournalEntry.result(effect: "e", json: "1", origin: .performed, claim: nil)
      for (round, proof) in [result, .answer].enumerated() {
        let gate = "g\(round)"
        let probe = try await probing(bench, gate: gate)
        let before: [JournalEntry] = [
          .checkpoint(key: "round", json: "1"), .intent(effect: "e"), .unknown(effect: "e"), .refusal(effect: "e"),
          .removal(checkpoint: "round"), .notes([Note(at: at(8), text: "looking")]),
        ]
        for entry in before {
          try await bench.store.write([entry], under: probe.lease, at: at(8))
          try expect(try await bench.gate(gate).gate.state, is: .halfOpen, "the gate's state after \(entry)")
        }
        try await bench.store.write([proof], under: probe.lease, at: at(8))
        try expect(try await bench.gate(gate).gate.state, is: .open, "the gate's state after \(proof)")
        for leased in try await bench.lease(9, at: at(9)) { try await bench.end(leased, done, at: at(9)) }
      }
    },
    Case("of several lanes behind one half-open gate one job is leased") { bench in
      _ = try await bench.enqueue(["k", "l", "m"].map { NewJob(kind: "work", gate: "g", concurrencyKey: $0) })
      try await bench.store.closeGate("g", until: at(5), reason: "maintenance", at: at(1))
      _ = try await bench.store.promoteDue(at: at(5), limit: 10)
      try expect(try await bench.lease(9, at: at(6)).count, is: 1, "leased")
    },
    Case("a probe leaves the room of its concurrency key to jobs that pass no gate") { bench in
      let probe = NewJob(kind: "work", gate: "g", concurrencyKey: "s/k", priority: 1)
      let jobs = try await bench.enqueue([probe, keyed("s/k"), keyed("s/k")]).map(\.id)
      try await bench.store.closeGate("g", until: at(5), reason: "maintenance", at: at(1))
      _ = try await bench.store.promoteDue(at: at(5), limit: 10)
      let request = LeaseRequest(
        owner: StoreBench.alice, limits: [.init(queue: "default", count: 9)], concurrency: ["s": 2])
      try expect(try await bench.store.lease(request, at: at(6)).map(\.job.id), is: [jobs[0], jobs[1]], "leased")
    },
  ]

  /// The ends that by themselves show nothing about the other side.
  private static let unprovenEnds: [(name: String, outcome: Outcome)] = [
    ("a failure", .retry(at: at(600), broken, why: "again")),
    ("a wait", .snooze(until: at(600), why: "its turn comes later")),
    ("a hold", .hold(why: "a person must look")),
    ("a death", .dead(broken)),
    ("a cancellation", .cancelled(why: "cancelled")),
    ("a hand-back", .handBack(why: "the worker stopped")),
  ]

  /// Creates a half-open gate, its probe, which was leased at 7 s, and two more jobs behind it.
  private static func probing(_ bench: StoreBench, gate: String = "g") async throws -> LeasedJob {
    let gated = NewJob(kind: "work", gate: gate)
    let leased = try await bench.running(gated)
    _ = try await bench.enqueue([gated, gated])
    try await bench.closeGate(leased, at: at(2))
    _ = try await bench.store.promoteDue(at: at(7), limit: 10)
    return try await bench.leaseOne(at: at(7))
  }
}
