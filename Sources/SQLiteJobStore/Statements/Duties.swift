public import JobQueue

/// The statements of the duties that every worker shares.
enum DutyStatements {
  /// Uses `job_due`.
  static let due = "SELECT id FROM job WHERE state = 'scheduled' AND run_at <= ?1 ORDER BY run_at LIMIT ?2"

  static let promote = "UPDATE job SET state = 'ready', wait_reason = NULL, updated_at = ?2 WHERE id = ?1"

  /// Uses `job_due`.
  static let nextDue = "SELECT min(run_at) FROM job WHERE state = 'scheduled'"

  static let announce = """
    INSERT INTO worker (id, host, pid, process_start, started_at, seen_at, queues) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT DO UPDATE SET seen_at = max(seen_at, ?6), queues = ?7
    """

  static let retire = "DELETE FROM worker WHERE id = ?1"

  /// Uses `job_finished`, which lacks the jobs that hold their unique key for good; a finished parent of an unfinished
  /// job stays, and so does, for an hour more, a job with an intent whose outcome nobody knows.
  static let old = """
    SELECT id FROM job AS old WHERE \(Schema.isRemovable) AND finished_at < ?1 AND NOT EXISTS (
      SELECT 1 FROM job_parent JOIN job AS child ON child.id = job_parent.child
      WHERE job_parent.parent = old.id AND child.\(Schema.isUnfinished))
      AND (finished_at < ?3 OR NOT EXISTS (
        SELECT 1 FROM effect WHERE effect.job = old.id AND result IS NULL AND unsettled > 0))
    ORDER BY finished_at LIMIT ?2
    """

  static let delete = "DELETE FROM job WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Makes scheduled jobs that are due ready.
  public func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion {
    let limit = JobLimits.clamped(limit)
    // Called after every commit by anybody, and nearly always there is nothing to do: this does not disturb writers.
    let next = try await nextDue()
    guard let next, next <= now else { return Promotion(count: 0, next: next) }
    return try await writer.perform(
      "promote", wakes: true,
      // Several workers see at the same time what is due, and the first one promotes it.
      fastPath: { connection in
        let next = try connection.nextDue()
        return next.map { $0 > now } ?? true ? Promotion(count: 0, next: next) : nil
      }
    ) { connection in
      let due = try connection.all(DutyStatements.due, now, limit) { try $0.next(JobID.self) }
      for job in due { try connection.run(DutyStatements.promote, job, now) }
      let count = due.count + (try connection.letProbes(at: now))
      return Promotion(count: count, next: try connection.nextDue())
    }
  }

  /// When the next scheduled job is due, or the next gate lets a probe through.
  public func nextDue() async throws -> Timestamp? {
    try await reader.perform("next due") { try $0.nextDue() }
  }

  /// The workers that announced themselves.
  public func workers() async throws -> [WorkerRecord] {
    try await reader.perform("workers") { try $0.workers() }
  }

  /// Registers a worker.
  public func announce(_ worker: WorkerRecord) async throws {
    let queues = try JSONText.encode(worker.queues)
    try await writer.perform("announce") { connection in
      _ = try connection.run(
        DutyStatements.announce, worker.id, worker.host, Int(worker.pid), worker.processStart, worker.startedAt,
        worker.seenAt, queues)
      _ = try connection.run(LossStatements.closeWorker, worker.id)
    }
  }

  /// Forgets workers that ended.
  public func retire(_ workers: [WorkerID]) async throws {
    try await writer.perform("retire") { connection in
      for worker in workers {
        try connection.run(DutyStatements.retire, worker)
        try connection.run(LossStatements.closeWorker, worker)
      }
    }
  }

  /// Removes old finished jobs.
  public func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    let limit = JobLimits.clamped(limit)
    return try await writer.perform(
      "prune",
      fastPath: {
        try $0.all(
          DutyStatements.old, moment, min(limit, 1), moment - InheritedIntent.retention,
          row: { try $0.next(JobID.self) }
        ).isEmpty ? 0 : nil
      }
    ) { try $0.prune(finishedBefore: moment, limit: limit) }
  }

  /// Removes old finished jobs for an operator.
  public func prune(
    finishedBefore moment: Timestamp, limit: Int, by author: Operator, at now: Timestamp
  ) async throws -> Int {
    let limit = JobLimits.clamped(limit)
    return try await writer.perform("prune") { connection in
      let removed = try connection.prune(finishedBefore: moment, limit: limit)
      let filter = author.filter ?? "finished before \(moment.milliseconds)"
      try connection.audit(part: .prune, filter, count: removed, by: author, at: now)
      return removed
    }
  }

  /// Yields an element after each commit, including those of other processes.
  public func wakeUps() -> AsyncStream<Void> { bell.listen() }
}

extension Connection {
  /// How many rows of jobs and their history are removed in one commit: an upload in a thousand parts has more than a
  /// thousand, and others wait to write meanwhile.
  private static let prunedRows = 4000

  fileprivate func prune(finishedBefore moment: Timestamp, limit: Int) throws -> Int {
    let old = try all(DutyStatements.old, moment, limit, moment - InheritedIntent.retention) {
      try $0.next(JobID.self)
    }
    let before = totalChanges
    var removed = 0
    for job in old where totalChanges - before < Self.prunedRows {
      try run(DutyStatements.delete, job)
      removed += 1
    }
    return removed
  }

  fileprivate func nextDue() throws -> Timestamp? {
    let job = try value(DutyStatements.nextDue, as: Timestamp?.self) ?? nil
    let gate = try value(GateStatements.nextDue, as: Timestamp?.self) ?? nil
    return [job, gate].compactMap { $0 }.min()
  }
}
