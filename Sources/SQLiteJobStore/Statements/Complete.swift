public import JobQueue

/// The statements that record how attempts ended.
enum CompleteStatements {
  /// By the primary key; the other terms are the fence.
  static let fence = """
    SELECT cancel_requested, wait_reason FROM job WHERE id = ?1 AND state = 'running' AND lease_owner = ?2 AND token = ?3
    """

  /// The same for rows of number, owner and token.
  static let held = """
    SELECT lease.rowid, cancel_requested, wait_reason, gate, queue FROM rows(?1) AS lease CROSS JOIN job
    ON job.id = lease.c0 AND state = 'running' AND lease_owner = lease.c1 AND token = lease.c2
    """

  /// The usual end, for rows of number and output; it touches no more columns, and so no more indexes, than necessary.
  static let done = """
    UPDATE job SET state = 'completed', updated_at = ?2, finished_at = ?2, lease_owner = NULL, lease_expires_at = NULL,
      leased_at = NULL, cancel_requested = 0, wait_reason = NULL, output = ended.c1
    FROM rows(?1) AS ended WHERE job.id = ended.c0
    """

  /// Run before ``done``, which removes the lease from the job's row.
  static let doneAttempts = """
    INSERT INTO attempt (job, number, worker, started_at, ended_at, outcome)
    SELECT id, token, lease_owner, leased_at, ?2, '\(AttemptOutcome.completed.rawValue)' FROM rows(?1) AS ended
    CROSS JOIN job ON job.id = ended.c0
    """

  static let end = """
    UPDATE job SET state = ?2, run_at = coalesce(?3, run_at), updated_at = ?4, finished_at = ?5,
      failures = failures + ?6, lease_owner = NULL, lease_expires_at = NULL, leased_at = NULL, cancel_requested = 0,
      wait_reason = ?7, failure_code = coalesce(?8, failure_code), failure = coalesce(?9, failure)
    WHERE id = ?1
    """

  /// Run before ``end``, which removes the lease from the job's row.
  static let endAttempt = """
    INSERT INTO attempt (job, number, worker, started_at, ended_at, outcome, failure, next_run_at, why)
    SELECT id, token, lease_owner, leased_at, ?2, ?3, ?4, ?5, ?6 FROM job WHERE id = ?1
    """

  static let note = "INSERT INTO note (job, attempt, at, text) VALUES (?1, ?2, ?3, ?4)"

  /// Uses `job_child`.
  static let children = """
    SELECT child, job.run_at FROM job_parent JOIN job ON job.id = child WHERE parent = ?1 AND job.state = 'blocked'
    """

  /// The same for the parents in rows that begin with the number; a child is listed once for each of its parents.
  static let childrenOfAny = """
    SELECT child, job.run_at FROM rows(?1) AS ended CROSS JOIN job_parent ON job_parent.parent = ended.c0
    CROSS JOIN job ON job.id = child WHERE job.state = 'blocked'
    """

  /// Uses the primary key of `job_parent`.
  static let parents = """
    SELECT job.id, job.state FROM job_parent JOIN job ON job.id = parent WHERE child = ?1 ORDER BY parent
    """

  static let release = """
    UPDATE job SET state = ?2, updated_at = ?3, wait_reason = NULL WHERE id = ?1 AND state = 'blocked'
    """

  static let explain = "UPDATE job SET wait_reason = ?2, updated_at = ?3 WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Records how attempts ended, in one commit.
  public func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    guard !completions.isEmpty else { return [] }
    try JobLimits.check(completions)
    return try await writer.perform("complete", wakes: true) { try $0.end(completions, at: now) }
  }

  /// Records how attempts ended and leases the next jobs, in one commit.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    try JobLimits.check(completions)
    try JobLimits.check(count: request.limits.count, of: "queues", "lease")
    let limits = request.limits.filter { $0.count > 0 }
    return try await writer.perform("complete", wakes: true) { connection in
      (receipts: try connection.end(completions, at: now), leased: try connection.lease(limits, request, at: now))
    }
  }
}

