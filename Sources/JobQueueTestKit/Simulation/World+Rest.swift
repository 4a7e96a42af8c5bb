import JobQueue

extension World {
  /// The storm is over: no more faults. Everything must come to rest, with each effect created once.
  func comeToRest() async throws {
    isCalm = true
    log("the storm is over")
    for worker in workers { worker.stalledUntil = .zero }
    try await openGatesClosedForGood()
    var rounds = 0
    while oracle.present.contains(where: isUnderWay) || workers.contains(where: { !$0.leftHandlers.isEmpty }) {
      rounds += 1
      try promise(rounds < 200, "no rest: \(unrest())")
      try await round()
    }
    try await checkProvider()
    try await checkRecords()
    summary.records = oracle.records.count
    summary += oracle.counts
    try await leave()
  }

  private func isUnderWay(_ id: JobID) -> Bool {
    switch oracle.jobs[id]?.state {
    case .running, .ready, .scheduled: true
    // A blocked job rests only behind a job that rests unfinished or ended badly; the oracle checks that.
    case .blocked, .held, .completed, .dead, .cancelled, nil: false
    }
  }

  private func unrest() -> String {
    oracle.present.filter(isUnderWay).map { "\(oracle.name($0)) \(oracle.jobs[$0]?.state as Any)" }
      .joined(separator: ", ")
  }

  private func round() async throws {
    for worker in workers {
      for handler in worker.leftHandlers {
        while worker.leftHandlers.contains(where: { $0 === handler }) { try await advance(handler, of: worker) }
      }
      for run in worker.runs {
        while worker.runs.contains(where: { $0 === run }) { try await advance(run, of: worker) }
      }
      try await lease(worker)
    }
    // Leases that nobody knows any more run out, planned times come.
    if workers.allSatisfy(\.runs.isEmpty) {
      let due = try await store.nextDue().map { $0 - clock.now() } ?? .zero
      // If the clock was set back by hours, the leases of the dead last hours longer.
      let leaseEnd = oracle.jobs.values.compactMap(\.leaseExpiresAt).min().map { $0 - clock.now() } ?? .zero
      clock.advance(by: max(due, leaseEnd, .seconds(31)))
      try await promote(workers[0])
      for worker in workers { try await reap(worker) }
    }
  }

  /// The provider has each effect once: certainly if its job is completed, otherwise at most once.
  private func checkProvider() async throws {
    let held = await provider.list()
    summary.things = held.count
    var expected = 0
    for (id, entry) in oracle.entries.sorted(by: { $0.key < $1.key }) {
      for effect in 0..<entry.effects {
        let count = await provider.count(thing(effect, of: id))
        expected += count
        try promise(count > 0 || !entry.hasCompleted, "\(entry.name) completed, its effect \(effect) does not exist")
      }
      try await checkThings(of: id)
      if !entry.isPruned { try await checkJournal(id, entry, held) }
    }
    try promise(expected == held.count, "the provider holds \(held.count) things, \(expected) are known")
  }

  /// Whatever is recorded as a result exists.
  private func checkJournal(_ id: JobID, _ entry: Oracle.Entry, _ held: [CountingProvider.Thing]) async throws {
    let journal = try await store.journal(of: id)
    for effect in 0..<entry.effects {
      guard let json = journal.effects["effect-\(effect)"]?.result else {
        try promise(!entry.hasCompleted, "\(entry.name) completed without writing down effect \(effect)")
        continue
      }
      let recorded = try JSONText.decode(CountingProvider.Thing.self, from: json)
      try promise(held.contains(recorded), "\(entry.name) wrote down what the provider does not hold")
      let claimant = try await store.claimant(of: "\(recorded.name)#\(recorded.id)")
      try promise(claimant == id, "\(entry.name) lost its claim")
    }
    let attempts = try await store.attempts(of: id)
    let open = attempts.filter { $0.endedAt == nil }
    try promise(open.isEmpty, "\(entry.name) rests with \(open.count) open attempts")
    try oracle.checkAttempts(atRest: attempts, of: id)
  }

  /// Leaves the store as it was.
  private func leave() async throws {
    for key in gates where oracle.gates[key].map({ $0.state != .open }) ?? false { try await openGate(key) }
    for id in oracle.present where oracle.jobs[id]?.state.isFinished == false {
      _ = try await store.cancel([id], why: "the run ends", at: clock.now())
      try await check(after: .cancel(id))
    }
    let moment = clock.now() + .seconds(86_400)
    let stays = oracle.present.filter { oracle.isPermanent($0) }
    let count = oracle.present.count - stays.count
    let pruned = try await store.prune(finishedBefore: moment, limit: 1000)
    try promise(pruned == count, "\(pruned) of \(count) finished jobs were pruned")
    try await check(after: .prune(before: moment))
    try promise(oracle.present == stays, "finished jobs are left")
    // Records outlive their jobs.
    try await checkRecords()
  }
}
