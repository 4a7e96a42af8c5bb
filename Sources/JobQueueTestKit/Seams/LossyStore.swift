public import JobQueue

/// A store whose answers get lost: a verb that writes is done, or not even begun, and its caller gets
/// `JobStoreError.Code.outcomeUnknown` either way.
///
/// This tests what a caller may do then: ask again, look, or give up. Reads are answered.
public struct LossyStore: StoreWrapper {
  /// What happens to a verb whose answer gets lost.
  public enum Loss: Sendable, Hashable, CaseIterable {
    /// It is not done.
    case beforeCommit
    /// It is done.
    case afterCommit
  }

  /// The underlying store.
  public let base: any JobStore
  private let losing: @Sendable (_ verb: String) async -> Loss?
  private let onCommit: @Sendable (any Sendable) -> Void

  /// Wraps a store so that answers get lost.
  /// - Parameters:
  ///   - base: the underlying store.
  ///   - onCommit: receives the underlying store's answer to a verb that was done and whose caller does not get it: for
  ///     those who keep count.
  ///   - losing: what happens to the call of a verb, given its name; nil if it is answered.
  public init(
    _ base: any JobStore, onCommit: @escaping @Sendable (any Sendable) -> Void = { _ in },
    losing: @escaping @Sendable (_ verb: String) async -> Loss?
  ) {
    self.base = base
    self.losing = losing
    self.onCommit = onCommit
  }

  private func pass<Answer: Sendable>(_ verb: String, _ body: () async throws -> Answer) async throws -> Answer {
    guard let loss = await losing(verb) else { return try await body() }
    if loss == .afterCommit { onCommit(try await body()) }
    throw JobStoreError(
      code: .outcomeUnknown, operation: verb, target: "store", cause: "the answer was lost",
      hint: "look whether it is there before it is done again")
  }
}

extension LossyStore {
  /// Passes on, or loses the answer.
  public func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt] {
    try await pass("enqueue") { try await base.enqueue(jobs, recording: records, at: now) }
  }

  /// Passes on part by part; the answer to each may be lost.
  public func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    var receipts: [EnqueueReceipt] = []
    while let part = try next() { receipts += try await enqueue(part, at: now()) }
    return receipts
  }

  /// Passes on, or loses the answer: then the jobs run under leases that nobody knows.
  public func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    try await pass("lease") { try await base.lease(request, at: now) }
  }

  /// Passes on, or loses the answer.
  public func extend(_ leases: [Lease], by duration: Duration, at now: Timestamp) async throws -> [Lease: LeaseStatus] {
    try await pass("extend") { try await base.extend(leases, by: duration, at: now) }
  }

  /// Passes on, or loses the answer.
  public func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    try await pass("complete") { try await base.complete(completions, at: now) }
  }

  /// Passes on, or loses the answer, and with it the leases.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    try await pass("complete") { try await base.complete(completions, thenLease: request, at: now) }
  }

  /// Passes on, or loses the answer.
  public func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws {
    try await pass("write") { try await base.write(entries, under: lease, at: now) }
  }

  /// Passes on, or loses the answer, and with it a unit that is taken.
  public func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    try await pass("acquire") { try await base.acquire(demand, for: effect, under: lease, at: now) }
  }

  /// Passes on, or loses the answer.
  public func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion {
    try await pass("promote") { try await base.promoteDue(at: now, limit: limit) }
  }

  /// Passes on, or loses the answer.
  public func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await pass("reap") { try await base.reap(sightings, terms: terms, limit: limit, at: now) }
  }

  /// Passes on, or loses the answer.
  public func announce(_ worker: WorkerRecord) async throws {
    try await pass("announce") { try await base.announce(worker) }
  }

  /// Passes on, or loses the answer.
  public func retire(_ workers: [WorkerID]) async throws {
    try await pass("retire") { try await base.retire(workers) }
  }

  /// Passes on, or loses the answer.
  public func updateBudgets(_ budgets: [BudgetDemand], at now: Timestamp) async throws {
    try await pass("updateBudgets") { try await base.updateBudgets(budgets, at: now) }
  }

  /// Passes on, or loses the answer.
  public func record(_ records: [RecordWrite], at now: Timestamp) async throws {
    try await pass("record") { try await base.record(records, at: now) }
  }

  /// Passes on, or loses the answer.
  public func removeRecords(
    _ keys: [String], of collection: String, writtenBefore moment: Timestamp
  ) async throws -> Int {
    try await pass("removeRecords") {
      try await base.removeRecords(keys, of: collection, writtenBefore: moment)
    }
  }

  /// Passes on, or loses the answer.
  public func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    try await pass("prune") { try await base.prune(finishedBefore: moment, limit: limit) }
  }

  /// Passes on, or loses the answer.
  public func cancel(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await pass("cancel") { try await base.cancel(jobs, why: why, by: author, at: now) }
  }

  /// Passes on, or loses the answer.
  public func discard(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try await pass("discard") { try await base.discard(jobs, why: why, by: author, at: now) }
  }

  /// Passes on, or loses the answer.
  public func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState] {
    try await pass("retry") { try await base.retry(jobs, by: author, at: now) }
  }

  /// Passes on, or loses the answer.
  public func prune(
    finishedBefore moment: Timestamp, limit: Int, by author: Operator, at now: Timestamp
  ) async throws -> Int {
    try await pass("prune") { try await base.prune(finishedBefore: moment, limit: limit, by: author, at: now) }
  }

  /// Passes on, or loses the answer.
  public func holdUnfinished(why: String, by author: Operator, at now: Timestamp) async throws -> Int {
    try await pass("hold") { try await base.holdUnfinished(why: why, by: author, at: now) }
  }

  /// Passes on, or loses the answer.
  public func closeGate(
    _ key: String, until: Timestamp?, reason: String, by author: Operator, at now: Timestamp
  ) async throws {
    try await pass("close gate") { try await base.closeGate(key, until: until, reason: reason, by: author, at: now) }
  }

  /// Passes on, or loses the answer.
  public func openGate(_ key: String, by author: Operator, at now: Timestamp) async throws -> Bool {
    try await pass("open gate") { try await base.openGate(key, by: author, at: now) }
  }
}
