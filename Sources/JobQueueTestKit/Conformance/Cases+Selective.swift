import JobQueue

/// Jobs behind gate `g`.
private let plain = NewJob(kind: "work", gate: "g")

extension StoreConformance {
  static let selective: [Case] = [
    Case(
      "who meets a page of somebody in between keeps jobs of another kind or key waiting for 15 s at most, of 100 too"
    ) {
      bench in
      var start = 0
      let others: [(kind: String, key: String?, order: Line.Order, slots: Int)] = [
        ("other", nil, .refusedFirst, 1), ("other", nil, .shuffled, 8), ("work", "k", .refusedFirst, 8),
        ("work", "k", .shuffled, 1),
      ]
      for crowd in crowds {
        for (kind, key, order, slots) in others {
          start += 10_000
          let line = Line(refused: crowd.refused, others: crowd.others, kind: kind, key: key, order: order)
          let seconds = try await line.seconds(on: bench, slots: slots, from: start)
          try expect(seconds <= 15, is: true, "at most 15 s, not \(seconds), for \(line) on \(slots) slots")
        }
      }
    },
    Case("where nothing tells them apart, twice as many are tried with each time that the gate's time is over") {
      bench in
      var start = 0
      for crowd in crowds {
        // 1, 3, 7, 15, … probes, after 5, 15, 35, 75, 135, 195, 255 s.
        let rounds = (1...9).first { (1 << $0) > crowd.refused } ?? 9
        let most = [5, 10, 20, 40, 60, 60, 60, 60, 60].prefix(rounds).reduce(0, +)
        for (slots, order) in Line.Order.allCases.enumerated() {
          start += 10_000
          let line = Line(refused: crowd.refused, others: crowd.others, kind: "work", key: nil, order: order)
          let seconds = try await line.seconds(on: bench, slots: 1 + slots, from: start)
          // After the first job gets through, so many of the refused ones may be left that the gate closes once more.
          try expect(seconds <= 2 * most, is: true, "at most \(2 * most) s, not \(seconds), for \(line)")
          if order == .refusedFirst {
            try expect(seconds <= most, is: true, "at most \(most) s, not \(seconds), for \(line)")
          }
        }
      }
    },
    Case("who meets the other side's own errors alone keeps each job of another kind waiting for 5 s at most") {
      bench in
      for (index, crowd) in [(refused: 12, others: 4), (refused: 100, others: 4)].enumerated() {
        var line = Line(refused: crowd.refused, others: crowd.others, kind: "other", key: nil, order: .refusedFirst)
        line.isPage = false
        let seconds = try await line.seconds(on: bench, slots: 1 + 7 * index, from: 10_000 * (1 + index))
        try expect(seconds <= 5 * crowd.others, is: true, "5 s for each, not \(seconds) s, for \(line)")
      }
    },
    Case("while nobody gets through each job asks once, then one job at a time, and nothing counts") { bench in
      let jobs = try await bench.enqueue(Array(repeating: plain, count: 20)).map(\.id)
      var asked = 0
      for now in 1...600 {
        _ = try await bench.store.promoteDue(at: at(now), limit: 100)
        while let leased = try await bench.lease(at: at(now)).first {
          asked += 1
          try await bench.meetPage(leased, at: now)
          try expect(asked < 100, is: true, "an end")
        }
      }
      for job in jobs { try expect(try await bench.job(job).failures, is: 0, "failures") }
      // 20 once, and about 14 times in ten minutes when the gate's time was over.
      try expect((20...36).contains(asked), is: true, "20 to 36 requests, not \(asked)")
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state")
    },
    Case("all who met it since the gate was open are doubted once another gets through: what they meet closes nothing")
    {
      bench in
      let jobs = try await bench.enqueue(Array(repeating: plain, count: 4)).map(\.id)
      let leased = try await bench.lease(3)
      // One closes it, two were on their way, the last one is a probe; the good one comes 200 s later.
      for (index, one) in leased.enumerated() { try await bench.meetPage(one, at: 2 + index) }
      _ = try await bench.store.promoteDue(at: at(7), limit: 10)
      let probe = try await bench.leaseOne(at: at(7))
      try expect(probe.job.id, is: jobs[3], "the first probe")
      try await bench.meetPage(probe, at: 7)
      let good = try await bench.add(plain, at: at(200))
      _ = try await bench.store.promoteDue(at: at(200), limit: 10)
      let next = try await bench.leaseOne(at: at(200))
      try expect(next.job.id, is: good, "the next probe")
      try await bench.end(next, done, at: at(200))
      for one in try await bench.lease(9, at: at(201)) { try await bench.meetPage(one, at: 201) }
      for job in jobs {
        try expect(try await bench.job(job).failures, is: 1, "failures of \(job)")
        try expect(try await bench.state(job), is: .scheduled, "the state of \(job)")
      }
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
    },
    Case("what a doubted job meets counts once each time that somebody got through; else it waits alone, ever longer") {
      bench in
      let id = try await doubted(bench)
      try await bench.meetPage(try await bench.leaseOne(at: at(9)), at: 9)
      try expect(try await bench.job(id).failures, is: 1, "failures at first")
      var now = 11
      for wait in [10, 20, 40, 60, 60] {
        _ = try await bench.store.promoteDue(at: at(now), limit: 10)
        try await bench.meetPage(try await bench.leaseOne(at: at(now)), at: now)
        let job = try await bench.job(id)
        try expect(job.failures, is: 1, "failures while nobody gets through")
        try expect(job.runAt, is: at(now + wait), "the next run")
        try expect(job.waitReason?.contains("waits alone"), is: true, "that it waits alone")
        try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
        now += wait
      }
      let other = try await bench.add(plain, at: at(now - 1))
      let passing = try await bench.leaseOne(at: at(now - 1))
      try expect(passing.job.id, is: other, "leased")
      try await bench.end(passing, done, at: at(now - 1))
      _ = try await bench.store.promoteDue(at: at(now), limit: 10)
      try await bench.meetPage(try await bench.leaseOne(at: at(now)), at: now)
      try expect(try await bench.job(id).failures, is: 2, "failures after somebody got through")
    },
    Case(
      "what meets now this request of a doubted job and now that one never counts; from the third time in a row it does"
    ) {
      bench in
      let id = try await doubted(bench)
      var now = 9
      let asked = [
        "look", "write", "look", "look", "write", "write", "look", "write", "write", "write", "write", "look",
      ]
      for (request, failures) in zip(asked, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2]) {
        _ = try await bench.store.promoteDue(at: at(now), limit: 10)
        let leased = try await bench.leaseOne(at: at(now))
        try expect(leased.job.id, is: id, "leased")
        try await bench.suspect(
          leased, at: at(now), again: at(now + 60), atOnce: true, isByIntermediary: true, request: request)
        try expect(try await bench.job(id).failures, is: failures, "failures at \(now) s")
        try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
        try await bench.end(try await bench.running(plain, at: at(now)), done, at: at(now))
        now += 60
      }
    },
    Case("the receipt says what a gate made of an end: closed by it, a failure that counts, or a wait that does not") {
      bench in
      let (first, other) = (try await bench.running(plain), try await bench.add(plain, at: at(3)))
      let page = GateClosure(base: .seconds(5), why: "500", closesAtOnce: true, isByIntermediary: true)
      try expect(try await bench.meetPage(first, at: 2), is: .decided(.closeGate(page), .ready), "at first")
      _ = try await bench.store.promoteDue(at: at(7), limit: 10)
      let probe = try await bench.leaseOne(at: at(7))
      try expect(probe.job.id, is: other, "the probe")
      try expect(try await bench.end(probe, done, at: at(7)), is: .recorded(.completed), "the probe's receipt")
      let counted = try await bench.meetPage(try await bench.leaseOne(at: at(9)), at: 9)
      try expect(
        counted, is: .decided(.retry(at: at(11), broken, why: "again"), .scheduled), "when another one got through")
      _ = try await bench.store.promoteDue(at: at(11), limit: 10)
      let waits = try await bench.meetPage(try await bench.leaseOne(at: at(11)), at: 11)
      try expect(waits.state, is: .scheduled, "the state when nobody got through since")
      guard case .decided(.snooze(let moment, let why), _) = waits else {
        throw ConformanceFailure(expectation: "a wait was expected, not \(waits)", location: "\(#fileID):\(#line)")
      }
      try expect(moment, is: at(21), "until when it waits")
      try expect(why, is: try await bench.job(first.job.id).waitReason, "why it waits")
      try expect(try await bench.lastAttempt(first.job.id).outcome, is: .snoozed, "the attempt")
      // Without a gate the failure is the job's own, even if it is due again at once.
      let alone = try await bench.running(NewJob(kind: "work"), at: at(12))
      let own = try await bench.suspect(alone, at: at(12), again: at(12), atOnce: true)
      try expect(own, is: .decided(.retry(at: at(12), broken, why: "again"), .ready), "without a gate")
    },
    Case("what is said of the moment only never counts, however often others get past it: the job waits alone") {
      bench in
      let id = try await doubted(bench)
      var now = 9
      for wait in [5, 10, 20, 40, 60] {
        _ = try await bench.store.promoteDue(at: at(now), limit: 10)
        let leased = try await bench.leaseOne(at: at(now))
        try expect(leased.job.id, is: id, "leased")
        try await bench.suspect(leased, at: at(now), atOnce: true, isByIntermediary: true, isMomentary: true)
        let job = try await bench.job(id)
        try expect(job.failures, is: 0, "failures")
        try expect(job.runAt, is: at(now + wait), "the next run")
        try expect(try await bench.gate().gate.state, is: .open, "the gate's state")
        try await bench.end(try await bench.running(plain, at: at(now)), done, at: at(now))
        now += wait
      }
    },
    Case("a doubted job that is the probe proves nothing, counts nothing, and waits alone: the next job is the probe") {
      bench in
      let id = try await doubted(bench)
      try await bench.store.closeGate("g", until: nil, reason: "maintenance", at: at(9))
      _ = try await bench.store.openGate("g", at: at(9))
      // An operator's command resets everything: the job is no longer doubted, and closes the gate.
      let first = try await bench.leaseOne(at: at(10))
      try await bench.meetPage(first, at: 10)
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state after a person's word")
      let other = try await bench.add(plain, at: at(11))
      _ = try await bench.store.promoteDue(at: at(15), limit: 10)
      try await bench.end(try await bench.leaseOne(at: at(15)), done, at: at(15))
      try expect(try await bench.state(other), is: .completed, "the other's state")
      // Now the gate closes for another reason.
      let third = try await bench.add(NewJob(kind: "work", gate: "g", priority: 1), at: at(16))
      try await bench.closeGate(try await bench.leaseOne(at: at(16)), at: at(16))
      _ = try await bench.store.promoteDue(at: at(21), limit: 10)
      try await bench.closeGate(try await bench.leaseOne(at: at(21)), at: at(21))
      _ = try await bench.store.cancel([third], why: "enough", at: at(22))
      _ = try await bench.store.promoteDue(at: at(31), limit: 10)
      let probe = try await bench.leaseOne(at: at(31))
      try expect(probe.job.id, is: id, "the probe")
      try await bench.meetPage(probe, at: 31)
      try expect(try await bench.gate().gate.state, is: .halfOpen, "the gate's state")
      try expect(try await bench.job(id).failures, is: 0, "failures")
      try expect(try await bench.state(id), is: .scheduled, "the state")
      _ = try await bench.add(plain, at: at(31))
      try await bench.end(try await bench.leaseOne(at: at(31)), done, at: at(31))
      try expect(try await bench.gate().gate.state, is: .open, "the gate's state at the end")
    },
    Case("whoever meets it first while others are doubted joins them uncounted; the 17th in a row closes the gate") {
      bench in
      _ = try await doubted(bench)
      let late = try await bench.enqueue(
        Array(repeating: NewJob(kind: "work", gate: "g", priority: 1), count: 17), at: at(9)
      ).map(\.id)
      for (index, leased) in try await bench.lease(17, at: at(9)).enumerated() {
        try await bench.meetPage(leased, at: 9)
        try expect(try await bench.job(leased.job.id).failures, is: 0, "failures of the \(index)th")
        try expect(
          try await bench.gate().gate.state, is: index < 16 ? .open : .closed, "the gate's state after \(index)")
      }
      try expect(try await bench.job(late[0]).runAt, is: at(14), "when the first one runs again")
    },
    Case("who has a result is believed again, and so is everybody once nobody is doubted any more") { bench in
      _ = try await doubted(bench)
      try await bench.end(try await bench.leaseOne(at: at(9)), done, at: at(9))
      let leased = try await bench.running(plain, at: at(10))
      try await bench.meetPage(leased, at: 10)
      try expect(try await bench.gate().gate.state, is: .closed, "the gate's state")
    },
    Case("the next probe is of another kind than those that met it, else of another key, else one that met it not") {
      bench in
      let (refused, same) = (NewJob(kind: "a", gate: "g", concurrencyKey: "s/k"), NewJob(kind: "a", gate: "g"))
      let first = try await bench.running(refused)
      try await bench.meetPage(first, at: 2)
      let other = NewJob(kind: "b", gate: "g", concurrencyKey: "s/k")
      let jobs = try await bench.enqueue([refused, same, other], at: at(2)).map(\.id)
      var now = 2
      // The last two are the only ones left: neither has another kind or key.
      for expected in [jobs[2], jobs[1], jobs[0], first.job.id] {
        now += 120
        _ = try await bench.store.promoteDue(at: at(now), limit: 10)
        let probe = try await bench.leaseOne(at: at(now))
        try expect(probe.job.id, is: expected, "the probe at \(now) s")
        // The delay that the other side asked for is kept: no second job is tried at once.
        try await bench.meetPage(probe, at: now, requested: .seconds(100))
      }
    },
  ]

  /// How many jobs meet the page and how many do not.
  private static let crowds: [(refused: Int, others: Int)] = [(1, 3), (3, 1), (12, 40), (100, 4)]

  /// A job that met the page while another job got through at 7 s.
  private static func doubted(_ bench: StoreBench) async throws -> JobID {
    let first = try await bench.running(plain)
    try await bench.meetPage(first, at: 2)
    let other = try await bench.add(plain, at: at(3))
    _ = try await bench.store.promoteDue(at: at(7), limit: 10)
    let probe = try await bench.leaseOne(at: at(7))
    try expect(probe.job.id, is: other, "the probe")
    try await bench.end(probe, done, at: at(7))
    return first.job.id
  }
}

