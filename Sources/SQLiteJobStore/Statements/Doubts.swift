public import JobQueue

/// The statements about jobs whose requests may still take effect although they no longer hold their unique key.
enum DoubtStatements {
  /// Nearly always there are none: one step shows it. Uses `doubt_job`.
  static let any = "SELECT min(job) FROM doubt"

  static let ofKey = "SELECT job, finished_at FROM doubt JOIN job ON job.id = doubt.job WHERE doubt.unique_key = ?1"

  /// For rows that begin with the job's number.
  static let amongEnded = """
    SELECT doubt.job FROM rows(?1) AS ended CROSS JOIN doubt ON doubt.job = ended.c0
    """

  /// A job that holds its key for good has no successor to inform.
  static let raise = """
    INSERT INTO doubt (unique_key, job) SELECT unique_key, id FROM job
    WHERE id = ?1 AND unique_key IS NOT NULL AND key_is_permanent = 0
    ON CONFLICT DO NOTHING
    """

  /// Uses `doubt_job`.
  static let drop = "DELETE FROM doubt WHERE job = ?1"

  static let key = "SELECT unique_key FROM job WHERE id = ?1"

  static let intents = """
    SELECT name, first_intended_at, touched_at, intents, unsettled FROM effect
    WHERE job = ?1 AND result IS NULL AND unsettled > 0
    """

  /// Uses `effect_open`: few effects have no result.
  static let ofConcurrencyKey = """
    SELECT effect.job, name, first_intended_at, touched_at, intents, unsettled
    FROM effect CROSS JOIN job ON job.id = effect.job
    WHERE name = ?2 AND result IS NULL AND unsettled > 0 AND concurrency_key = ?1 AND effect.job <> ?3
    ORDER BY effect.job
    """

  static let attempts = "SELECT started_at, ended_at FROM attempt WHERE job = ?1 ORDER BY number"

  static let inherit = """
    INSERT INTO effect (job, name, first_intended_at, touched_at, intents, unsettled) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT DO UPDATE SET first_intended_at = ?3, touched_at = ?4, intents = ?5, unsettled = ?6 WHERE result IS NULL
    """

  static let checkpoints = """
    INSERT INTO checkpoint (job, key, json) SELECT ?2, key, json FROM checkpoint
    WHERE job = ?1 AND key >= ?3 || '/' AND key < ?3 || '0' ON CONFLICT DO NOTHING
    """

  /// Uses `budget_unit_effect`. If the heir already has such a unit, it keeps it; the other one expires by itself.
  static let units = """
    UPDATE OR IGNORE budget_unit SET job = ?2 WHERE job IS NOT NULL AND job = ?1 AND effect = ?3
    """

  static let await = """
    INSERT INTO awaited_end (job, predecessor) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET predecessor = ?2
    """

  static let awaited = "SELECT predecessor FROM awaited_end WHERE job = ?1"

  /// Uses `awaited_end_predecessor`.
  static let waiting = """
    SELECT job.id, job.run_at, job.unique_key FROM awaited_end CROSS JOIN job ON job.id = awaited_end.job
    WHERE predecessor = ?1
    """

  static let stopWaiting = "DELETE FROM awaited_end WHERE job = ?1"
}

extension SQLiteJobStore {
  /// The unanswered requests of the other jobs of a concurrency key.
  public func openIntents(
    ofKey concurrencyKey: String, effect: String, besides job: JobID
  ) async throws -> [EffectRecord] {
    try await reader.perform("openIntents") { connection in
      try connection.all(DoubtStatements.ofConcurrencyKey, concurrencyKey, effect, job) { row in
        (try row.next(JobID.self), try InheritedIntent.read(&row))
      }.map { job, intent in
        InheritedIntent(
          name: intent.name, firstIntendedAt: intent.firstIntendedAt, touchedAt: intent.touchedAt,
          intents: intent.intents, unsettled: intent.unsettled, attempts: try connection.attempts(of: job)
        ).record
      }
    }
  }
}

extension Connection {
  /// A job that no longer holds its unique key.
  private struct Former {
    let job: JobID
    let isFinished: Bool
  }

  /// Whether there are any doubts at all.
  func hasDoubts() throws -> Bool { (try value(DoubtStatements.any, as: Int?.self) ?? nil) != nil }

  private func formers(of key: String) throws -> [Former] {
    try all(DoubtStatements.ofKey, key) { row in
      Former(job: try row.next(), isFinished: try row.next(Timestamp?.self) != nil)
    }
  }

