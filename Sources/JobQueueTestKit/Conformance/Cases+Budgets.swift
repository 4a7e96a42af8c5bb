import JobQueue

extension StoreConformance {
  static let budgets: [Case] = [
    Case("units are taken with their intents, until none is left") { bench in
      let jobs = try await three(bench)
      try expect(try await bench.acquire(jobs[0], at: at(10)), is: .granted, "the first")
      try expect(try await bench.effect("e", of: jobs[0].job.id).intents, is: 1, "intents")
      try expect(try await bench.acquire(jobs[1], at: at(20)), is: .granted, "the second")
      let wait = BudgetWait(key: StoreBench.budget, size: 2, used: 2, ahead: 0, slot: at(110))
      try expect(try await bench.acquire(jobs[2], at: at(30)), is: .wait(wait), "the third")
      try expect(try await bench.store.journal(of: jobs[2].job.id).effects, is: [:], "its intents")
      try expect(
        try await bench.budget(at: at(30)),
        is: BudgetStatus(
          key: StoreBench.budget, size: 2, window: .seconds(100), used: 2, learned: 0, nextSlot: at(110), waiting: 1,
          finish: at(110)), "the budget")
    },
    Case("a look without an effect takes nothing") { bench in
      let jobs = try await three(bench)
      for job in jobs { try expect(try await bench.acquire(job, for: nil, at: at(10)), is: .granted, "the answer") }
      try expect(try await bench.budget(at: at(10)).used, is: 0, "used")
    },
    Case("a unit is free again when its window is over, to the millisecond") { bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], size: 1, at: at(10))
      let early = Timestamp(milliseconds: at(110).milliseconds - 1)
      guard case .wait = try await bench.acquire(jobs[1], size: 1, at: early) else {
        throw ConformanceFailure(expectation: "a unit was given too early", location: #fileID)
      }
      try expect(try await bench.acquire(jobs[1], size: 1, at: at(110)), is: .granted, "the answer then")
    },
    Case("a refusal gives the unit back, an unknown outcome does not") { bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], at: at(10))
      _ = try await bench.acquire(jobs[1], at: at(10))
      try await bench.store.write([.unknown(effect: "e")], under: jobs[0].lease, at: at(11))
      try expect(try await bench.budget(at: at(12)).used, is: 2, "used")
      try await bench.store.write([.refusal(effect: "e")], under: jobs[1].lease, at: at(12))
      try expect(try await bench.budget(at: at(12)).used, is: 1, "used after the refusal")
      try await bench.end(jobs[1], .dead(broken), at: at(12))
      try expect(try await bench.acquire(jobs[2], at: at(13)), is: .granted, "the third")
    },
    Case("a unit counts from the moment at which its effect's result is recorded") { bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], size: 1, at: at(10))
      try expect(try await bench.budget(at: at(11)).nextSlot, is: at(110), "the end by the reservation")
      try await bench.store.write(
        [.result(effect: "e", json: "{}", origin: .performed, claim: nil)], under: jobs[0].lease, at: at(14))
      try expect(try await bench.budget(at: at(15)).nextSlot, is: at(115), "the end by the result")
      guard case .wait(let wait) = try await bench.acquire(jobs[1], size: 1, at: at(112)) else {
        throw ConformanceFailure(expectation: "a unit was given too early", location: #fileID)
      }
      try expect(wait.slot, is: at(115), "the slot")
    },
    Case("a unit counts from the moment at which nobody knew any more whether its effect happened") { bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], size: 1, at: at(10))
      try await bench.store.write([.unknown(effect: "e")], under: jobs[0].lease, at: at(40))
      try expect(try await bench.budget(at: at(41)).nextSlot, is: at(141), "the end by the answer that was lost")
      try await bench.store.write(
        [.result(effect: "e", json: "{}", origin: .adopted, claim: nil)], under: jobs[0].lease, at: at(70))
      try expect(try await bench.budget(at: at(71)).nextSlot, is: at(141), "the end when it was found")
    },
    Case("a limit that is reached just after a unit of ours ended is tried again in seconds, each time twice as long") {
      bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], size: 1, at: at(10))
      for (moment, next) in [(110, 115), (115, 125), (125, 145), (145, 185)] {
        try expect(try await bench.acquire(jobs[1], size: 1, at: at(moment)), is: .granted, "the answer at \(moment)")
        try await bench.store.write(
          [.refusal(effect: "e"), .budgetSpent(StoreBench.budget, retryAfter: nil)], under: jobs[1].lease,
          at: at(moment))
        try expect(try await bench.budget(at: at(moment)).nextSlot, is: at(next), "the next try after \(moment)")
      }
    },
    Case("an effect that is asked for again has one unit, from now on") { bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], at: at(10))
      try expect(try await bench.acquire(jobs[0], at: at(50)), is: .granted, "again")
      try expect(try await bench.budget(at: at(50)).used, is: 1, "used")
      _ = try await bench.acquire(jobs[1], at: at(60))
      try expect(try await bench.budget(at: at(60)).nextSlot, is: at(150), "the next slot")
    },
    Case("a zombie takes no unit") { bench in
      let zombie = try await bench.running()
      try await bench.lose(zombie, at: at(2))
      try await bench.refuses(.leaseLost) { _ = try await bench.acquire(zombie, at: at(3)) }
      try expect(try await bench.store.budgets(at: at(3)), is: [], "budgets")
    },
    Case("a unit stays taken when its job is pruned") { bench in
      let leased = try await bench.running()
      _ = try await bench.acquire(leased, at: at(10))
      try await bench.end(leased, done, at: at(11))
      _ = try await bench.store.prune(finishedBefore: at(12), limit: 10)
      try expect(try await bench.budget(at: at(13)).used, is: 1, "used")
    },
    Case("what a configuration changes holds at once, also for units that are taken") { bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], size: 1, at: at(10))
      let shorter = BudgetDemand(key: StoreBench.budget, size: 1, window: .seconds(20))
      guard case .wait(let wait) = try await bench.store.acquire(shorter, for: "e", under: jobs[1].lease, at: at(15))
      else {
        throw ConformanceFailure(expectation: "a unit was given", location: #fileID)
      }
      try expect(wait.slot, is: at(30), "the slot")
    },
    Case("when the provider says that the limit is reached, the budget is full, with room again step by step") {
      bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], size: 3, at: at(10))
      try await bench.store.write(
        [.refusal(effect: "e"), .budgetSpent(StoreBench.budget, retryAfter: nil)], under: jobs[0].lease, at: at(10))
      let budget = try await bench.budget(at: at(10))
      try expect(budget.used, is: 3, "used")
      try expect(budget.learned, is: 3, "learned")
      // Three units taken by others within 100 s: assumed to be spread evenly.
      try expect(budget.nextSlot, is: at(35), "the next slot")
      guard case .wait(let wait) = try await bench.acquire(jobs[0], size: 3, at: at(10)) else {
        throw ConformanceFailure(expectation: "a unit was given", location: #fileID)
      }
      try expect(wait.slot, is: at(35), "the slot")
    },
    Case("when the provider says when to come back, the first slot is then") { bench in
      let jobs = try await three(bench)
      _ = try await bench.acquire(jobs[0], at: at(10))
      try await bench.store.write(
        [.refusal(effect: "e"), .budgetSpent(StoreBench.budget, retryAfter: .seconds(7))], under: jobs[0].lease,
        at: at(10))
      try expect(try await bench.budget(at: at(10)).nextSlot, is: at(17), "the next slot")
    },
  ]

  static let turns: [Case] = [
    Case("jobs that wait stand in line: each is told a slot of its own, and the last one's is the finish") { bench in
      let jobs = try await waiting(bench)
      try expect(jobs.map(\.slot), is: [at(110), at(120), at(210), at(220)], "slots")
      let budget = try await bench.budget(at: at(31))
      try expect(budget.waiting, is: 4, "waiting")
      try expect(budget.finish, is: at(220), "finish")
    },
    Case("a job's wait names the budget, its use and the slot") { bench in
      let jobs = try await waiting(bench)
      try expect(
        try await bench.store.obstacle(for: jobs[1].id, at: at(31)),
        is: .budget(BudgetWait(key: StoreBench.budget, size: 2, used: 2, ahead: 1, slot: at(120))), "the wait")
    },
    Case("whoever comes late does not take the slot of one that waits") { bench in
      let jobs = try await waiting(bench)
      let late = try await bench.running()
      // The unit that is free now belongs to the first one.
      guard case .wait(let wait) = try await bench.acquire(late, at: at(112)) else {
        throw ConformanceFailure(expectation: "the slot of another one was given", location: #fileID)
      }
      try expect(wait.slot > jobs[3].slot, "a slot after the last one's")
      _ = try await bench.store.promoteDue(at: at(112), limit: 10)
      let first = try await bench.leaseOne(at: at(112))
      try expect(first.job.id, is: jobs[0].id, "the first in line")
      try expect(try await bench.acquire(first, at: at(113)), is: .granted, "its answer")
    },
    Case("a job that is cancelled leaves the line") { bench in
      let jobs = try await waiting(bench)
      _ = try await bench.store.cancel([jobs[0].id], why: "enough", at: at(40))
      try expect(try await bench.budget(at: at(41)).waiting, is: 3, "waiting")
      try expect(try await bench.budget(at: at(41)).finish, is: at(210), "finish")
      let late = try await bench.running()
      guard case .wait(let wait) = try await bench.acquire(late, at: at(42)) else {
        throw ConformanceFailure(expectation: "a unit was given", location: #fileID)
      }
      try expect(wait.slot, is: at(220), "the slot of the last one's successor")
      // Those behind it get earlier turns.
      try expect(try await bench.job(jobs[1].id).runAt, is: at(110), "the second one's moment")
      try expect(try await bench.job(jobs[2].id).runAt, is: at(120), "the third one's moment")
    },
    Case("a refused job keeps its place at the front; while it waits for another moment its unit is the next one's") {
      bench in
      let (holder, waiting) = try await line(bench, of: 2)
      try await bench.store.write([.refusal(effect: "e")], under: holder.lease, at: at(40))
      try expect(try await bench.job(waiting[0]).runAt, is: at(110), "the next one's moment before")
      let again = Outcome.retry(at: at(60), broken, why: "again")
      try await bench.end(holder, again, at: at(41))
      try expect(try await bench.job(waiting[0]).runAt, is: at(41), "the next one's moment")
      let next = try await come(bench, waiting[0], at: at(41))
      try expect(try await bench.acquire(next, size: 1, at: at(42)), is: .granted, "its answer")
      let back = try await come(bench, holder.job.id, at: at(60))
      guard case .wait(let wait) = try await bench.acquire(back, size: 1, at: at(61)) else {
        throw ConformanceFailure(expectation: "a unit was given", location: #fileID)
      }
      try expect(wait.slot, is: at(142), "the slot of the refused one")
      try expect(try await bench.budget(at: at(61)).finish, is: at(242), "finish")
      try await bench.end(back, .snooze(until: wait.slot, why: "waits"), at: at(61))
      let behind = try await come(bench, waiting[1], at: at(142))
      guard case .wait = try await bench.acquire(behind, size: 1, at: at(142)) else {
        throw ConformanceFailure(expectation: "the one behind it got its unit", location: #fileID)
      }
    },
    Case("a refused job that is ready again takes its unit anew, past all that wait; they are told when that ends") {
      bench in
      let (holder, waiting) = try await line(bench, of: 2)
      try await bench.store.write([.refusal(effect: "e")], under: holder.lease, at: at(40))
      try await bench.end(holder, .handBack(why: "shutdown"), at: at(41))
      try expect(try await bench.job(waiting[0]).runAt, is: at(110), "the next one's moment")
      let back = try await come(bench, holder.job.id, at: at(50))
      try expect(try await bench.acquire(back, size: 1, at: at(50)), is: .granted, "its answer")
      try expect(try await bench.job(waiting[0]).runAt, is: at(150), "the next one's moment then")
    },
    Case("a refused job that is cancelled, or given up, leaves its unit to the first in line") { bench in
      for outcome in [Outcome.dead(broken), .cancelled(why: "enough"), .hold(why: "look")] {
        let (holder, waiting) = try await line(bench, of: 1)
        try await bench.store.write([.refusal(effect: "e")], under: holder.lease, at: at(40))
        try await bench.end(holder, outcome, at: at(41))
        try expect(try await bench.job(waiting[0]).runAt, is: at(41), "the next one's moment")
        _ = try await bench.store.cancel(waiting + [holder.job.id], why: "next", at: at(42))
        try expect(try await bench.budget(at: at(42)).waiting, is: 0, "waiting")
      }
    },
    Case("when a result is recorded late, the first in line is told so") { bench in
      let (holder, waiting) = try await line(bench, of: 1)
      try await bench.store.write(
        [.result(effect: "e", json: "{}", origin: .performed, claim: nil)], under: holder.lease, at: at(40))
      try expect(try await bench.job(waiting[0]).runAt, is: at(141), "its moment")
      try expect(
        try await bench.store.obstacle(for: waiting[0], at: at(41)),
        is: .budget(BudgetWait(key: StoreBench.budget, size: 1, used: 1, ahead: 0, slot: at(141))), "its wait")
    },
    Case("who waits hears of another size: when somebody asks with it, and when it is told so") { bench in
      let (_, waiting) = try await line(bench, of: 3)
      try await bench.store.updateBudgets(
        [BudgetDemand(key: StoreBench.budget, size: 3, window: .seconds(100))], at: at(40))
      try expect(
        try await moments(bench, waiting), is: [at(40), at(40), at(110)], "the moments")
      try expect(try await bench.budget(at: at(40)).size, is: 3, "the size")
      let late = try await bench.running()
      _ = try await bench.acquire(late, size: 1, at: at(50))
      try expect(
        try await moments(bench, waiting), is: [at(110), at(40), at(110)], "the moments")
      _ = try await bench.acquire(late, size: 4, at: at(60))
      try expect(
        try await moments(bench, waiting), is: [at(60), at(40), at(60)], "the moments")
    },
    Case("who waits hears of another window; a budget that nobody asked for stays unknown") { bench in
      let (_, waiting) = try await line(bench, of: 1)
      let unknown = BudgetKey(account: "a", resource: "others")
      try await bench.store.updateBudgets(
        [StoreBench.budget, unknown].map { BudgetDemand(key: $0, size: 1, window: .seconds(60)) }, at: at(40))
      try expect(try await bench.job(waiting[0]).runAt, is: at(70), "its moment")
      try expect(try await bench.store.budgets(at: at(40)).map(\.key), is: [StoreBench.budget], "the budgets")
    },
    Case("of a long line only as many jobs are told their turns anew as there are units") { bench in
      let (_, waiting) = try await line(bench, of: 30)
      _ = try await bench.store.cancel([waiting[0]], why: "enough", at: at(40))
      try expect(try await bench.job(waiting[1]).runAt, is: at(110), "the first one's moment")
      let touched = try await bench.store.jobs(JobQuery(ids: waiting, limit: 100)).filter { $0.updatedAt == at(40) }
      try expect(touched.map(\.id).sorted(), is: [waiting[0], waiting[1]], "the jobs that were changed")
      try expect(try await bench.budget(at: at(41)).finish, is: at(110 + 28 * 100), "finish")
      // The last one gets a turn no later than that, although its own time was not changed.
      let wait = BudgetWait(key: StoreBench.budget, size: 1, used: 1, ahead: 28, slot: at(110 + 28 * 100))
      try expect(try await bench.store.obstacle(for: waiting[29], at: at(41)), is: .budget(wait), "the last one's wait")
    },
    Case("a job that is granted its unit leaves the line, and one that waits for another moment stands in none") {
      bench in
      let jobs = try await waiting(bench)
      _ = try await bench.store.promoteDue(at: at(110), limit: 10)
      let first = try await bench.leaseOne(at: at(110))
      try expect(try await bench.acquire(first, at: at(110)), is: .granted, "the first")
      try expect(try await bench.budget(at: at(110)).waiting, is: 3, "waiting")
      _ = try await bench.store.promoteDue(at: at(120), limit: 10)
      let second = try await bench.leaseOne(at: at(120))
      try await bench.end(second, .snooze(until: at(500), why: "not yet"), at: at(121))
      try expect(try await bench.budget(at: at(121)).waiting, is: 2, "waiting after")
      try expect(try await bench.store.obstacle(for: second.job.id, at: at(121)), is: nil, "its wait")
      try expect(jobs.count, is: 4, "jobs")
    },
  ]

  private static func three(_ bench: StoreBench) async throws -> [LeasedJob] {
    _ = try await bench.enqueue((0..<3).map { NewJob(kind: "work-\($0)") })
    return try await bench.lease(3)
  }

  /// A budget of one whose unit was taken at 10 s by a running job, and jobs that wait for a slot.
  private static func line(_ bench: StoreBench, of count: Int) async throws -> (holder: LeasedJob, waiting: [JobID]) {
    _ = try await bench.enqueue((0...count).map { _ in NewJob(kind: "work") })
    let jobs = try await bench.lease(count + 1)
    let holder = try require(jobs.first, "the first job")
    _ = try await bench.acquire(holder, size: 1, at: at(10))
    for job in jobs.dropFirst() {
      guard case .wait(let wait) = try await bench.acquire(job, size: 1, at: at(20)) else {
        throw ConformanceFailure(expectation: "a unit was given", location: #fileID)
      }
      try await bench.end(job, .snooze(until: wait.slot, why: "waits"), at: at(20))
    }
    return (holder, jobs.dropFirst().map(\.job.id))
  }

  private static func moments(_ bench: StoreBench, _ jobs: [JobID]) async throws -> [Timestamp] {
    var moments: [Timestamp] = []
    for job in jobs { moments.append(try await bench.job(job).runAt) }
    return moments
  }

  /// The job's time comes.
  private static func come(_ bench: StoreBench, _ job: JobID, at now: Timestamp) async throws -> LeasedJob {
    _ = try await bench.store.promoteDue(at: now, limit: 100)
    return try require(try await bench.lease(100, at: now).first { $0.job.id == job }, "the lease of job \(job)")
  }

  /// A budget of two whose units were taken at 10 s and 20 s, and four jobs that wait for a slot.
  private static func waiting(_ bench: StoreBench) async throws -> [(id: JobID, slot: Timestamp)] {
    _ = try await bench.enqueue((0..<6).map { NewJob(kind: "work-\($0)") })
    let jobs = try await bench.lease(6)
    _ = try await bench.acquire(jobs[0], at: at(10))
    _ = try await bench.acquire(jobs[1], at: at(20))
    for job in jobs.prefix(2) { try await bench.end(job, done, at: at(25)) }
    var waiting: [(id: JobID, slot: Timestamp)] = []
    for job in jobs.dropFirst(2) {
      guard case .wait(let wait) = try await bench.acquire(job, at: at(30)) else {
        throw ConformanceFailure(expectation: "a unit was given", location: #fileID)
      }
      try await bench.end(job, .snooze(until: wait.slot, why: "waits"), at: at(30))
      waiting.append((id: job.job.id, slot: wait.slot))
    }
    return waiting
  }
}
