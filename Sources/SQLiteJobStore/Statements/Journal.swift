import CSQLite
public import JobQueue

/// The statements for a running job's journal.
enum JournalStatements {
  static let intent = """
    INSERT INTO effect (job, name, first_intended_at, touched_at, intents, unsettled) VALUES (?1, ?2, ?3, ?3, 1, 1)
    ON CONFLICT DO UPDATE SET touched_at = ?3, intents = intents + 1, unsettled = unsettled + 1
    """

  static let result = """
    INSERT INTO effect (job, name, first_intended_at, touched_at, intents, unsettled, result, origin, claim)
    VALUES (?1, ?2, ?3, ?3, 0, 0, ?4, ?5, ?6)
    ON CONFLICT (job, name) DO UPDATE SET touched_at = ?3, unsettled = 0, result = ?4, origin = ?5, claim = ?6
    """

  /// The newest intent is void; an older one with an unknown outcome stays.
  static let refusal = "UPDATE effect SET unsettled = unsettled - 1 WHERE job = ?1 AND name = ?2 AND unsettled > 0"

  static let forget = "DELETE FROM effect WHERE job = ?1 AND name = ?2 AND unsettled = 0 AND result IS NULL"

  static let unknown = "UPDATE effect SET touched_at = ?3 WHERE job = ?1 AND name = ?2"

  static let checkpoint = """
    INSERT INTO checkpoint (job, key, json) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET json = ?3
    """

  static let survive = "UPDATE job SET crashes = 0 WHERE id = ?1 AND crashes > 0"

  static let removal = "DELETE FROM checkpoint WHERE job = ?1 AND key = ?2"

  static let effects = """
    SELECT name, first_intended_at, touched_at, intents, result, origin FROM effect WHERE job = ?1
    """

  static let checkpoints = "SELECT key, json FROM checkpoint WHERE job = ?1"

  /// Uses `effect_claim`.
  static let claimant = "SELECT job FROM effect WHERE claim = ?1 AND claim IS NOT NULL"
}

extension SQLiteJobStore {
  /// Writes journal entries of a running job.
  public func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws {
    try JobLimits.check(count: entries.count, of: "entries", "write")
    for entry in entries { try JobLimits.check(entry, of: lease.job) }
    let proves = entries.contains(where: \.provesAnAnswer)
    let movesLines = entries.contains(where: \.mayMoveLines)
    try await writer.perform("write", wakes: proves || movesLines) { connection in
      try connection.requireHeld(lease, "write")
      var moved: Set<BudgetKey> = []
      for entry in entries { moved.formUnion(try connection.write(entry, under: lease, at: now)) }
      // After all entries: what one entry gives back, the next may report as taken.
      try connection.advance(moved, at: now)
      if proves { try connection.getThrough(under: lease, by: entries, at: now) }
    }
  }

  /// What a job has recorded so far.
  public func journal(of job: JobID) async throws -> Journal {
    try await reader.perform("journal") { connection in
      let effects = try connection.all(JournalStatements.effects, job, row: EffectRecord.read)
      let checkpoints = try connection.all(JournalStatements.checkpoints, job) { row in
        (try row.next(String.self), try row.next(String.self))
      }
      return Journal(
        effects: Dictionary(effects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
        checkpoints: Dictionary(checkpoints, uniquingKeysWith: { first, _ in first }))
    }
  }

  /// The job whose recorded effect holds a claim.
  public func claimant(of claim: String) async throws -> JobID? {
    try await reader.perform("claimant") { try $0.value(JournalStatements.claimant, claim) }
  }
}

extension Connection {
  /// - Throws: ``JobStoreError`` `leaseLost` if the lease is not the job's newest one.
  func requireHeld(_ lease: Lease, _ operation: String) throws {
    let held: Bool? = try value(CompleteStatements.fence, lease.job, lease.owner, lease.token)
    guard held == nil else { return }
    throw JobStoreError(
      code: .leaseLost, operation: operation, target: "job \(lease.job)",
      cause: "lease \(lease.token) is no longer the newest one")
  }

  /// - Returns: the budgets whose units changed.
  fileprivate func write(_ entry: JournalEntry, under lease: Lease, at now: Timestamp) throws -> [BudgetKey] {
    let job = lease.job
    switch entry {
    case .intent(let effect): try run(JournalStatements.intent, job, effect, now)
    case .result(let effect, let json, let origin, let claim):
      do {
        try run(JournalStatements.result, job, effect, now, json, origin, claim)
      } catch let failure as SQLiteFailure where failure.isUniqueConflict {
        throw JobStoreError(
          code: .claimed, operation: "write", target: "job \(job)",
          cause: "another job already claims '\(claim ?? "")'")
      }
      // A thing that was found was created earlier, at an unknown time.
      if origin == .performed { return try renewUnit(of: effect, of: job, at: now) }
    case .refusal(let effect):
      try run(JournalStatements.refusal, job, effect)
      try run(JournalStatements.forget, job, effect)
      return try giveBack(effect, of: job, at: now)
    case .budgetSpent(let key, let retryAfter):
      try learn(key, retryAfter: retryAfter, at: now)
      return [key]
    case .unknown(let effect):
      try run(JournalStatements.unknown, job, effect, now)
      return try renewUnit(of: effect, of: job, at: now)
    case .checkpoint(let key, let json): try run(JournalStatements.checkpoint, job, key, json)
    case .progress:
      try run(JournalStatements.survive, job)
      try run(LossStatements.closeJob, job)
    case .removal(let key): try run(JournalStatements.removal, job, key)
    case .answer, .partDone: break
    case .notes(let notes): try add(notes, under: lease)
    case .record(let write): try record([write], under: lease, at: now)
    }
    return []
  }
}

extension SQLiteFailure {
  /// SQLITE_CONSTRAINT_UNIQUE, a compound macro in C.
  var isUniqueConflict: Bool { code == SQLITE_CONSTRAINT | (8 << 8) }
}
