import JobQueue
import Threading

/// The store as one worker process sees it. It records the calls between the two, loses answers, and imitates a
/// defective worker. When the process is gone, nothing that its handlers do gets through any more.
struct WorkerLink: StoreWrapper {
  /// A call of the worker that reached the store, with its arguments and its answer.
  enum Call: Sendable {
    case leased(Oracle.Grant)
    case completed([Oracle.End], then: Oracle.Grant?)
    case extended([Lease: LeaseStatus])
    case promoted(Promotion)
    case reaped(WorkerSightings, [JobID: JobState])
    case announced(WorkerRecord)
    case retired([WorkerID])
  }

  private struct State {
    var calls: [Call] = []
    var loss: LossyStore.Loss?
    var sendsTwice = false
    /// Whether the answer that was to be lost has been lost.
    var hasLostAnswer = false
    /// Whether a run of the heartbeat has failed.
    var hasHeartFailed = false
    /// The maximum that the store promotes in one call.
    var promotionLimit = Int.max
  }

  let base: any JobStore
  let defect: WorkerDefect?
  private let state = MutexBox(State())

  init(base: any JobStore, defect: WorkerDefect?) {
    self.base = base
    self.defect = defect
  }

  /// The worker never gets the answer to its next verb.
  func loseNextAnswer(_ loss: LossyStore.Loss?) {
    state.withLock { state in
      state.loss = loss
      state.hasLostAnswer = false
    }
  }

  /// Whether the answer that was to be lost has been lost.
  var hasLostAnswer: Bool { state.withLock { $0.hasLostAnswer } }

  /// Sends one of the next ends twice in one call. No worker should, but it must do no harm.
  func sendNextTwice() { state.withLock { $0.sendsTwice = true } }

  /// Sets the maximum that the store promotes in one call.
  func limitPromotions(_ limit: Int) { state.withLock { $0.promotionLimit = limit } }

  /// The calls since this was last called.
  func takeCalls() -> [Call] {
    state.withLock { state in
      defer { state.calls = [] }
      return state.calls
    }
  }

  private func note(_ call: Call) { state.withLock { $0.calls.append(call) } }

  // MARK: The worker's verbs

