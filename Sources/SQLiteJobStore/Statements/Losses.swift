public import JobQueue

/// The statements that take jobs back from lost workers.
enum LossStatements {
  private static let lost = "id, lease_owner, token, crashes, cancel_requested, wait_reason"

  /// Uses `job_lease`.
  static let expired = """
    SELECT \(lost) FROM job WHERE state = 'running' AND lease_expires_at <= ?1 ORDER BY lease_expires_at LIMIT ?2
    """

  /// Uses `job_lease`: few jobs run at a time. The jobs of `expired` are not included.
  static let owned = """
    SELECT \(lost) FROM job WHERE state = 'running' AND lease_owner = ?1 AND lease_expires_at > ?2 LIMIT ?3
    """

  /// Uses `job_lease`.
  static let running = "SELECT \(lost) FROM job WHERE state = 'running'"

  static let takeBack = """
    UPDATE job SET state = ?2, crashes = ?3, updated_at = ?4, finished_at = ?5, lease_owner = NULL,
      lease_expires_at = NULL, leased_at = NULL, cancel_requested = 0, wait_reason = ?6,
      failure_code = coalesce(?7, failure_code), failure = coalesce(?8, failure)
    WHERE id = ?1
    """

  static let open = "INSERT INTO open_loss (job, attempt, worker, due_at) VALUES (?1, ?2, ?3, ?4)"

  /// Uses `open_loss_due`.
  static let due = "SELECT job, attempt, worker, due_at FROM open_loss WHERE due_at <= ?1 ORDER BY due_at"

  /// Uses `open_loss_worker`.
  static let ofWorker = "SELECT job, attempt, worker, due_at FROM open_loss WHERE worker = ?1"

  static let close = "DELETE FROM open_loss WHERE job = ?1 AND attempt = ?2"

  static let closeJob = "DELETE FROM open_loss WHERE job = ?1"

  /// Uses `open_loss_worker`.
  static let closeWorker = "DELETE FROM open_loss WHERE worker = ?1"

  static let standing = "SELECT state, crashes FROM job WHERE id = ?1"

  static let count = "UPDATE job SET crashes = ?2 WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Takes jobs back from lost workers.
  public func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try JobLimits.check(count: sightings.gone.count, of: "workers", "reap")
    let limit = JobLimits.clamped(limit)
    return try await writer.perform(
      "reap", wakes: true,
      fastPath: { connection in
        let isQuiet =
          try connection.lostJobs(sightings.gone, limit: min(limit, 1), at: now).isEmpty
          && connection.crashes(sightings, at: now).isEmpty
        return isQuiet ? [:] : nil
      }
    ) { connection in
      var states: [JobID: JobState] = [:]
      for loss in try connection.crashes(sightings, at: now) {
        states[loss.job] = try connection.countCrash(loss, limit: terms.crashLimit, at: now)
      }
      for job in try connection.lostJobs(sightings.gone, limit: limit, at: now) {
        let verdict = job.takenBack(sightings, terms: terms, at: now)
        try connection.takeBack(job, verdict, at: now)
        states[job.id] = verdict.state
      }
      return states
    }
  }
}

extension OpenLoss {
  fileprivate static func read(_ row: inout Row) throws -> OpenLoss {
    OpenLoss(job: try row.next(), attempt: try row.next(), worker: try row.next(), due: try row.next())
  }
}

extension LostJob {
  fileprivate static func read(_ row: inout Row) throws -> LostJob {
    LostJob(
      id: try row.next(), owner: try row.next(), attempt: try row.next(), crashes: try row.next(),
      cancel: CancelRequest(isRequested: try row.next(), reason: try row.next()))
  }
}

extension Connection {
  fileprivate func lostJobs(_ gone: [WorkerID], limit: Int, at now: Timestamp) throws -> [LostJob] {
    var lost = try all(LossStatements.expired, now, limit, row: LostJob.read)
    for worker in gone where lost.count < limit {
      lost += try all(LossStatements.owned, worker, now, limit - lost.count, row: LostJob.read)
    }
    return lost
  }

  /// All running jobs.
  func runningJobs() throws -> [LostJob] { try all(LossStatements.running, row: LostJob.read).sorted { $0.id < $1.id } }

  /// The open losses that turn out to be crashes: those of workers that are gone, and of workers that were silent for
  /// too long and that nobody sees alive.
  fileprivate func crashes(_ sightings: WorkerSightings, at now: Timestamp) throws -> [OpenLoss] {
    var losses = try all(LossStatements.due, now, row: OpenLoss.read)
    for worker in sightings.gone { losses += try all(LossStatements.ofWorker, worker, row: OpenLoss.read) }
    var seen: Set<OpenLoss> = []
    return losses.filter { $0.isCrash(sightings, at: now) && seen.insert($0).inserted }
  }

  /// - Returns: the job's state if it is given up because of the crash.
  fileprivate func countCrash(_ loss: OpenLoss, limit: Int, at now: Timestamp) throws -> JobState? {
    try run(LossStatements.close, loss.job, loss.attempt)
    let standing = try first(LossStatements.standing, loss.job) { row in
      (state: try row.next(JobState.self), crashes: try row.next(Int.self))
    }
    switch OpenLoss.crashed(in: standing?.state, crashes: standing?.crashes ?? 0, limit: limit) {
    case .nothing: return nil
    case .counted(let crashes):
      try run(LossStatements.count, loss.job, crashes)
      return nil
    case .ended(let verdict):
      try follow(verdict, of: loss.job, at: now)
      return verdict.state
    }
  }

  func takeBack(
    _ job: LostJob, _ verdict: LostJob.Verdict, at now: Timestamp
  ) throws {
    let failure = try verdict.failure.map { try JSONText.encode($0) }
    try run(CompleteStatements.endAttempt, job.id, now, AttemptOutcome.lost, failure, Timestamp?.none, verdict.why)
    try follow(verdict, of: job.id, at: now)
    if let loss = verdict.openLoss { try run(LossStatements.open, loss.job, loss.attempt, loss.worker, loss.due) }
  }

  private func follow(_ verdict: LostJob.Verdict, of job: JobID, at now: Timestamp) throws {
    let state = verdict.state
    let failure = try verdict.failure.map { try JSONText.encode($0) }
    try run(
      LossStatements.takeBack, job, state, verdict.crashes, now, state.isFinished ? now : nil, verdict.why,
      verdict.failure?.code, failure)
    guard state.isFinished else { return }
    try notifyChildren(of: job, at: now)
    try settleDoubt(of: job, at: now)
    try updateLine(of: job, in: state, at: now)
  }
}
