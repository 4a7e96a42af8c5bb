public import JobQueue

/// A store that wraps another one and passes on every verb that it does not declare itself: for stores that fail,
/// stall, count or lie on purpose.
///
/// It also passes on the verbs for which `JobStore` has a default implementation; otherwise a better one of the
/// underlying store would never be called. So a wrapper that changes a verb must also declare the verbs that are built
/// on it.
public protocol StoreWrapper: JobStore {
  /// The underlying store.
  var base: any JobStore { get }
}

extension StoreWrapper {
  /// Passes on.
  public var identity: String { base.identity }

  /// Passes on.
  public func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt] {
    try await base.enqueue(jobs, recording: records, at: now)
  }

  /// Passes on.
  public func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    try await base.enqueue(parts: next, at: now)
  }

  /// Passes on.
  public func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    try await base.lease(request, at: now)
  }

  /// Passes on.
  public func extend(
    _ leases: [Lease], by duration: Duration, at now: Timestamp
  ) async throws -> [Lease: LeaseStatus] {
    try await base.extend(leases, by: duration, at: now)
  }

  /// Passes on.
  public func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    try await base.complete(completions, at: now)
  }

  /// Passes on.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    try await base.complete(completions, thenLease: request, at: now)
  }

  /// Passes on.
  public func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws {
    try await base.write(entries, under: lease, at: now)
  }

  /// Passes on.
  public func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    try await base.acquire(demand, for: effect, under: lease, at: now)
  }

  /// Passes on.
  public func journal(of job: JobID) async throws -> Journal { try await base.journal(of: job) }

  /// Passes on.
  public func claimant(of claim: String) async throws -> JobID? { try await base.claimant(of: claim) }

  /// Passes on.
  public func openIntents(
    ofKey concurrencyKey: String, effect: String, besides job: JobID
  ) async throws -> [EffectRecord] {
    try await base.openIntents(ofKey: concurrencyKey, effect: effect, besides: job)
  }

  /// Passes on.
  public func parentOutputs(of job: JobID) async throws -> [ParentOutput] { try await base.parentOutputs(of: job) }

  /// Passes on.
  public func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion {
    try await base.promoteDue(at: now, limit: limit)
  }

  /// Passes on.
  public func nextDue() async throws -> Timestamp? { try await base.nextDue() }

  /// Passes on.
  public func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await base.reap(sightings, terms: terms, limit: limit, at: now)
  }

  /// Passes on.
  public func workers() async throws -> [WorkerRecord] { try await base.workers() }

  /// Passes on.
  public func announce(_ worker: WorkerRecord) async throws { try await base.announce(worker) }

  /// Passes on.
  public func updateBudgets(_ budgets: [BudgetDemand], at now: Timestamp) async throws {
    try await base.updateBudgets(budgets, at: now)
  }

  /// Passes on.
  public func record(_ records: [RecordWrite], at now: Timestamp) async throws {
    try await base.record(records, at: now)
  }

  /// Passes on.
  public func removeRecords(
    _ keys: [String], of collection: String, writtenBefore moment: Timestamp
  ) async throws -> Int {
    try await base.removeRecords(keys, of: collection, writtenBefore: moment)
  }

  /// Passes on.
  public func records(_ query: RecordQuery) async throws -> [Record] { try await base.records(query) }

  /// Passes on.
  public func retire(_ workers: [WorkerID]) async throws { try await base.retire(workers) }

  /// Passes on.
  public func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    try await base.prune(finishedBefore: moment, limit: limit)
  }

  /// Passes on.
  public func prune(
    finishedBefore moment: Timestamp, limit: Int, by author: Operator, at now: Timestamp
  ) async throws -> Int {
    try await base.prune(finishedBefore: moment, limit: limit, by: author, at: now)
  }

  /// Passes on.
  public func cancel(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await base.cancel(jobs, why: why, by: author, at: now)
  }

  /// Passes on.
  public func discard(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await base.discard(jobs, why: why, by: author, at: now)
  }

  /// Passes on.
  public func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState] {
    try await base.retry(jobs, by: author, at: now)
  }

  /// Passes on.
  public func holdUnfinished(why: String, by author: Operator, at now: Timestamp) async throws -> Int {
    try await base.holdUnfinished(why: why, by: author, at: now)
  }

  /// Passes on.
  public func closeGate(
    _ key: String, until: Timestamp?, reason: String, by author: Operator, at now: Timestamp
  ) async throws {
    try await base.closeGate(key, until: until, reason: reason, by: author, at: now)
  }

  /// Passes on.
  public func openGate(_ key: String, by author: Operator, at now: Timestamp) async throws -> Bool {
    try await base.openGate(key, by: author, at: now)
  }

  /// Passes on.
  public func audit(limit: Int, before: Int64?) async throws -> [AuditEntry] {
    try await base.audit(limit: limit, before: before)
  }

  /// Passes on.
  public func gates() async throws -> [GateStatus] { try await base.gates() }

  /// Passes on.
  public func budgets(at now: Timestamp) async throws -> [BudgetStatus] { try await base.budgets(at: now) }

  /// Passes on.
  public func obstacle(for job: JobID, at now: Timestamp) async throws -> JobWait? {
    try await base.obstacle(for: job, at: now)
  }

  /// Passes on.
  public func jobs(_ query: JobQuery) async throws -> [Job] { try await base.jobs(query) }

  /// Passes on.
  public func attempts(of job: JobID) async throws -> [Attempt] { try await base.attempts(of: job) }

  /// Passes on.
  public func relatives(of job: JobID) async throws -> (parents: [JobID], children: [JobID]) {
    try await base.relatives(of: job)
  }

  /// Passes on.
  public func needingOperator(among jobs: [JobID]) async throws -> Set<JobID> {
    try await base.needingOperator(among: jobs)
  }

  /// Passes on.
  public func status() async throws -> QueueStatus { try await base.status() }

  /// Passes on.
  public func wakeUps() -> AsyncStream<Void> { base.wakeUps() }
}
