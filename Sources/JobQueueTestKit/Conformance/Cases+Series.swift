import JobQueue

private let gated = NewJob(kind: "work", gate: "g")

extension StoreConformance {
  static let series: [Case] = [
    Case("of three jobs in a row that meet what may be an outage the third closes the gate, and counts nothing") {
      bench in
      let jobs = try await several(bench)
      for (index, expected) in [1, 1, 0, 0].enumerated() {
        try await bench.suspect(jobs[index], at: at(2 + index))
        try expect(try await bench.job(jobs[index].job.id).failures, is: expected, "failures of job \(index)")
      }
      try expect(try await bench.state(jobs[0].job.id), is: .scheduled, "the first one's state")
      let third = try await bench.job(jobs[2].job.id)
      try expect(third.state, is: .ready, "the third one's state")
      try expect(third.waitReason, is: "500", "the third one's reason")
      try expect(try await bench.lastAttempt(third.id).outcome, is: .snoozed, "the third one's attempt")
      let gate = try await bench.gate().gate
      try expect(gate.state, is: .closed, "the gate's state")
      try expect(gate.until, is: at(9), "until")
      try expect(gate.reason, is: "500", "reason")
    },
    Case("a job that meets it twice in a row closes the gate, however long after the first time") { bench in
      let first = try await bench.running(gated)
      try await bench.suspect(first, at: at(2), again: at(900))
      _ = try await bench.store.promoteDue(at: at(900), limit: 10)
      try await bench.suspect(try await bench.leaseOne(at: at(900)), at: at(901))
      try expect(try await bench.job(first.job.id).failures, is: 1, "failures")
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state")
    },
    Case("a failure that counted before the gate closed is the only one, also of the last probe that met the outage") {
      bench in
      _ = try await bench.enqueue([gated, gated, gated])
      let jobs = try await bench.lease(3)
      for leased in jobs { try await bench.suspect(leased, at: at(2), again: at(6)) }
      _ = try await bench.store.cancel([jobs[2].job.id], why: "two are enough", at: at(3))
      _ = try await bench.store.promoteDue(at: at(10), limit: 10)
      let suspect = try await bench.leaseOne(at: at(10))
      try expect(try await bench.job(suspect.job.id).failures, is: 1, "failures before the probe")
      try await bench.suspect(suspect, at: at(11))
      _ = try await bench.store.promoteDue(at: at(100), limit: 10)
      let other = try require(
        try await bench.lease(3, at: at(100)).first { $0.job.id != suspect.job.id }, "another job's probe")
      try await bench.end(other, done, at: at(101))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
      try expect(try await bench.job(suspect.job.id).failures, is: 1, "failures after another one got through")
    },
    Case("three that lie further apart than a minute are no series") { bench in
      let jobs = try await several(bench)
      for (index, moment) in [2, 40, 63].enumerated() {
        try await bench.suspect(jobs[index], at: at(moment))
        try expect(try await bench.job(jobs[index].job.id).failures, is: 1, "failures of job \(index)")
      }
      try await bench.suspect(jobs[3], at: at(99))
      try expect(try await bench.job(jobs[3].job.id).failures, is: 0, "failures of the last")
    },
    Case("whoever gets through in between ends a series: by its end, by an answer that ends it, or by a result") {
      bench in
      let ends: [(LeasedJob) async throws -> Void] = [
        { try await bench.end($0, done, at: at(4)) },
        { try await bench.end($0, .dead(broken), at: at(4), isAnswered: true) },
        {
          let result = JournalEntry.result(effect: "e", json: "1", origin: .performed, claim: nil)
          try await bench.store.write([result], under: $0.lease, at: at(4))
        },
      ]
      for (round, end) in ends.enumerated() {
        let jobs = try await several(bench, gate: "g\(round)")
        try await bench.suspect(jobs[0], at: at(2))
        try await bench.suspect(jobs[1], at: at(3))
        try await end(jobs[2])
        try await bench.suspect(jobs[3], at: at(5))
        try expect(try await bench.job(jobs[3].job.id).failures, is: 1, "failures after \(round)")
        try expect(try await bench.gate("g\(round)").gate.state, is: .open, "the gate's state after \(round)")
      }
    },
    Case("an answer on the way, and an end without one, leave a series as it is") { bench in
      let jobs = try await several(bench)
      try await bench.suspect(jobs[0], at: at(2))
      try await bench.store.write([.answer], under: jobs[3].lease, at: at(3))
      try await bench.end(jobs[1], .retry(at: at(60), broken, why: "again"), at: at(3))
      try await bench.suspect(jobs[2], at: at(4))
      try await bench.suspect(jobs[3], at: at(5))
      try expect(try await bench.job(jobs[3].job.id).failures, is: 0, "failures")
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state")
    },
    Case("a job that a person cancelled, and one whose lease is lost, are no part of a series") { bench in
      let jobs = try await several(bench)
      _ = try await bench.store.cancel([jobs[0].job.id], why: "enough", at: at(2))
      try await bench.suspect(jobs[0], at: at(2))
      try expect(try await bench.state(jobs[0].job.id), is: .cancelled, "the state of the first")
      try await bench.suspect(jobs[1], at: at(2))
      try await bench.suspect(jobs[1], at: at(2))
      try await bench.suspect(jobs[2], at: at(2))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
    },
    Case("the last failure of a job without others in a row ends it") { bench in
      var job = gated
      job.maxAttempts = 1
      let leased = try await bench.running(job)
      try await bench.suspect(leased, at: at(2), again: nil)
      try expect(try await bench.state(leased.job.id), is: .dead, "the state")
    },
    Case("what the other side asked for decides how long a series closes the gate") { bench in
      let jobs = try await several(bench)
      for leased in jobs.prefix(3) { try await bench.suspect(leased, at: at(2), requested: .seconds(40)) }
      try expect(try await bench.gate().gate.until, is: at(42), "until")
    },
    Case("an answer on the way does not open a gate that a series has closed; a result does") { bench in
      let probe = try await probing(bench)
      try await bench.store.write([.answer], under: probe.lease, at: at(8))
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state after an answer")
      let result = JournalEntry.result(effect: "e", json: "1", origin: .performed, claim: nil)
      try await bench.store.write([result], under: probe.lease, at: at(8))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state after a result")
    },
    Case("failures in a row outlive that the gate is closed for something else meanwhile") { bench in
      let jobs = try await several(bench, running: 2)
      try await bench.suspect(jobs[0], at: at(2), again: at(3))
      try await bench.end(jobs[1], .closeGate(GateClosure(base: .seconds(5), why: "refused")), at: at(3))
      _ = try await bench.store.promoteDue(at: at(8), limit: 10)
      let probe = try await bench.leaseOne(at: at(8))
      try await bench.store.write([.answer], under: probe.lease, at: at(8))
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state after an answer")
      try await bench.suspect(probe, at: at(9))
      try expect(try await bench.job(jobs[0].job.id).failures, is: 1, "failures of the first")
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state")
    },
    Case("a part of the work that is done opens a gate that a series has closed, hours before its job ends") { bench in
      let probe = try await probing(bench)
      try await bench.store.write(
        [.answer, .checkpoint(key: "part/1", json: "1"), .progress, .partDone], under: probe.lease, at: at(8))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
    },
    Case("after a probe that met it the next one is another job; when that gets through, the failure was its own") {
      bench in
      let probe = try await probing(bench)
      try await bench.suspect(probe, at: at(8))
      try expect(try await bench.job(probe.job.id).failures, is: 0, "failures before it is known")
      let gate = try await bench.gate().gate
      try expect(gate.until, is: at(18), "until")
      try expect(gate.lastProbe, is: probe.job.id, "the last probe")
      _ = try await bench.store.promoteDue(at: at(18), limit: 10)
      let next = try await bench.lease(9, at: at(18))
      try expect(next.count, is: 1, "leased")
      try expect(next.first.map { $0.job.id != probe.job.id }, is: true, "it is another job")
      for leased in next { try await bench.end(leased, done, at: at(19)) }
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
      let charged = try await bench.job(probe.job.id)
      try expect(charged.failures, is: 1, "failures")
      try expect(charged.lastFailure, is: broken, "the failure")
      try expect(charged.state, is: .ready, "the state")
    },
    Case("the next probe comes from another queue or lane too, but only from those that are asked for and have room") {
      bench in
      let probe = try await probing(bench, jobs: 3)
      try await bench.suspect(probe, at: at(8))
      // All other waiting jobs go.
      _ = try await bench.store.cancel(
        try await bench.store.jobs(JobQuery(states: [.ready, .scheduled])).map(\.id).filter { $0 != probe.job.id },
        why: "enough", at: at(8))
      let other = try await bench.add(NewJob(kind: "work", queue: "other", gate: "g", concurrencyKey: "k"), at: at(9))
      _ = try await bench.add(NewJob(kind: "work", queue: "other", concurrencyKey: "k", priority: 5), at: at(9))
      _ = try await bench.store.promoteDue(at: at(18), limit: 10)
      let both = [LeaseRequest.QueueLimit(queue: "default", count: 9), .init(queue: "other", count: 9)]
      let holder = try await bench.lease(1, at: at(17), queue: "other")
      try expect(holder.count, is: 1, "the holder of the key")
      // Its key is in use, so the first one goes again.
      let again = try await bench.store.lease(LeaseRequest(owner: StoreBench.alice, limits: both), at: at(18))
      try expect(again.map(\.job.id), is: [probe.job.id], "leased while the other has no room")
      for leased in again { try await bench.suspect(leased, at: at(19)) }
      for leased in holder { try await bench.end(leased, done, at: at(19)) }
      _ = try await bench.store.promoteDue(at: at(100), limit: 10)
      try expect(
        try await bench.store.lease(LeaseRequest(owner: StoreBench.alice, limits: both), at: at(100)).map(\.job.id),
        is: [other], "leased once it has room")
    },
    Case("one failure closes the gate at once where it says so, counts nothing, and another job is the probe") {
      bench in
      let jobs = try await several(bench, running: 2)
      try await bench.suspect(jobs[0], at: at(2), atOnce: true)
      try expect(try await bench.job(jobs[0].job.id).failures, is: 0, "failures")
      try expect(try await bench.state(jobs[0].job.id), is: .ready, "the state")
      try expect(try await bench.gate().gate.until, is: at(7), "until")
      // Requests that were on their way add nothing new.
      try await bench.suspect(jobs[1], at: at(3), atOnce: true)
      try expect(try await bench.gate().gate.until, is: at(7), "until, after the second")
      _ = try await bench.store.promoteDue(at: at(7), limit: 10)
      let probe = try await bench.leaseOne(at: at(7))
      try expect(probe.job.id != jobs[0].job.id, is: true, "it is another job")
      try await bench.store.write([.answer], under: probe.lease, at: at(7))
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state after an answer on the way")
      try await bench.end(probe, done, at: at(8))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
      try expect(try await bench.job(jobs[0].job.id).failures, is: 0, "failures, after another got through")
    },
    Case(
      "what closes the gate at once is the job's own the next time, when another got past it; then it closes nothing"
    ) {
      bench in
      let id = try await bench.add(gated, at: at(1))
      for round in 0..<3 {
        let start = 10 + round * 100
        let job = try await bench.leaseOne(at: at(start))
        try expect(job.job.id, is: id, "leased")
        try await bench.suspect(job, at: at(start), again: at(start + 100), atOnce: true)
        let isFirst = round == 0
        try expect(try await bench.job(id).failures, is: round, "failures in round \(round)")
        try expect(
          try await bench.gate().gate.state, is: isFirst ? .closed : .open, "the gate's state in round \(round)")
        let other = try await bench.add(gated, at: at(start + 1))
        _ = try await bench.store.promoteDue(at: at(start + 5), limit: 10)
        let probe = try await bench.leaseOne(at: at(start + 5))
        try expect(probe.job.id, is: other, "leased next")
        try await bench.end(probe, done, at: at(start + 6))
        try expect(try await bench.gate().gate.state, is: .open, "the gate's state after round \(round)")
        _ = try await bench.store.promoteDue(at: at(start + 100), limit: 10)
      }
      // Once it has a result itself, its doubt is removed.
      let result = JournalEntry.result(effect: "e", json: "1", origin: .performed, claim: nil)
      let last = try await bench.leaseOne(at: at(400))
      try await bench.store.write([result], under: last.lease, at: at(400))
      try await bench.end(last, .snooze(until: at(410), why: "later"), at: at(400), isAnswered: true)
      _ = try await bench.store.promoteDue(at: at(410), limit: 10)
      try await bench.suspect(try await bench.leaseOne(at: at(410)), at: at(410), atOnce: true)
      try expect(try await bench.job(id).failures, is: 2, "failures at the end")
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state at the end")
    },
    Case("several jobs that meet the outage alone do not keep the gate closed for one behind them") { bench in
      for atOnce in [false, true] {
        let gate = "g\(atOnce)"
        let bad = try await bench.enqueue(Array(repeating: NewJob(kind: "work", gate: gate), count: 4)).map(\.id)
        for leased in try await bench.lease(3) {
          try await bench.suspect(leased, at: at(2), again: at(3), atOnce: atOnce)
        }
        _ = try await bench.store.promoteDue(at: at(3), limit: 10)
        let good = try await bench.add(NewJob(kind: "work", gate: gate, priority: -1), at: at(3))
        var probes: [JobID] = []
        var now = 3
        while probes.last != good, probes.count < 9 {
          now += 60
          _ = try await bench.store.promoteDue(at: at(now), limit: 10)
          let probe = try await bench.leaseOne(at: at(now))
          probes.append(probe.job.id)
          if probe.job.id == good {
            try await bench.end(probe, done, at: at(now))
          } else {
            try await bench.suspect(probe, at: at(now), atOnce: atOnce)
          }
        }
        try expect(probes.last, is: good, "the last probe of \(probes)")
        try expect(Set(probes).count, is: probes.count, "probes, each once")
        try expect(Set(probes).isSubset(of: bad + [good]), is: true, "who they are")
        try expect(try await bench.gate(gate).gate.state, is: .open, "the gate's state")
        _ = try await bench.store.cancel(bad, why: "enough", at: at(now))
      }
    },
    Case("when all who wait were probes, they take turns") { bench in
      let jobs = try await several(bench)
      for leased in jobs { try await bench.suspect(leased, at: at(2), again: at(3)) }
      _ = try await bench.store.promoteDue(at: at(3), limit: 10)
      var probes: [JobID] = []
      for round in 1...12 {
        _ = try await bench.store.promoteDue(at: at(round * 60), limit: 10)
        let probe = try await bench.leaseOne(at: at(round * 60))
        probes.append(probe.job.id)
        try await bench.suspect(probe, at: at(round * 60))
      }
      for round in 0..<3 {
        try expect(Set(probes[(round * 4)..<(round * 4 + 4)]).count, is: 4, "probes in round \(round) of \(probes)")
      }
    },
    Case("a job that is alone behind its gate is probed at growing intervals, and nothing counts") { bench in
      let first = try await bench.running(gated)
      try await bench.suspect(first, at: at(1), again: at(2))
      _ = try await bench.store.promoteDue(at: at(2), limit: 10)
      var now = 2
      for wait in [5, 10, 20, 40, 60, 60] {
        try await bench.suspect(try await bench.leaseOne(at: at(now)), at: at(now))
        now += wait
        try expect(try await bench.gate().gate.until, is: at(now), "until")
        _ = try await bench.store.promoteDue(at: at(now), limit: 10)
      }
      try expect(try await bench.job(first.job.id).failures, is: 1, "failures")
      try await bench.end(try await bench.leaseOne(at: at(now)), done, at: at(now))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
    },
    Case("the last failure of a job is never a probe's that others proved its own: it has one more attempt") { bench in
      let probe = try await probing(bench, maxAttempts: 1)
      try await bench.suspect(probe, at: at(8))
      _ = try await bench.store.promoteDue(at: at(18), limit: 10)
      try await bench.end(try await bench.leaseOne(at: at(18)), done, at: at(19))
      let charged = try await bench.job(probe.job.id)
      try expect(charged.failures, is: 0, "failures")
      try expect(charged.state, is: .ready, "the state")
    },
    Case("a person who closes or opens a gate begins anew") { bench in
      let jobs = try await several(bench)
      try await bench.suspect(jobs[0], at: at(2))
      try await bench.suspect(jobs[1], at: at(2))
      try await bench.store.closeGate("g", until: nil, reason: "maintenance", at: at(2))
      _ = try await bench.store.openGate("g", at: at(3))
      try await bench.suspect(jobs[2], at: at(4))
      try expect(try await bench.job(jobs[2].job.id).failures, is: 1, "failures")
    },
  ]

