/// Shows the state of the queue. Changes nothing.
///
/// ``JobStore`` states the rules of every verb.
public protocol QueryStore: WakeUpStore {
  /// Jobs, newest first.
  func jobs(_ query: JobQuery) async throws -> [Job]

  /// The numbers of a job's parents and children.
  func relatives(of job: JobID) async throws -> (parents: [JobID], children: [JobID])

  /// Which of these jobs are `blocked` until an operator acts, because a job that they wait for, directly or through
  /// other blocked jobs, is `dead`, `cancelled` or `held`. One query to the store, however many jobs and generations.
  func needingOperator(among jobs: [JobID]) async throws -> Set<JobID>

  /// What a job waits for besides its planned time; nil if nothing.
  func obstacle(for job: JobID, at now: Timestamp) async throws -> JobWait?

  /// All gates that were ever closed, sorted by key.
  func gates() async throws -> [GateStatus]

  /// All budgets that were ever used, sorted by key.
  func budgets(at now: Timestamp) async throws -> [BudgetStatus]

  /// Records of a collection, in the order of their keys, byte by byte.
  func records(_ query: RecordQuery) async throws -> [Record]

  /// What operators did, newest first.
  /// - Parameters:
  ///   - limit: the maximum number of entries.
  ///   - before: only entries with a smaller number; for paging, the last number of the previous page.
  func audit(limit: Int, before: Int64?) async throws -> [AuditEntry]

  /// When the next scheduled job is due, or the next gate lets a probe through.
  func nextDue() async throws -> Timestamp?

  /// The state of the store.
  func status() async throws -> QueueStatus
}

extension QueryStore {
  /// All matching jobs, however many, newest first; read page by page.
  package func allJobs(_ query: JobQuery) async throws -> [Job] {
    var all: [Job] = []
    try await eachPage(query) { page in
      all += page
      return true
    }
    return all
  }

  /// Reads matching jobs page by page, newest first, as long as `body` wants more.
  package func eachPage(_ query: JobQuery, _ body: ([Job]) -> Bool) async throws {
    var query = query
    query.limit = 5000
    while true {
      let page = try await jobs(query)
      guard body(page), page.count == query.limit, let last = page.last else { return }
      query.before = last.id
    }
  }

  /// All matching records, however many, in the order of their keys; read page by page.
  package func allRecords(_ query: RecordQuery) async throws -> [Record] {
    var query = query
    query.limit = 5000
    var all: [Record] = []
    while true {
      let page = try await records(query)
      all += page
      guard page.count == query.limit, let last = page.last else { return all }
      query.after = last.key
    }
  }
}
