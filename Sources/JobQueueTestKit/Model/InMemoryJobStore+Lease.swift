public import JobQueue

extension InMemoryJobStore {
  /// Leases ready jobs.
  public func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    try JobLimits.check(count: request.limits.count, of: "queues", "lease")
    return try commit { try $0.lease(request, at: now) }
  }

  /// Extends leases.
  public func extend(
    _ leases: [Lease], by duration: Duration, at now: Timestamp
  ) async throws -> [Lease: LeaseStatus] {
    try JobLimits.check(count: leases.count, of: "leases", "extend")
    return commit { tables in
      var statuses: [Lease: LeaseStatus] = [:]
      for lease in leases {
        tables.see(lease.owner, at: now)
        if let job = tables.fenced(lease) {
          tables.jobs[job.id]?.leaseExpiresAt = now + duration
          tables.jobs[job.id]?.updatedAt = now
          statuses[lease] = .held(cancelRequested: job.cancelRequested)
        } else {
          statuses[lease] = .lost
        }
      }
      return statuses
    }
  }
}

extension Tables {
  mutating func lease(_ request: LeaseRequest, at now: Timestamp) throws -> [LeasedJob] {
    var leased: [LeasedJob] = []
    let preferences = probePreferences(beside: request)
    for limit in request.limits {
      var wanted = max(0, limit.count)
      for job in line(in: limit.queue) where wanted > 0 && mayRun(job, by: request) {
        if let gate = job.gate, gates[gate]?.state == .halfOpen, preferences[gate]?.allows(job) == false { continue }
        leased.append(try lease(job.id, to: request.owner, until: now + request.duration, at: now))
        wanted -= 1
      }
    }
    return leased
  }

  /// The ready jobs of a queue, in the order in which they are leased.
  fileprivate func line(in queue: String) -> [Job] {
    jobs.values.filter { $0.state == .ready && $0.queue == queue }.sorted {
      (-$0.priority, $0.runAt, $0.id) < (-$1.priority, $1.runAt, $1.id)
    }
  }

  fileprivate func mayRun(_ job: Job, by request: LeaseRequest) -> Bool {
    guard mayPass(job) else { return false }
    return job.concurrencyKey.map { running($0).count < request.concurrencyLimit(of: $0) } ?? true
  }

  fileprivate mutating func lease(
    _ id: JobID, to owner: WorkerID, until end: Timestamp, at now: Timestamp
  ) throws -> LeasedJob {
    try move(id, to: .running, at: now) { job in
      job.token += 1
      job.leaseOwner = owner
      job.leaseExpiresAt = end
      job.waitReason = nil
    }
    guard let job = jobs[id] else {
      throw JobStoreError(code: .noSuchJob, operation: "lease", target: "job \(id)", cause: "it is gone")
    }
    attempts[id, default: []].append(Attempt(job: id, number: job.token, worker: owner, startedAt: now))
    let lease = Lease(job: id, owner: owner, token: job.token)
    if let gate = job.gate, gates[gate]?.state == .halfOpen { gates[gate]?.probe = lease }
    return LeasedJob(job: job, lease: lease, journal: journal(of: id), parentOutputs: parentOutputs(of: id))
  }

  fileprivate mutating func see(_ worker: WorkerID, at now: Timestamp) {
    losses.removeAll { $0.worker == worker }
    guard let known = workers[worker] else { return }
    workers[worker]?.seenAt = max(known.seenAt, now)
  }
}
