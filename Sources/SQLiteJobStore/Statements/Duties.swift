public import JobQueue

/// The statements of the duties that every worker shares.
enum DutyStatements {
  /// Uses `job_due`.
  static let due = "SELECT id FROM job WHERE state = 'scheduled' AND run_at <= ?1 ORDER BY run_at LIMIT ?2"

  static let promote = "UPDATE job SET state = 'ready', wait_reason = NULL, updated_at = ?2 WHERE id = ?1"

  /// Uses `job_due`.
  static let nextDue = "SELECT min(run_at) FROM job WHERE state = 'scheduled'"

  /// Uses `job_lease`.
  static let expired = """
    SELECT id, crashes, cancel_requested, wait_reason FROM job WHERE state = 'running' AND lease_expires_at <= ?1
    ORDER BY lease_expires_at LIMIT ?2
    """

  /// Uses `job_lease`: few jobs run at a time. Those of `expired` are not among them.
  static let owned = """
    SELECT id, crashes, cancel_requested, wait_reason FROM job
    WHERE state = 'running' AND lease_owner = ?1 AND lease_expires_at > ?2 LIMIT ?3
    """

  static let takeBack = """
    UPDATE job SET state = ?2, crashes = crashes + 1, updated_at = ?3, finished_at = ?4, lease_owner = NULL,
      lease_expires_at = NULL, leased_at = NULL, cancel_requested = 0, wait_reason = ?5, failure_code = coalesce(?6, failure_code),
      failure = coalesce(?7, failure)
    WHERE id = ?1
    """

  static let announce = """
    INSERT INTO worker (id, host, pid, process_start, started_at, seen_at, queues) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT DO UPDATE SET seen_at = max(seen_at, ?6), queues = ?7
    """

  static let retire = "DELETE FROM worker WHERE id = ?1"

  /// Uses `job_finished`; a finished parent of an unfinished job stays.
  static let old = """
    SELECT id FROM job AS old WHERE \(Schema.isFinished) AND finished_at < ?1 AND NOT EXISTS (
      SELECT 1 FROM job_parent JOIN job AS child ON child.id = job_parent.child
      WHERE job_parent.parent = old.id AND child.\(Schema.isUnfinished))
    ORDER BY finished_at LIMIT ?2
    """

  static let delete = "DELETE FROM job WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Makes scheduled jobs that are due ready.
  public func promoteDue(at now: Timestamp, limit: Int) async throws -> Int {
    let limit = StoreLimits.clamped(limit)
    return try await writer.perform(
      "promote", wakes: true,
      atOnce: { connection in
        let jobs = try connection.all(DutyStatements.due, now, min(limit, 1), row: { try $0.next(JobID.self) })
        let gates = try connection.all(GateStatements.due, now, row: { try $0.next(String.self) })
        return jobs.isEmpty && gates.isEmpty ? 0 : nil
      }
    ) { connection in
      let due = try connection.all(DutyStatements.due, now, limit) { try $0.next(JobID.self) }
      for job in due { try connection.run(DutyStatements.promote, job, now) }
      return due.count + (try connection.letProbes(at: now))
    }
  }

  /// When the next scheduled job is due, or the next gate lets a probe through.
  public func nextDue() async throws -> Timestamp? {
    try await reader.perform("next due") { connection in
      let job = try connection.value(DutyStatements.nextDue, as: Timestamp?.self) ?? nil
      let gate = try connection.value(GateStatements.nextDue, as: Timestamp?.self) ?? nil
      return [job, gate].compactMap { $0 }.min()
    }
  }

