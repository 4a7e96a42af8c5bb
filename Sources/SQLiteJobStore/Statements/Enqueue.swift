public import JobQueue

/// The statements that insert jobs.
enum Enqueue {
  private static let columns = """
    kind, queue, state, priority, payload, payload_version, unique_key, labels, run_at, max_attempts, wait_reason, gate,
    concurrency_key, key_is_permanent
    """

  /// A unique key is decided by the index `job_unique`, never by looking first.
  private static let unlessPresent = """
    ON CONFLICT (unique_key) WHERE \(Schema.holdsKey) DO NOTHING
    """

  /// For the rows of ``JobInserter``; the first gets the number ?3.
  static let insert = """
    INSERT INTO job (\(columns), id, created_at, updated_at)
    SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, ?3 + rowid, ?2, ?2 FROM rows(?1) WHERE true
    \(unlessPresent)
    """

  /// For one such row: for a single job the plain statement costs less.
  static let insertOne = """
    INSERT INTO job (\(columns), created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)
    \(unlessPresent)
    """

  /// The largest number that was ever assigned.
  static let newest = "SELECT seq FROM sqlite_sequence WHERE name = 'job'"

  /// Rows that were not inserted used up their numbers nevertheless.
  static let giveBack = "UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'job'"

  static let inserted = "SELECT id FROM job WHERE id BETWEEN ?1 AND ?2"

  /// Uses `job_unique`.
  static let holder = """
    SELECT id, state, key_is_permanent FROM job WHERE unique_key = ?1 AND \(Schema.holdsKey)
    """

  static let count = "INSERT INTO counter VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET jobs = jobs + ?3"

  static let uncount = "UPDATE counter SET jobs = jobs - ?3 WHERE queue = ?1 AND state = ?2"

  static let parent = "INSERT INTO job_parent (child, parent) VALUES (?1, ?2) ON CONFLICT DO NOTHING"

  static let state = "SELECT state FROM job WHERE id = ?1"
}

/// Jobs with everything prepared that does not need the file: others wait for the turn to write.
struct EnqueueBatch: Sendable {
  private let jobs: [NewJob]
  /// Nil if a job has a parent, which must be looked up.
  private let rows: RowBatch?
  private let records: [RecordWrite]
  private let now: Timestamp

  init(_ jobs: [NewJob], recording records: [RecordWrite] = [], at now: Timestamp) throws {
    try JobLimits.check(jobs)
    try JobLimits.check(records, "enqueue")
    self.jobs = jobs
    self.records = records
    self.now = now
    rows = try JobInserter.rowsOfJobsWithoutParents(jobs, at: now)
  }

  /// Whether there is nothing to write.
  var isEmpty: Bool { jobs.isEmpty && records.isEmpty }

  /// Inserts the jobs and writes the records, in the open transaction.
  func insert(on connection: Connection) throws -> [EnqueueReceipt] {
    var arrivals = try JobInserter(of: jobs.count, at: now, on: connection)
    if let rows, !arrivals.hasDoubts {
      try arrivals.insert(jobs, as: rows)
    } else {
      for job in jobs { try arrivals.add(job) }
      try arrivals.insert()
    }
    try connection.count(jobs, arrivals.receipts)
    let hasNewJob = arrivals.receipts.contains { !$0.alreadyPresent }
    try connection.record(
      records.filter { $0.isWritten(hasNewJob: hasNewJob) }, by: arrivals.receipts.first?.id, "enqueue", at: now)
    return arrivals.receipts
  }
}

extension SQLiteJobStore {
  /// Inserts jobs and writes records, all in one commit.
  public func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt] {
    try await enqueue(EnqueueBatch(jobs, recording: records, at: now))
  }

  /// Inserts jobs part by part, and prepares each part while the previous one is being written.
  public func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    func ready() throws -> EnqueueBatch? { try next().map { try EnqueueBatch($0, at: now()) } }
    var receipts: [EnqueueReceipt] = []
    var part = try ready()
    while let current = part {
      async let written = enqueue(current)
      let following = Result { try ready() }
      // The part being written first: its jobs are acknowledged, or its failure is the one to report.
      receipts += try await written
      part = try following.get()
    }
    return receipts
  }

  private func enqueue(_ batch: EnqueueBatch) async throws -> [EnqueueReceipt] {
    guard !batch.isEmpty else { return [] }
    return try await writer.perform("enqueue", wakes: true) { try batch.insert(on: $0) }
  }
}

extension Connection {
  /// Counts jobs that entered a state, from another one or new. The file's triggers count all other changes: all but
  /// new jobs, and changes to `running` and to `completed`.
  func count(_ jobs: Int, from former: JobState?, to state: JobState, in queue: String) throws {
    if let former { try run(Enqueue.uncount, queue, former, jobs) }
    try run(Enqueue.count, queue, state, jobs)
  }

  /// Counts the jobs that were inserted.
  fileprivate func count(_ jobs: [NewJob], _ receipts: [EnqueueReceipt]) throws {
    var counts: [String: [JobState: Int]] = [:]
    var (queue, state, alike) = ("", JobState.ready, 0)
    for (job, receipt) in zip(jobs, receipts) where !receipt.alreadyPresent {
      // Most are like the previous one.
      if alike > 0, state != receipt.state || queue != job.queue {
        counts[queue, default: [:]][state, default: 0] += alike
        alike = 0
      }
      (queue, state) = (job.queue, receipt.state)
      alike += 1
    }
    if alike > 0 { counts[queue, default: [:]][state, default: 0] += alike }
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
