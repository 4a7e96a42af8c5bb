public import JobQueue

extension InMemoryJobStore {
  /// Writes journal entries, all or none.
  public func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws {
    try JobLimits.check(count: entries.count, of: "entries", "write")
    for entry in entries { try JobLimits.check(entry, of: lease.job) }
    try commit { tables in
      guard tables.fenced(lease) != nil else {
        throw JobStoreError(
          code: .leaseLost, operation: "write", target: "job \(lease.job)",
          cause: "lease \(lease.token) is not its newest one")
      }
      var moved: Set<BudgetKey> = []
      for entry in entries { moved.formUnion(try tables.write(entry, under: lease, at: now)) }
      tables.advance(moved, at: now)
      if entries.contains(where: \.provesAnAnswer), let job = tables.jobs[lease.job] {
        tables.getThrough(of: job, lease: lease, Passage(entries), at: now)
      }
    }
  }

  /// What a job recorded so far.
  public func journal(of job: JobID) async throws -> Journal {
    tables.journal(of: job)
  }

  /// The job whose recorded effect holds a claim.
  public func claimant(of claim: String) async throws -> JobID? {
    tables.claimant(of: claim)?.job
  }

  /// The unanswered requests of the other jobs with a concurrency key.
  public func openIntents(
    ofKey concurrencyKey: String, effect: String, besides job: JobID
  ) async throws -> [EffectRecord] {
    tables.jobs.values.filter { $0.concurrencyKey == concurrencyKey && $0.id != job }.sorted { $0.id < $1.id }
      .flatMap { tables.openIntents(of: $0.id) }.filter { $0.name == effect }.map(\.record)
  }
}

extension Tables {
  func journal(of job: JobID) -> Journal {
    Journal(effects: (effects[job] ?? [:]).mapValues(\.record), checkpoints: checkpoints[job] ?? [:])
  }

  /// - Returns: the budgets whose units changed.
  mutating func write(_ entry: JournalEntry, under lease: Lease, at now: Timestamp) throws -> Set<BudgetKey> {
    let job = lease.job
    switch entry {
    case .intent(let name):
      change(name, of: job, at: now) { effect in
        effect.record.intents += 1
        effect.unsettled += 1
      }
    case .result(let name, let json, let origin, let claim):
      if let claim, let holder = claimant(of: claim), holder != (job, name) {
        throw JobStoreError(
          code: .claimed, operation: "write", target: "job \(job)", cause: "job \(holder.job) holds '\(claim)'")
      }
      change(name, of: job, at: now) { effect in
        effect.record.result = json
        effect.record.origin = origin
        effect.unsettled = 0
        effect.claim = claim
      }
      if origin == .performed { return renewUnit(of: name, of: job, at: now) }
    case .refusal(let name):
      void(name, of: job)
      return giveBack(name, of: job, at: now)
    case .budgetSpent(let key, let retryAfter):
      learn(key, retryAfter: retryAfter, at: now)
      return [key]
    case .unknown(let name):
      effects[job]?[name]?.record.touchedAt = now
      return renewUnit(of: name, of: job, at: now)
    case .checkpoint(let key, let json): checkpoints[job, default: [:]][key] = json
    case .progress:
      jobs[job]?.crashes = 0
      losses.removeAll { $0.job == job }
    case .removal(let key): checkpoints[job]?[key] = nil
    case .answer, .partDone: break
    case .notes(let notes): closeAttempt(lease) { $0.notes += notes }
    case .record(let write): record([write], under: lease, at: now)
    }
    return []
  }

  private mutating func change(_ name: String, of job: JobID, at now: Timestamp, _ change: (inout Effect) -> Void) {
    let unheardOf = EffectRecord(name: name, firstIntendedAt: now, touchedAt: now, intents: 0)
    var effect = effects[job]?[name] ?? Effect(record: unheardOf, unsettled: 0, claim: nil)
    effect.record.touchedAt = now
    change(&effect)
    effects[job, default: [:]][name] = effect
  }

  /// Voids one intent; earlier ones of unknown outcome stay.
  private mutating func void(_ name: String, of job: JobID) {
    guard let effect = effects[job]?[name] else { return }
    if effect.unsettled > 1 || effect.record.result != nil {
      effects[job]?[name]?.unsettled = max(0, effect.unsettled - 1)
    } else {
      effects[job]?[name] = nil
    }
  }

  fileprivate func claimant(of claim: String) -> (job: JobID, effect: String)? {
    for (job, effects) in effects {
      for (name, effect) in effects where effect.claim == claim { return (job, name) }
    }
    return nil
  }
}
