public import JobQueue

extension InMemoryJobStore {
  /// Makes due scheduled jobs ready.
  public func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion {
    try commit { tables in
      let due = tables.jobs.values.filter { $0.state == .scheduled && $0.runAt <= now }
        .sorted { ($0.runAt, $0.id) < ($1.runAt, $1.id) }.prefix(JobLimits.clamped(limit))
      for job in due { try tables.move(job.id, to: .ready, at: now) { $0.waitReason = nil } }
      let probing = tables.gates.values.filter { gate in gate.state == .closed && gate.until.map { $0 <= now } ?? false
      }
      for gate in probing { tables.gates[gate.key]?.letProbe() }
      return Promotion(count: due.count + probing.count, next: tables.nextDue)
    }
  }

  /// The workers that announced themselves.
  public func workers() async throws -> [WorkerRecord] { tables.knownWorkers }

  /// When the next scheduled job is due.
  public func nextDue() async throws -> Timestamp? {
    tables.nextDue
  }

  /// Takes jobs back from lost workers.
  public func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    try JobLimits.check(count: sightings.gone.count, of: "workers", "reap")
    return try commit { tables in
      var states = try tables.countCrashes(sightings, limit: terms.crashLimit, at: now)
      let lost = tables.runningJobs.filter { job in
        tables.jobs[job.id]?.leaseExpiresAt.map { end in
          LostJob.isLost(owner: job.owner, leaseEnd: end, sightings, at: now)
        } ?? false
      }
      for job in lost.prefix(JobLimits.clamped(limit)) {
        let verdict = job.takenBack(sightings, terms: terms, at: now)
        try tables.takeBack(job, verdict, at: now)
        if let loss = verdict.openLoss { tables.losses.append(loss) }
        states[job.id] = verdict.state
      }
      return states
    }
  }

  /// Registers a worker.
  public func announce(_ worker: WorkerRecord) async throws {
    commit { tables in
      if let known = tables.workers[worker.id] {
        tables.workers[worker.id]?.seenAt = max(known.seenAt, worker.seenAt)
        tables.workers[worker.id]?.queues = worker.queues
      } else {
        tables.workers[worker.id] = worker
      }
      tables.losses.removeAll { $0.worker == worker.id }
    }
  }

  /// Forgets workers.
  public func retire(_ workers: [WorkerID]) async throws {
    commit { tables in
      for worker in workers { tables.workers[worker] = nil }
      tables.losses.removeAll { workers.contains($0.worker) }
    }
  }

  /// Removes old finished jobs.
  public func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    commit { $0.prune(finishedBefore: moment, limit: limit) }
  }

  /// Removes old finished jobs for an operator.
  public func prune(
    finishedBefore moment: Timestamp, limit: Int, by author: Operator, at now: Timestamp
  ) async throws -> Int {
    commit { tables in
      let removed = tables.prune(finishedBefore: moment, limit: limit)
      let filter = author.filter ?? "finished before \(moment.milliseconds)"
      tables.audit(part: .prune, filter, count: removed, by: author, at: now)
      return removed
    }
  }
}

extension Tables {
  fileprivate mutating func prune(finishedBefore moment: Timestamp, limit: Int) -> Int {
    let needed = jobs.values.filter { !$0.state.isFinished }
      .reduce(into: Set<JobID>()) { $0.formUnion(parents[$1.id] ?? []) }
    let old = jobs.values.filter { $0.uniqueness != .permanent }
      .compactMap { job in job.finishedAt.map { (id: job.id, finishedAt: $0) } }
      .filter { $0.finishedAt < moment && !needed.contains($0.id) }
      .filter { $0.finishedAt < moment - InheritedIntent.retention || !isUnresolved($0.id) }
      .sorted { ($0.finishedAt, $0.id) < ($1.finishedAt, $1.id) }.prefix(JobLimits.clamped(limit))
    for job in old { forget(job.id) }
    return old.count
  }
}

extension Tables {
  var nextDue: Timestamp? {
    let gates = gates.values.filter { $0.state == .closed }.compactMap(\.until)
    return (gates + [nextScheduled].compactMap { $0 }).min()
  }

  var knownWorkers: [WorkerRecord] {
    workers.values.sorted { ($0.startedAt, $0.id.rawValue) < ($1.startedAt, $1.id.rawValue) }
  }

  var nextScheduled: Timestamp? { jobs.values.filter { $0.state == .scheduled }.map(\.runAt).min() }

  /// The running jobs, sorted by number.
  var runningJobs: [LostJob] {
    jobs.values.compactMap { job -> LostJob? in
      guard job.state == .running, let owner = job.leaseOwner else { return nil }
      return LostJob(
        id: job.id, owner: owner, attempt: job.token, crashes: job.crashes,
        cancel: CancelRequest(isRequested: job.cancelRequested, reason: job.waitReason))
    }
    .sorted { $0.id < $1.id }
  }

  mutating func takeBack(_ job: LostJob, _ verdict: LostJob.Verdict, at now: Timestamp) throws {
    try follow(verdict, of: job.id, at: now)
    closeAttempt(Lease(job: job.id, owner: job.owner, token: job.attempt)) { attempt in
      attempt.endedAt = now
      attempt.outcome = .lost
      attempt.why = verdict.why
      attempt.failure = verdict.failure
    }
  }

  private mutating func follow(_ verdict: LostJob.Verdict, of id: JobID, at now: Timestamp) throws {
    try move(id, to: verdict.state, at: now) { job in
      job.crashes = verdict.crashes
      job.waitReason = verdict.why
      job.lastFailure = verdict.failure ?? job.lastFailure
    }
    if verdict.state.isFinished { updateLine(of: id, at: now) }
  }

  /// Counts the open losses that turn out to be crashes.
  /// - Returns: the jobs that are given up because of that.
  fileprivate mutating func countCrashes(
    _ sightings: WorkerSightings, limit: Int, at now: Timestamp
  ) throws -> [JobID: JobState] {
    var states: [JobID: JobState] = [:]
    let crashes = losses.filter { $0.isCrash(sightings, at: now) }
    losses.removeAll { $0.isCrash(sightings, at: now) }
    for loss in crashes {
      let job = jobs[loss.job]
      switch OpenLoss.crashed(in: job?.state, crashes: job?.crashes ?? 0, limit: limit) {
      case .nothing: break
      case .counted(let crashes): jobs[loss.job]?.crashes = crashes
      case .ended(let verdict):
        try follow(verdict, of: loss.job, at: now)
        states[loss.job] = verdict.state
      }
    }
    return states
  }

  /// Whether an intent has no result and may still take effect.
  fileprivate func isUnresolved(_ job: JobID) -> Bool {
    effects[job]?.values.contains { $0.record.result == nil && $0.unsettled > 0 } ?? false
  }

  fileprivate mutating func forget(_ job: JobID) {
    jobs[job] = nil
    attempts[job] = nil
    effects[job] = nil
    checkpoints[job] = nil
    turns[job] = nil
    losses.removeAll { $0.job == job }
    doubts.remove(job)
    awaitedEnds[job] = nil
    parents[job] = nil
    for child in children(of: job) { parents[child]?.removeAll { $0 == job } }
  }
}