  func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    try await losing("lease") {
      let leased = try await base.lease(request, at: now)
      note(.leased(Oracle.Grant(request: request, leased: leased)))
      return leased
    }
  }

  func extend(_ leases: [Lease], by duration: Duration, at now: Timestamp) async throws -> [Lease: LeaseStatus] {
    if defect == .heartbeatSkipped || defect == .heartbeatGivesUp && state.withLock({ $0.hasHeartFailed }) {
      return Dictionary(uniqueKeysWithValues: leases.map { ($0, .held(cancelRequested: false)) })
    }
    do {
      return try await losing("extend") {
        let statuses = try await base.extend(leases, by: duration, at: now)
        note(.extended(statuses))
        return statuses
      }
    } catch {
      state.withLock { $0.hasHeartFailed = true }
      throw error
    }
  }

  func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    try await end(completions) { sent in
      let receipts = try await base.complete(sent, at: now)
      note(.completed(Self.ends(sent, receipts), then: nil))
      return receipts
    }
  }

  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    if defect == .refillBeforeEnd {
      let leased = try await lease(request, at: now)
      return (try await complete(completions, at: now), leased)
    }
    var leased: [LeasedJob] = []
    let receipts = try await end(completions) { sent in
      let answer = try await base.complete(sent, thenLease: request, at: now)
      leased = answer.leased
      note(.completed(Self.ends(sent, answer.receipts), then: Oracle.Grant(request: request, leased: leased)))
      return answer.receipts
    }
    return (receipts, leased)
  }

  /// - Parameter send: sends ends to the store.
  private func end(
    _ completions: [Completion], _ send: ([Completion]) async throws -> [CompletionReceipt]
  ) async throws -> [CompletionReceipt] {
    let sendsTwice = state.withLock { state in
      defer { state.sendsTwice = false }
      return state.sendsTwice
    }
    let kept = completions.filter { !isLost($0) }
    var heard: [Lease: CompletionReceipt] = [:]
    if !kept.isEmpty {
      let receipts = try await losing("complete") { try await send(sendsTwice ? kept + kept.prefix(1) : kept) }
      for (completion, receipt) in zip(kept, receipts) { heard[completion.lease] = receipt }
    }
    return completions.map { heard[$0.lease] ?? .recorded(.completed) }
  }

  private func losing<Answer: Sendable>(_ verb: String, _ body: () async throws -> Answer) async throws -> Answer {
    let loss = state.withLock { state in
      defer { state.loss = nil }
      state.hasLostAnswer = state.loss != nil
      return state.loss
    }
    guard let loss else { return try await body() }
    if loss == .afterCommit { _ = try await body() }
    throw JobStoreError(code: .outcomeUnknown, operation: verb, target: "store", cause: "the answer was lost")
  }

  /// Whether a defective worker takes this end for recorded without having sent it.
  private func isLost(_ completion: Completion) -> Bool {
    switch (defect, completion.outcome) {
    case (.completionLost, _): completion.lease.job.rawValue % 3 == 0
    case (.leaseKeptAtEnd, .handBack): true
    default: false
    }
  }

  private static func ends(_ completions: [Completion], _ receipts: [CompletionReceipt]) -> [Oracle.End] {
    zip(completions, receipts).map { Oracle.End(completion: $0, receipt: $1) }
  }

  // MARK: The verbs of its duties

  func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion {
    guard defect != .promoterSkips else { return Promotion(count: 0, next: nil) }
    let limit = min(limit, state.withLock { $0.promotionLimit })
    let promotion = try await losing("promote") {
      let promotion = try await base.promoteDue(at: now, limit: limit)
      note(.promoted(promotion))
      return promotion
    }
    return defect == .nextMomentForgotten ? Promotion(count: promotion.count, next: nil) : promotion
  }

  func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    guard defect != .reaperSkips else { return [:] }
    var sightings = sightings
    // The worker itself is the first in the list.
    if defect == .livingTakenForGone, sightings.alive.count > 1 { sightings.gone.append(sightings.alive.removeLast()) }
    return try await losing("reap") { [sightings] in
      let states = try await base.reap(sightings, terms: terms, limit: limit, at: now)
      note(.reaped(sightings, states))
      return states
    }
  }

  func announce(_ worker: WorkerRecord) async throws {
    try await losing("announce") {
      try await base.announce(worker)
      note(.announced(worker))
    }
  }

  func retire(_ workers: [WorkerID]) async throws {
    try await losing("retire") {
      try await base.retire(workers)
      note(.retired(workers))
    }
  }

  // MARK: The handlers' verbs

  func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws {
    try await alive("write")
    var lease = lease
    if defect == .leftHandlerWrites, SteppedHandler.isHandler, await SteppedHandler.current?.isHandlerLeft == true {
      lease = try await newest(lease)
    }
    try await base.write(entries, under: lease, at: now)
    await SteppedHandler.current?.note(.wrote(entries, lease, at: now))
  }

  func acquire(
    _ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp
  ) async throws -> BudgetAnswer {
    try await alive("ask")
    let answer = try await base.acquire(demand, for: effect, under: lease, at: now)
    await SteppedHandler.current?.note(.asked(effect: effect, lease, at: now, answer))
    return answer
  }

  /// The lease under which the job runs now, whoever asks.
  private func newest(_ lease: Lease) async throws -> Lease {
    let job = try await base.jobs(JobQuery(ids: [lease.job])).first
    guard let job, let owner = job.leaseOwner else { return lease }
    return Lease(job: job.id, owner: owner, token: job.token)
  }

  private func alive(_ verb: String) async throws {
    if await SteppedHandler.current?.isDead == true { throw SimulatedCrash(at: FaultPoint(rawValue: verb)) }
  }
}
