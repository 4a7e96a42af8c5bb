public import JobQueue

/// The statements that bring jobs in.
enum Enqueue {
  /// A unique key is settled by the index `job_unique`, never by looking first.
  static let insert = """
    INSERT INTO job (kind, queue, state, priority, payload, payload_version, unique_key, labels, run_at, created_at,
      updated_at, max_attempts, wait_reason, gate, concurrency_key)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?13, ?14)
    ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND \(Schema.isUnfinished) DO NOTHING
    """

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
      var receipts: [EnqueueReceipt] = []
      receipts.reserveCapacity(jobs.count)
      for job in jobs { receipts.append(try connection.insert(job, after: receipts, at: now)) }
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

  fileprivate func insert(_ job: NewJob, after receipts: [EnqueueReceipt], at now: Timestamp) throws -> EnqueueReceipt {
    let parents = try job.parents.map { try parent($0, receipts) }
    let runAt = job.runAt.map { max($0, now) } ?? now
    let unfinished = parents.filter { $0.state != .completed }
    let state: JobState = unfinished.isEmpty ? (runAt > now ? .scheduled : .ready) : .blocked
    let labels = job.labels.isEmpty ? nil : try JSONText.encode(job.labels)
    let inserted = try insert(
      Enqueue.insert, job.kind, job.queue, state, job.priority, job.payload, job.payloadVersion, job.uniqueKey, labels,
      runAt, now, job.maxAttempts, WaitReason.blocked(by: unfinished), job.gate ?? "", job.concurrencyKey ?? "")
    guard let inserted = inserted.map({ JobID($0) }) else {
      let holder = try first(Enqueue.holder, job.uniqueKey) { row in
        EnqueueReceipt(id: try row.next(), state: try row.next(), alreadyPresent: true)
      }
      guard let holder else { throw corrupt("a unique key is held by no job") }
      return holder
    }
    for parent in parents { try run(Enqueue.parent, inserted, parent.id) }
    return EnqueueReceipt(id: inserted, state: state, alreadyPresent: false)
  }

  private func parent(_ parent: NewJob.Parent, _ receipts: [EnqueueReceipt]) throws -> (id: JobID, state: JobState) {
    let id: JobID
    switch parent {
    case .job(let known): id = known
    case .batch(let index):
      guard receipts.indices.contains(index) else {
        throw JobStoreError(
          code: .noSuchParent, operation: "enqueue", target: "job \(index) of the batch",
          cause: "a parent stands earlier in the batch than its child")
      }
      id = receipts[index].id
    }
    guard let state: JobState = try value(Enqueue.state, id) else {
      throw JobStoreError(
        code: .noSuchParent, operation: "enqueue", target: "job \(id)", cause: "there is no such job to wait for")
    }
    return (id, state)
  }

  func corrupt(_ cause: String) -> JobStoreError {
    JobStoreError(
      code: .corrupt, operation: "read", target: path, cause: cause,
      hint: "stop every worker, keep a copy of the file with its -wal and -shm, then restore a backup")
  }
}
