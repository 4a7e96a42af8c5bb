import JobQueue

/// What has been promised so far, and whether the store still keeps it.
struct Oracle {
  /// A job whose enqueue was acknowledged.
  struct Entry {
    let name: String
    /// As it was enqueued.
    let job: NewJob
    let parents: [JobID]
    let effects: Int
    /// Whether its effects need a unit of the budget.
    let spends: Bool
    var isPruned = false
    /// Whether it ever completed: then its effects exist.
    var hasCompleted = false

    /// The job with the same key that was cancelled and still runs; this one waits for its end.
    var predecessor: JobID?

    var uniqueKey: String? { job.uniqueKey }
  }

  static let crashLimit = 3

  /// The run's only budget.
  let budget: BudgetDemand
  /// Whether the wall clock is set now and then.
  let clockIsSet: Bool

  /// The jobs as they were after the last verb.
  private(set) var jobs: [JobID: Job] = [:]
  private(set) var entries: [JobID: Entry] = [:]
  /// The numbers of all entries that are not pruned, in order.
  private(set) var present: [JobID] = []
  /// The attempts of each job as they were when one of them last started or ended.
  var attempts: [JobID: [Attempt]] = [:]
  /// The losses that may or may not have been crashes.
  var losses: [ExpectedLoss] = []
  /// The state that each gate must be in; a gate that is missing here was never closed.
  var gates: [String: GateStanding] = [:]
  /// The ends of the verb being checked whose failures do not count, by decision of their gates.
  var uncounted: Set<Lease> = []
  /// When a job runs again that waits alone, because others get through where it does not.
  var alone: [JobID: Timestamp] = [:]
  /// The leases whose failures turned out to be their jobs' own, and that no check has covered yet.
  var charged: [JobID: Int64] = [:]
  /// The units of the budget that are taken.
  var units: [Unit] = []
  /// The effects whose results were recorded.
  var resolved: Set<Unit.Effect> = []
  /// The records whose commits were done.
  var records: [RecordName: Record] = [:]
  /// The jobs' places in the budget's line.
  var turns: [JobID: Turn] = [:]
  /// Whether the budget was ever used: before that, no store knows it.
  var isBudgetKnown = false
  /// How many places have been given out.
  var places = 0
  /// Closures, probes, grants and waits so far.
  var counts = SimulationSummary()

  init(budget: BudgetDemand, clockIsSet: Bool) {
    self.budget = budget
    self.clockIsSet = clockIsSet
  }

  func name(_ id: JobID) -> String { entries[id]?.name ?? "job \(id)" }

  /// Whether a lease is its job's newest one, according to what the store last showed.
  func isCurrent(_ lease: Lease) -> Bool {
    guard let job = jobs[lease.job] else { return false }
    return job.state == .running && job.token == lease.token && job.leaseOwner == lease.owner
  }

  /// A running job recorded progress: earlier crashes no longer count.
  mutating func noteProgress(of id: JobID) {
    jobs[id]?.crashes = 0
    losses.removeAll { $0.job == id }
  }

  /// The lease under which a job runs; nil if it is not running.
  func runningLease(of id: JobID) -> Lease? {
    guard let job = jobs[id], job.state == .running, let owner = job.leaseOwner else { return nil }
    return Lease(job: id, owner: owner, token: job.token)
  }

  mutating func admit(_ id: JobID, _ entry: Entry) throws {
    try promise(entries[id] == nil, "\(entry.name) was given the number of \(name(id))")
    try promise(present.last.map { $0 < id } ?? true, "\(entry.name) was given a number that does not grow")
    entries[id] = entry
    present.append(id)
    if entry.predecessor == nil { takeOverUnits(by: id) }
  }

  /// The job that holds a unique key.
  func holder(of key: String) -> JobID? { present.first { entries[$0]?.uniqueKey == key && holdsKey($0) } }

  /// Whether a job must hold its unique key: for good if it was enqueued so; otherwise until it is finished, or
  /// cancelled while it runs.
  private func holdsKey(_ id: JobID) -> Bool {
    guard let job = jobs[id] else { return false }
    return isPermanent(id) || !job.state.isFinished && !job.cancelRequested
  }

  /// Whether a job was enqueued to hold its unique key for good.
  func isPermanent(_ id: JobID) -> Bool { entries[id]?.job.uniqueness == .permanent }

  /// The running job with a unique key that was cancelled: the next job with the key waits for its end.
  func ending(of key: String?) -> JobID? {
    guard let key else { return nil }
    return present.first { entries[$0]?.uniqueKey == key && jobs[$0]?.cancelRequested == true }
  }

