public import JobQueue

/// The statements that bring jobs in.
enum Enqueue {
  /// Of rows of number, kind, queue, state, priority, payload with its version, unique key, labels, moment, attempts,
  /// reason to wait, gate and concurrency key. A unique key is settled by the index `job_unique`, never by looking first.
  static let insert = """
    INSERT INTO job (id, kind, queue, state, priority, payload, payload_version, unique_key, labels, run_at, max_attempts,
      wait_reason, gate, concurrency_key, created_at, updated_at)
    SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, ?2, ?2 FROM rows(?1) WHERE true
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND \(Schema.isUnfinished) DO NOTHING
    """

  /// The largest number that was ever given.
  static let newest = "SELECT seq FROM sqlite_sequence WHERE name = 'job'"

  static let inserted = "SELECT id FROM job WHERE id BETWEEN ?1 AND ?2"

  /// Uses `job_unique`.
  static let holder = """
    SELECT id, state FROM job WHERE unique_key = ?1 AND unique_key IS NOT NULL AND \(Schema.isUnfinished)
    """

  static let count = "INSERT INTO counter VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET jobs = jobs + ?3"

  static let uncount = "UPDATE counter SET jobs = jobs - ?3 WHERE queue = ?1 AND state = ?2"

  static let parent = "INSERT INTO job_parent (child, parent) VALUES (?1, ?2) ON CONFLICT DO NOTHING"

  static let state = "SELECT state FROM job WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Inserts jobs, all in one commit.
  public func enqueue(_ jobs: [NewJob], at now: Timestamp) async throws -> [EnqueueReceipt] {
    guard !jobs.isEmpty else { return [] }
    try StoreLimits.check(jobs)
    return try await writer.perform("enqueue", wakes: true) { connection in
      var arrivals = try Arrivals(of: jobs.count, at: now, on: connection)
      for job in jobs { try arrivals.add(job) }
      try arrivals.insert()
      let receipts = arrivals.receipts
      try connection.count(jobs, receipts)
      return receipts
    }
  }
}

extension Connection {
  /// Counts jobs that came to a state, from another one or new. The file's triggers count all other steps than those of a
  /// new job, to `running` and to `completed`.
  func count(_ jobs: Int, from former: JobState?, to state: JobState, in queue: String) throws {
    if let former { try run(Enqueue.uncount, queue, former, jobs) }
    try run(Enqueue.count, queue, state, jobs)
  }

  /// Counts the jobs that were inserted.
  fileprivate func count(_ jobs: [NewJob], _ receipts: [EnqueueReceipt]) throws {
    var counts: [String: [JobState: Int]] = [:]
    for (job, receipt) in zip(jobs, receipts) where !receipt.alreadyPresent {
      counts[job.queue, default: [:]][receipt.state, default: 0] += 1
    }
    for (queue, states) in counts {
      for (state, jobs) in states { try count(jobs, from: nil, to: state, in: queue) }
    }
  }

  func corrupt(_ cause: String) -> JobStoreError {
    JobStoreError(
      code: .corrupt, operation: "read", target: path, cause: cause,
      hint: "stop every worker, keep a copy of the file with its -wal and -shm, then restore a backup")
  }
}