extension Connection {
  /// The facts about a lease that passes the fence.
  private struct Held {
    let cancel: CancelRequest?
    let gate: String?
    let queue: String
  }

  func end(_ completions: [Completion], at now: Timestamp) throws -> [CompletionReceipt] {
    var held = try held(completions.map(\.lease))
    var receipts: [CompletionReceipt] = []
    receipts.reserveCapacity(completions.count)
    var done = RowBatch(width: 2, rows: completions.count)
    var doneOf: [String: Int] = [:]
    for completion in completions {
      // If a lease is ended twice, the second end is too late.
      guard let held = held.removeValue(forKey: completion.lease) else {
        receipts.append(.leaseLost)
        continue
      }
      try add(completion.notes, under: completion.lease)
      try record(completion.records, under: completion.lease, at: now)
      var end = AttemptEnd(completion, hasGate: held.gate != nil, cancel: held.cancel)
      if let gate = held.gate { try updateGate(gate, of: &end, at: now) }
      if let output = end.output {
        done.add(end.lease.job, output)
        doneOf[held.queue, default: 0] += 1
        receipts.append(.recorded(.completed))
      } else {
        try record(end, at: now)
        receipts.append(end.receipt(at: now))
      }
    }
    if !done.isEmpty { try complete(done, at: now) }
    for (queue, jobs) in doneOf { try count(jobs, from: .running, to: .completed, in: queue) }
    return receipts
  }

  private func held(_ leases: [Lease]) throws -> [Lease: Held] {
    let batch = RowBatch(leases) { ($0.job, $0.owner, $0.token) }
    let rows = try all(CompleteStatements.held, batch) { row in
      (
        try row.next(Int.self),
        Held(
          cancel: CancelRequest(isRequested: try row.next(), reason: try row.next()), gate: named(try row.next()),
          queue: try row.next())
      )
    }
    var held: [Lease: Held] = [:]
    held.reserveCapacity(rows.count)
    for (index, row) in rows { held[leases[index]] = row }
    return held
  }

  /// - Parameter done: number and output of jobs whose lease is held.
  private func complete(_ done: RowBatch, at now: Timestamp) throws {
    try run(CompleteStatements.doneAttempts, done, now)
    try run(CompleteStatements.done, done, now)
    try updateLines(ofDone: done, at: now)
    try settleDoubts(ofDone: done, at: now)
    let children = try all(CompleteStatements.childrenOfAny, done, row: BlockedJob.read)
    for child in Set(children).sorted(by: { $0.id < $1.id }) { try updateBlocked(child, at: now) }
  }

  private func record(_ end: AttemptEnd, at now: Timestamp) throws {
    let job = end.lease.job
    let state = end.state(at: now)
    let failure = try end.failure.map { try JSONText.encode($0) }
    try run(CompleteStatements.endAttempt, job, now, end.word, failure, end.nextRun, end.why)
    try run(
      CompleteStatements.end, job, state, end.nextRun, now, state.isFinished ? now : nil, end.failures, end.why,
      end.failure?.code, failure)
    if state.isFinished {
      try notifyChildren(of: job, at: now)
      try settleDoubt(of: job, at: now)
    }
    try updateLine(of: job, in: state, at: now)
  }

  func add(_ notes: [Note], under lease: Lease) throws {
    for note in notes { try run(CompleteStatements.note, lease.job, lease.token, note.at, note.text) }
  }

  /// Releases the children that waited for nothing else, or updates the reason why the others still wait.
  func notifyChildren(of parent: JobID, at now: Timestamp) throws {
    for child in try all(CompleteStatements.children, parent, row: BlockedJob.read) {
      try updateBlocked(child, at: now)
    }
  }

  func parents(of child: JobID) throws -> [(id: JobID, state: JobState)] {
    try all(CompleteStatements.parents, child) { (id: try $0.next(JobID.self), state: try $0.next(JobState.self)) }
  }
}

/// A blocked job, and the time from which it may run.
struct BlockedJob: Hashable {
  let id: JobID
  let runAt: Timestamp

  static func read(_ row: inout Row) throws -> BlockedJob { BlockedJob(id: try row.next(), runAt: try row.next()) }
}