  /// Compares what the store shows now with what it showed before and with what `verb` may have changed.
  /// - Parameter attempts: those of the jobs in ``withNewAttempts(_:)``.
  mutating func check(
    after verb: Verb, shown: [Job], attempts: [JobID: [Attempt]], gates: [GateStatus], at now: Timestamp
  ) throws {
    let after = Dictionary(shown.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    if case .retry(let id) = verb, let ending = ending(of: entries[id]?.uniqueKey), ending != id {
      entries[id]?.predecessor = ending
    }
    uncounted = []
    alone = [:]
    if case .complete(let ends, _) = verb { foretell(ends, at: now) }
    for id in present {
      guard let new = after[id] else {
        try checkGone(id, verb)
        continue
      }
      let old = jobs[id]
      let isChanged = old != new
      if let old {
        if isChanged || verb.concerns(id) || charged[id] != nil { try checkSteps(from: old, to: new, verb, now) }
        if old.state == .blocked { try checkRelease(new, after) }
        if let attempts = attempts[id] { try checkAttempts(attempts, from: old, to: new, verb) }
      } else {
        try checkTakenIn(new)
      }
      // A blocked job may become wrong without changing itself: when its parents change.
      if isChanged || new.state == .blocked { try checkStanding(new, after, before: old) }
      if isChanged, new.state == .completed { entries[id]?.hasCompleted = true }
    }
    present.removeAll { entries[$0]?.isPruned == true }
    try checkGates(after: verb, after, shown: gates, at: now)
    if let grant = verb.grant { try checkGrant(grant, after) }
    noteTurns(after: verb, after)
    noteLosses(after: verb, after, at: now)
    try checkLine(after, at: now)
    jobs = after
    charged = [:]
    try checkUniqueness()
  }

  private mutating func checkGone(_ id: JobID, _ verb: Verb) throws {
    guard case .prune(let moment) = verb, let finishedAt = jobs[id]?.finishedAt, finishedAt < moment else {
      throw InvariantViolation(what: "\(name(id)) was acknowledged and is gone")
    }
    try promise(!isPermanent(id), "\(name(id)) holds its unique key for good and was pruned")
    let needing = present.first { jobs[$0]?.state.isFinished == false && entries[$0]?.parents.contains(id) == true }
    if let needing { throw InvariantViolation(what: "\(name(id)) was pruned while \(name(needing)) needed it") }
    entries[id]?.isPruned = true
  }

  private func checkUniqueness() throws {
    var holders: [String: JobID] = [:]
    for id in present where holdsKey(id) {
      guard let key = entries[id]?.uniqueKey else { continue }
      if let holder = holders[key] {
        throw InvariantViolation(what: "\(name(holder)) and \(name(id)) both hold the unique key \(key)")
      }
      holders[key] = id
    }
  }

  private func checkTakenIn(_ job: Job) throws {
    guard let asked = entries[job.id]?.job else { return }
    try promise(
      job.gate == asked.gate && job.concurrencyKey == asked.concurrencyKey && job.queue == asked.queue,
      "\(name(job.id)) was taken in with another lane than was asked for")
  }

  /// A job that waited for its parents continues only when all of them are completed. Parents that were pruned while
  /// their child was finished are forgotten; a retried child does not wait for them.
  private func checkRelease(_ job: Job, _ all: [JobID: Job]) throws {
    guard ![.blocked, .cancelled, .held].contains(job.state) else { return }
    let obstacle = entries[job.id]?.parents.first { all[$0].map { $0.state != .completed } ?? false }
    if let former = entries[job.id]?.predecessor, all[former]?.state.isFinished == false {
      throw InvariantViolation(what: "\(name(job.id)) was released though \(name(former)) has not ended")
    }
    if let obstacle {
      throw InvariantViolation(what: "\(name(job.id)) was released though \(name(obstacle)) is not completed")
    }
  }

  /// What must be true of every job at any time.
  private func checkStanding(_ job: Job, _ all: [JobID: Job], before old: Job?) throws {
    let name = name(job.id)
    try promise(job.failures <= job.maxAttempts, "\(name) failed \(job.failures) times of \(job.maxAttempts)")
    // A crash that is counted late, while the job runs or waits, ends it with its next loss.
    try promise(
      job.state != .ready || job.crashes < Self.crashLimit || old.map { $0.crashes == job.crashes } ?? false,
      "\(name) crashed \(job.crashes) times and is ready")
    try promise(
      (job.state == .running) == (job.leaseOwner != nil), "\(name) is \(job.state) under \(job.leaseOwner as Any)")
    try promise(
      job.state.isFinished == (job.finishedAt != nil), "\(name) is \(job.state) without its moment, or with one")
    guard !job.state.isFinished else { return }
    guard job.state == .blocked else { return }
    // Parents that were pruned while their child was finished are forgotten; a retried child does not wait for them.
    let obstacles = (entries[job.id]?.parents ?? []).compactMap { all[$0] }.filter { $0.state != .completed }
    let awaits = entries[job.id]?.predecessor.map { all[$0]?.state.isFinished == false } ?? false
    try promise(awaits || !obstacles.isEmpty, "\(name) is blocked though all its parents completed")
  }
}