extension StoreBench {
  /// Ends an attempt with the page of a gateway; if it counts, the job runs again 2 s later.
  @discardableResult
  fileprivate func meetPage(
    _ leased: LeasedJob, at seconds: Int, requested: Duration? = nil
  ) async throws -> CompletionReceipt {
    try await suspect(
      leased, at: at(seconds), again: at(seconds + 2), requested: requested, atOnce: true, isByIntermediary: true)
  }
}

/// Jobs of one gate: some meet a page each time, all others get through.
private struct Line: CustomStringConvertible {
  enum Order: CaseIterable {
    case refusedFirst
    case refusedLast
    case alternating
    case shuffled
  }

  let refused: Int
  let others: Int
  /// The kind and key of those that get through; the others are of kind `work`, without a key.
  let kind: String
  let key: String?
  let order: Order
  /// Whether the answer is a page from an intermediary; otherwise it is an error that closes the gate only as a series.
  var isPage = true

  var description: String { "\(refused) refused, \(others) \(kind) \(key ?? ""), \(order)" }

  /// Whether each job of the line is refused, in order.
  private var places: [Bool] {
    let (bad, good) = (Array(repeating: true, count: refused), Array(repeating: false, count: others))
    switch order {
    case .refusedFirst: return bad + good
    case .refusedLast: return good + bad
    case .alternating:
      return (0..<max(refused, others)).flatMap { ($0 < refused ? [true] : []) + ($0 < others ? [false] : []) }
    case .shuffled:
      let random = SeededRandom(seed: UInt64(refused))
      return (bad + good).map { (random.next(), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Works like one worker with this many slots, with requests that take no time.
  /// - Returns: the seconds until the last job that gets through is done.
  func seconds(on bench: StoreBench, slots: Int, from start: Int) async throws -> Int {
    let places = places
    let gate = "g\(start)"
    let ids = try await bench.enqueue(
      places.map { isRefused in
        isRefused
          ? NewJob(kind: "work", gate: gate) : NewJob(kind: kind, gate: gate, concurrencyKey: key.map { "s/\($0)" })
      }, at: at(start)
    ).map(\.id)
    let refused = Set(zip(ids, places).filter(\.1).map(\.0))
    var waiting = Set(ids).subtracting(refused)
    var now = start
    var last = start
    while !waiting.isEmpty, now - start < 3600 {
      _ = try await bench.store.promoteDue(at: at(now), limit: 1000)
      let leased = try await bench.lease(slots, at: at(now))
      for one in leased {
        if refused.contains(one.job.id) {
          _ = try await isPage ? bench.meetPage(one, at: now) : bench.suspect(one, at: at(now), again: at(now + 2))
        } else {
          try await bench.end(one, done, at: at(now))
          waiting.remove(one.job.id)
          last = now
        }
      }
      guard leased.isEmpty else { continue }
      let due = try await bench.store.nextDue().map { Int(($0.milliseconds - at(0).milliseconds + 999) / 1000) }
      now = max(now + 1, due ?? now)
    }
    try expect(waiting.count, is: 0, "jobs left of \(self)")
    for job in ids where !refused.contains(job) { try expect(try await bench.job(job).failures, is: 0, "failures") }
    _ = try await bench.store.cancel(Array(refused), why: "enough", at: at(now))
    return last - start
  }
}
