public import JobQueue

extension InMemoryJobStore {
  /// Makes scheduled jobs that are due ready.
  public func promoteDue(at now: Timestamp, limit: Int) async throws -> Int {
    try commit { tables in
      let due = tables.jobs.values.filter { $0.state == .scheduled && $0.runAt <= now }
        .sorted { ($0.runAt, $0.id) < ($1.runAt, $1.id) }.prefix(limit)
      for job in due { try tables.move(job.id, to: .ready, at: now) { $0.waitReason = nil } }
      let probing = tables.gates.values.filter { gate in gate.state == .closed && gate.until.map { $0 <= now } ?? false
      }
      for gate in probing { tables.gates[gate.key]?.letProbe() }
      return due.count + probing.count
    }
  }

  /// When the next scheduled job is due.
  public func nextDue() async throws -> Timestamp? {
    tables.nextDue
  }

  /// Takes jobs back from lost workers.
  public func reap(
    gone: [WorkerID], crashLimit: Int, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try commit { tables in
      let lost = tables.jobs.values.filter { job in
        guard job.state == .running, let owner = job.leaseOwner, let end = job.leaseExpiresAt else { return false }
        return end <= now || gone.contains(owner)
      }
      var states: [JobID: JobState] = [:]
      for job in lost.sorted(by: { $0.id < $1.id }).prefix(limit) {
        states[job.id] = try tables.takeBack(job, crashLimit: crashLimit, at: now)
      }
      return states
    }
  }

  /// Makes a worker known.
  public func announce(_ worker: WorkerRecord) async throws {
    commit { tables in
      if let known = tables.workers[worker.id] {
        tables.workers[worker.id]?.seenAt = max(known.seenAt, worker.seenAt)
        tables.workers[worker.id]?.queues = worker.queues
      } else {
        tables.workers[worker.id] = worker
      }
    }
  }

  /// Forgets workers.
  public func retire(_ workers: [WorkerID]) async throws {
    commit { tables in
      for worker in workers { tables.workers[worker] = nil }
    }
  }

  /// Removes old finished jobs.
  public func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    commit { tables in
      let needed = tables.jobs.values.filter { !$0.state.isFinished }
        .reduce(into: Set<JobID>()) { $0.formUnion(tables.parents[$1.id] ?? []) }
      let old = tables.jobs.values
        .compactMap { job in job.finishedAt.map { (id: job.id, finishedAt: $0) } }
        .filter { $0.finishedAt < moment && !needed.contains($0.id) }
        .sorted { ($0.finishedAt, $0.id) < ($1.finishedAt, $1.id) }.prefix(limit)
      for job in old { tables.forget(job.id) }
      return old.count
    }
  }
}

extension Tables {
  var nextDue: Timestamp? {
    let gates = gates.values.filter { $0.state == .closed }.compactMap(\.until)
    return (gates + [nextScheduled].compactMap { $0 }).min()
  }

  var nextScheduled: Timestamp? { jobs.values.filter { $0.state == .scheduled }.map(\.runAt).min() }

  fileprivate mutating func takeBack(_ job: Job, crashLimit: Int, at now: Timestamp) throws -> JobState {
    let crashes = job.crashes + 1
    let next: JobState = job.cancelRequested ? .cancelled : crashes >= crashLimit ? .dead : .ready
    let why = "worker \(job.leaseOwner?.rawValue ?? "") was lost, crash \(crashes) of \(crashLimit)"
    let failure = Failure(code: "crash-limit", message: why, hint: "find out what kills the workers, then retry")
    try move(job.id, to: next, at: now) { job in
      job.crashes = crashes
      job.waitReason = why
      if next == .dead { job.lastFailure = failure }
    }
    if next.isFinished { tellLine(of: job.id, at: now) }
    closeAttempt(Lease(job: job.id, owner: job.leaseOwner ?? WorkerID(""), token: job.token)) { attempt in
      attempt.endedAt = now
      attempt.outcome = .lost
      attempt.why = why
      if next == .dead { attempt.failure = failure }
    }
    return next
  }

  fileprivate mutating func forget(_ job: JobID) {
    jobs[job] = nil
    attempts[job] = nil
    effects[job] = nil
    checkpoints[job] = nil
    turns[job] = nil
    parents[job] = nil
    for child in children(of: job) { parents[child]?.removeAll { $0 == job } }
  }
}