  /// Takes jobs back from lost workers.
  public func reap(
    gone: [WorkerID], crashLimit: Int, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try StoreLimits.check(count: gone.count, of: "workers", "reap")
    let limit = StoreLimits.clamped(limit)
    return try await writer.perform(
      "reap", wakes: true,
      atOnce: { connection in
        let expired = try connection.all(DutyStatements.expired, now, min(limit, 1), row: LostJob.read)
        let owned = try gone.contains { worker in
          try !connection.all(DutyStatements.owned, worker, now, min(limit, 1), row: LostJob.read).isEmpty
        }
        return expired.isEmpty && !owned ? [:] : nil
      }
    ) { connection in
      var lost = try connection.all(DutyStatements.expired, now, limit, row: LostJob.read)
      for worker in gone where lost.count < limit {
        lost += try connection.all(DutyStatements.owned, worker, now, limit - lost.count, row: LostJob.read)
      }
      var states: [JobID: JobState] = [:]
      for job in lost { states[job.id] = try connection.takeBack(job, crashLimit: crashLimit, at: now) }
      return states
    }
  }

  /// Makes a worker known.
  public func announce(_ worker: WorkerRecord) async throws {
    let queues = try JSONText.encode(worker.queues)
    try await writer.perform("announce") { connection in
      _ = try connection.run(
        DutyStatements.announce, worker.id, worker.host, Int(worker.pid), worker.processStart, worker.startedAt,
        worker.seenAt, queues)
    }
  }

  /// Forgets workers that ended.
  public func retire(_ workers: [WorkerID]) async throws {
    try await writer.perform("retire") { connection in
      for worker in workers { try connection.run(DutyStatements.retire, worker) }
    }
  }

  /// Rows of jobs and their history that go in one commit: an upload in a thousand parts has a thousand and more, and
  /// others wait to write meanwhile.
  private static let prunedRows = 4000

  /// Removes old finished jobs.
  public func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    let limit = StoreLimits.clamped(limit)
    return try await writer.perform(
      "prune",
      atOnce: {
        try $0.all(DutyStatements.old, moment, min(limit, 1), row: { try $0.next(JobID.self) }).isEmpty ? 0 : nil
      }
    ) { connection in
      let old = try connection.all(DutyStatements.old, moment, limit) { try $0.next(JobID.self) }
      let before = connection.totalChanges
      var removed = 0
      for job in old where connection.totalChanges - before < Self.prunedRows {
        try connection.run(DutyStatements.delete, job)
        removed += 1
      }
      return removed
    }
  }

  /// An element after each commit, also one of another process.
  public func wakeUps() -> AsyncStream<Void> { bell.listen() }
}

/// A running job whose worker is lost.
private struct LostJob {
  let id: JobID
  let crashes: Int
  let cancelRequested: Bool
  let waitReason: String?

  static func read(_ row: inout Row) throws -> LostJob {
    LostJob(
      id: try row.next(), crashes: try row.next(), cancelRequested: try row.next(),
      waitReason: try row.next())
  }
}

extension Connection {
  fileprivate func takeBack(_ job: LostJob, crashLimit: Int, at now: Timestamp) throws -> JobState {
    let crashes = job.crashes + 1
    var failure: Failure?
    let state: JobState
    let why: String
    if job.cancelRequested {
      state = .cancelled
      why = job.waitReason ?? "called off while it was running"
    } else if crashes >= crashLimit {
      state = .dead
      why = "its worker was lost \(crashes) times"
      failure = Failure(
        code: "crash-limit", message: "its worker was lost \(crashes) times while running it",
        hint: "look at the workers' logs for what kills them, then retry the job")
    } else {
      state = .ready
      why = "its worker was lost; crash \(crashes) of \(crashLimit)"
    }
    let json = try failure.map { try JSONText.encode($0) }
    try run(CompleteStatements.endAttempt, job.id, now, AttemptOutcome.lost, json, Timestamp?.none, why)
    try run(
      DutyStatements.takeBack, job.id, state, now, state.isFinished ? now : nil, why, failure?.code, json)
    if state.isFinished {
      try tellChildren(of: job.id, at: now)
      try tellLine(of: job.id, in: state, at: now)
    }
    return state
  }
}
