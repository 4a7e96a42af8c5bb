public import JobQueue

/// The statements that only read.
enum QueryStatements {
  /// The attempts that ended, and the running one, which is the newest.
  static let attempts = """
    SELECT job, number, worker, started_at, ended_at, outcome, failure, next_run_at, why FROM attempt WHERE job = ?1
    UNION ALL
    SELECT id, token, lease_owner, leased_at, NULL, NULL, NULL, NULL, NULL FROM job WHERE id = ?1 AND state = 'running'
    ORDER BY 2
    """

  /// Uses `note_of_attempt`.
  static let notes = "SELECT attempt, at, text FROM note WHERE job = ?1 ORDER BY attempt, rowid"

  static let parents = "SELECT parent FROM job_parent WHERE child = ?1 ORDER BY parent"

  /// Uses `job_child`.
  static let children = "SELECT child FROM job_parent WHERE parent = ?1 ORDER BY child"

  /// For the blocked jobs among rows of numbers, and for all blocked jobs that these wait for, each parent with its
  /// state.
  static let waits = """
    WITH RECURSIVE waiting (id) AS (
      SELECT id FROM rows(?1) AS asked CROSS JOIN job ON job.id = asked.c0 WHERE state = 'blocked'
      UNION
      SELECT parent FROM waiting CROSS JOIN job_parent ON child = waiting.id CROSS JOIN job ON job.id = parent
      WHERE state = 'blocked'
    )
    SELECT child, parent, state FROM waiting CROSS JOIN job_parent ON child = waiting.id
    CROSS JOIN job ON job.id = parent
    """

  static let outputs = """
    SELECT job.id, job.kind, job.output FROM job_parent JOIN job ON job.id = parent
    WHERE child = ?1 AND job.state = 'completed' AND job.output IS NOT NULL ORDER BY parent
    """

  static let readyCount = "SELECT coalesce(sum(jobs), 0) FROM counter WHERE state = 'ready'"

  /// Uses `job_created`; counts no further than necessary.
  static let countSince = "SELECT count(*) FROM (SELECT 1 FROM job WHERE created_at >= ?1 LIMIT ?2)"

  static let counts = "SELECT queue, state, jobs FROM counter WHERE jobs > 0"

  /// Uses `job_claim`: only the first job of each priority in a lane, so that no index over the times of ready jobs has
  /// to be maintained with every lease.
  static let oldestInLane = """
    WITH RECURSIVE line (priority) AS (
      SELECT (
        SELECT priority FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 AND concurrency_key = ?3
        ORDER BY priority DESC LIMIT 1)
      UNION ALL
      SELECT (
        SELECT priority FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 AND concurrency_key = ?3
          AND job.priority < line.priority ORDER BY priority DESC LIMIT 1)
      FROM line WHERE priority IS NOT NULL
    )
    SELECT min((
      SELECT run_at FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 AND concurrency_key = ?3
        AND job.priority = line.priority ORDER BY run_at LIMIT 1))
    FROM line WHERE priority IS NOT NULL
    """

  static let workers = """
    SELECT id, host, pid, process_start, started_at, seen_at, queues FROM worker ORDER BY started_at, id
    """
}

extension SQLiteJobStore {
  /// The outputs of a job's completed parents.
  public func parentOutputs(of job: JobID) async throws -> [ParentOutput] {
    try await reader.perform("parent outputs") { connection in
      try connection.all(QueryStatements.outputs, job) { row in
        ParentOutput(job: try row.next(), kind: try row.next(), output: try row.next())
      }
    }
  }

  /// Jobs, newest first.
  public func jobs(_ query: JobQuery) async throws -> [Job] {
    try await reader.perform("jobs") { connection in
      let (sql, values) = try JobSelection.statement(for: query, among: try connection.crowds(for: query))
      return try connection.all(once: sql, list: values.map(\.column), row: Job.read)
    }
  }