  /// Four running jobs behind a gate.
  private static func several(_ bench: StoreBench, gate: String = "g", running: Int = 4) async throws -> [LeasedJob] {
    let job = NewJob(kind: "work", gate: gate)
    _ = try await bench.enqueue([job, job, job, job])
    return try await bench.lease(running)
  }

  /// Creates a half-open gate that was closed by a series, its probe, which was leased at 7 s, and other jobs behind
  /// it.
  private static func probing(_ bench: StoreBench, jobs: Int = 5, maxAttempts: Int = 12) async throws -> LeasedJob {
    var job = gated
    job.maxAttempts = maxAttempts
    _ = try await bench.enqueue(Array(repeating: job, count: jobs))
    for leased in try await bench.lease(3) { try await bench.suspect(leased, at: at(2), again: at(600)) }
    _ = try await bench.store.promoteDue(at: at(7), limit: 10)
    return try await bench.leaseOne(at: at(7))
  }
}

extension StoreBench {
  /// Ends an attempt with what may be an outage.
  /// - Parameters:
  ///   - again: when the job is to run again if the failure counts; nil if it is its last failure.
  ///   - isMomentary: whether the failure has nothing to do with the request.
  ///   - request: the request that met it.
  @discardableResult
  func suspect(
    _ leased: LeasedJob, at now: Timestamp, again: Timestamp? = at(600), requested: Duration? = nil,
    atOnce: Bool = false, isByIntermediary: Bool = false, isMomentary: Bool = false,
    request: String? = nil
  ) async throws -> CompletionReceipt {
    let counted = CountedFailure(failure: broken, again: again.map { .init(at: $0, why: "again") })
    let closure = GateClosure(
      base: .seconds(5), requested: requested, why: "500", closesAtOnce: atOnce, isByIntermediary: isByIntermediary,
      isMomentary: isMomentary, request: request)
    return try await end(leased, .suspectsOutage(closure, otherwise: counted), at: now)
  }
}