  /// The cancelled job of a key that is still running.
  func endingJob(of key: String?) throws -> JobID? {
    guard let key else { return nil }
    return try formers(of: key).first { !$0.isFinished }?.job
  }

  /// A running job was cancelled: it no longer holds its key.
  func raiseDoubt(of job: JobID) throws { try run(DoubtStatements.raise, job) }

  /// Makes a job wait for the end of its predecessor, or take over its intents if that has already ended.
  func follow(_ predecessor: JobID?, by job: JobID, key: String?, at now: Timestamp) throws {
    if let predecessor {
      try run(DoubtStatements.await, job, predecessor)
    } else {
      try takeOver(key, by: job, at: now)
    }
  }

  /// A job has ended. Its unanswered requests remain a doubt until the next job of its key takes them over; a job that
  /// waits for this end continues.
  func settleDoubt(of job: JobID, at now: Timestamp) throws {
    try run(DoubtStatements.stopWaiting, job)
    if try all(DoubtStatements.intents, job, row: InheritedIntent.read).isEmpty {
      try run(DoubtStatements.drop, job)
    } else {
      try run(DoubtStatements.raise, job)
    }
    let heirs = try all(DoubtStatements.waiting, job) { row in
      (heir: try BlockedJob.read(&row), key: try row.next(String?.self))
    }
    for (heir, key) in heirs {
      try run(DoubtStatements.stopWaiting, heir.id)
      try takeOver(key, by: heir.id, at: now)
      try updateBlocked(heir, at: now)
    }
  }

  /// The same for completed jobs, given as rows that begin with their numbers.
  func settleDoubts(ofDone done: RowBatch, at now: Timestamp) throws {
    guard try hasDoubts() else { return }
    for job in try all(DoubtStatements.amongEnded, done, row: { try $0.next(JobID.self) }) {
      try settleDoubt(of: job, at: now)
    }
  }

  /// Passes the intents without a result of the ended jobs of a key to the heir, with the units that they hold.
  private func takeOver(_ key: String?, by heir: JobID, at now: Timestamp) throws {
    guard let key else { return }
    for former in try formers(of: key) where former.isFinished && former.job != heir {
      let attempts = try attempts(of: former.job)
      let own = try all(DoubtStatements.intents, heir, row: InheritedIntent.read)
      for intent in try all(DoubtStatements.intents, former.job, row: InheritedIntent.read) {
        let known = InheritedIntent(
          name: intent.name, firstIntendedAt: intent.firstIntendedAt, touchedAt: intent.touchedAt,
          intents: intent.intents, unsettled: intent.unsettled, attempts: attempts)
        let both = known.merged(with: own.first { $0.name == intent.name })
        try run(
          DoubtStatements.inherit, heir, both.name, both.firstIntendedAt, both.touchedAt, both.intents, both.unsettled)
        try run(DoubtStatements.checkpoints, former.job, heir, both.name)
        try run(DoubtStatements.units, former.job, heir, both.name)
      }
      try run(DoubtStatements.drop, former.job)
    }
  }

  fileprivate func attempts(of job: JobID) throws -> [(startedAt: Timestamp, endedAt: Timestamp?)] {
    try all(DoubtStatements.attempts, job) { row in
      (startedAt: try row.next(Timestamp.self), endedAt: try row.next(Timestamp?.self))
    }
  }

  /// Why a job is blocked; nil if nothing blocks it.
  func obstacle(of job: JobID) throws -> String? {
    let awaited: JobID? = try value(DoubtStatements.awaited, job)
    return WaitReason.blocked(by: try parents(of: job), awaiting: awaited)
  }

  /// Releases a blocked job if nothing blocks it any more; otherwise updates the reason.
  func updateBlocked(_ job: BlockedJob, at now: Timestamp) throws {
    if let reason = try obstacle(of: job.id) {
      try run(CompleteStatements.explain, job.id, reason, now)
    } else {
      try run(CompleteStatements.release, job.id, JobRelease.state(runAt: job.runAt, at: now), now)
    }
  }
}

extension InheritedIntent {
  fileprivate static func read(_ row: inout Row) throws -> InheritedIntent {
    InheritedIntent(
      name: try row.next(), firstIntendedAt: try row.next(), touchedAt: try row.next(), intents: try row.next(),
      unsettled: try row.next())
  }
}