  /// The attempts of a job, oldest first.
  public func attempts(of job: JobID) async throws -> [Attempt] {
    try await reader.perform("attempts") { connection in
      var notes: [Int64: [Note]] = [:]
      let rows = try connection.all(QueryStatements.notes, job) { row in
        (try row.next(Int64.self), Note(at: try row.next(), text: try row.next()))
      }
      for (attempt, note) in rows { notes[attempt, default: []].append(note) }
      return try connection.all(QueryStatements.attempts, job) { row in
        var attempt = Attempt(
          job: try row.next(), number: try row.next(), worker: try row.next(), startedAt: try row.next(),
          endedAt: try row.next(), outcome: try row.next(), failure: try decoded(row.next(String?.self)),
          nextRunAt: try row.next(), why: try row.next())
        attempt.notes = notes[attempt.number] ?? []
        return attempt
      }
    }
  }

  /// The numbers of a job's parents and children.
  public func relatives(of job: JobID) async throws -> (parents: [JobID], children: [JobID]) {
    try await reader.perform("relatives") { connection in
      (
        parents: try connection.all(QueryStatements.parents, job) { try $0.next(JobID.self) },
        children: try connection.all(QueryStatements.children, job) { try $0.next(JobID.self) }
      )
    }
  }

  /// Which of these jobs are blocked until an operator acts.
  public func needingOperator(among jobs: [JobID]) async throws -> Set<JobID> {
    let waits = try await reader.perform("stuck jobs") { connection in
      try connection.all(QueryStatements.waits, RowBatch(jobs) { $0.rawValue }) { row in
        (child: try row.next(JobID.self), parent: try row.next(JobID.self), state: try row.next(JobState.self))
      }
    }
    var stuck: Set<JobID> = []
    // A parent exists before its child and has the smaller number.
    for wait in waits.sorted(by: { $0.child < $1.child }) where wait.state.needsPerson || stuck.contains(wait.parent) {
      stuck.insert(wait.child)
    }
    return stuck.intersection(jobs)
  }

  /// The state of the store.
  public func status() async throws -> QueueStatus {
    try await reader.perform("status") { connection in
      var counts: [String: [String: Int]] = [:]
      let rows = try connection.all(QueryStatements.counts) { row in
        (try row.next(String.self), try row.next(String.self), try row.next(Int.self))
      }
      for (queue, state, jobs) in rows { counts[queue, default: [:]][state] = jobs }
      return QueueStatus(
        counts: counts, oldestReady: try connection.oldestReady(),
        nextDue: try connection.value(DutyStatements.nextDue, as: Timestamp?.self) ?? nil,
        workers: try connection.workers())
    }
  }
}

extension Connection {
  func workers() throws -> [WorkerRecord] {
    try all(QueryStatements.workers) { row in
      WorkerRecord(
        id: try row.next(), host: try row.next(), pid: Int32(clamping: try row.next(Int64.self)),
        processStart: try row.next(), startedAt: try row.next(), seenAt: try row.next(),
        queues: try decoded(row.next(String.self)) ?? [])
    }
  }

  /// Since when the oldest ready job has been waiting.
  fileprivate func oldestReady() throws -> Timestamp? {
    var oldest: Timestamp?
    for queue in try all(GateStatements.queues, row: { try $0.next(String.self) }) {
      var lane = try lane(LaneStatements.first, queue)
      while let here = lane {
        let first = try value(QueryStatements.oldestInLane, queue, here.gate, here.key, as: Timestamp?.self) ?? nil
        oldest = [oldest, first].compactMap { $0 }.min()
        lane = try self.lane(after: here, in: queue)
      }
    }
    return oldest
  }

  fileprivate func crowds(for query: JobQuery) throws -> JobSelection.Crowds {
    var crowds = JobSelection.Crowds()
    if query.states.contains(.ready) {
      crowds.areReadyMany = try value(QueryStatements.readyCount, as: Int.self) ?? 0 > JobSelection.Crowds.few
    }
    if let since = query.createdSince, query.ids.isEmpty {
      let count: Int? = try value(QueryStatements.countSince, since, JobSelection.Crowds.few + 1)
      crowds.areSinceFew = count ?? 0 <= JobSelection.Crowds.few
    }
    return crowds
  }
}
