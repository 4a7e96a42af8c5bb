package import JobQueue

/// The whole state of the model.
package struct Tables: Sendable {
  /// An effect with what only a store needs to know about it.
  package struct Effect: Sendable {
    var record: EffectRecord
    /// The intents of unknown outcome.
    var unsettled: Int
    var claim: String?
  }

  /// A unit of a budget that is taken; without an effect, somebody else took it.
  package struct Unit: Sendable {
    package var effect: EffectName?
    var end: Timestamp
    /// Its job's place in line.
    var place = 0
  }

  package struct EffectName: Sendable, Hashable {
    package var job: JobID
    package var name: String
  }

  /// A job's place in the line for a budget.
  package struct Turn: Sendable {
    var key: BudgetKey
    var place: Int
    var slot: Timestamp
  }

  package var jobs: [JobID: Job] = [:]
  package var parents: [JobID: [JobID]] = [:]
  package var attempts: [JobID: [Attempt]] = [:]
  package var effects: [JobID: [String: Effect]] = [:]
  package var checkpoints: [JobID: [String: String]] = [:]
  package var gates: [String: Gate] = [:]
  package var budgets: [BudgetKey: BudgetDemand] = [:]
  /// How many places in a budget's line have been given out.
  package var places: [BudgetKey: Int] = [:]
  package var units: [BudgetKey: [Unit]] = [:]
  package var turns: [JobID: Turn] = [:]
  /// Jobs that no longer hold their unique key and whose requests may still take effect.
  package var doubts: Set<JobID> = []
  /// The job whose end a blocked job waits for.
  package var awaitedEnds: [JobID: JobID] = [:]
  package var workers: [WorkerID: WorkerRecord] = [:]
  /// Losses that may or may not have been crashes.
  package var losses: [OpenLoss] = []
  /// By collection, so that the records of many earlier runs cost the next run nothing.
  package var records: [String: [RecordName: Record]] = [:]
  package var audit: [AuditEntry] = []
  /// Numbers are never reused, even after pruning.
  package var lastID: Int64 = 0

  /// Moves a job to another state, but only as the table of the state machine allows.
  mutating func move(_ id: JobID, to next: JobState, at now: Timestamp, _ change: (inout Job) -> Void) throws {
    guard var job = jobs[id] else { return }
    guard job.state.mayBecome(next) else {
      throw JobStoreError(
        code: .wrongState, operation: "move", target: "job \(id)",
        cause: "\(job.state.rawValue) does not become \(next.rawValue)")
    }
    let wasFinished = job.state.isFinished
    job.state = next
    job.updatedAt = now
    job.finishedAt = next.isFinished ? now : nil
    if next != .running {
      job.leaseOwner = nil
      job.leaseExpiresAt = nil
      job.cancelRequested = false
    }
    change(&job)
    jobs[id] = job
    if next.isFinished {
      try notifyChildren(of: id, at: now)
      // What a job left open when it ended may belong to another job by now.
      if !wasFinished { try settleDoubt(of: id, at: now) }
    }
  }

  /// The job, if it runs under exactly this lease.
  func fenced(_ lease: Lease) -> Job? {
    guard let job = jobs[lease.job], job.state == .running, job.leaseOwner == lease.owner, job.token == lease.token
    else { return nil }
    return job
  }

  mutating func closeAttempt(_ lease: Lease, _ change: (inout Attempt) -> Void) {
    guard let index = attempts[lease.job]?.firstIndex(where: { $0.number == lease.token }) else { return }
    attempts[lease.job]?.modify(at: index, change)
  }
}

extension Array {
  /// Changes one element in place.
  mutating func modify(at index: Int, _ change: (inout Element) -> Void) {
    change(&self[index])
  }
}

// MARK: Families

extension Tables {
  func children(of parent: JobID) -> [JobID] {
    parents.filter { $0.value.contains(parent) }.keys.sorted()
  }

  /// Releases the children that waited for nothing else, or updates their wait reasons.
  mutating func notifyChildren(of parent: JobID, at now: Timestamp) throws {
    for child in children(of: parent) {
      guard let job = jobs[child], job.state == .blocked else { continue }
      try updateBlocked(job, at: now)
    }
  }

  /// Releases a blocked job if nothing holds it up any more.
  mutating func updateBlocked(_ job: Job, at now: Timestamp) throws {
    if let reason = obstacle(of: job.id) {
      jobs[job.id]?.waitReason = reason
      jobs[job.id]?.updatedAt = now
    } else {
      try move(job.id, to: JobRelease.state(runAt: job.runAt, at: now), at: now) { $0.waitReason = nil }
    }
  }

  /// Why a job is blocked; nil if nothing holds it up.
  func obstacle(of job: JobID) -> String? {
    let parents = (parents[job] ?? []).compactMap { jobs[$0] }.map { (id: $0.id, state: $0.state) }
    return WaitReason.blocked(by: parents, awaiting: awaitedEnds[job])
  }
}
