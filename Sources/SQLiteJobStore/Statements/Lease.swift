public import JobQueue

/// The statements that hand jobs out.
enum LeaseStatements {
  /// Uses `job_claim`, in its order.
  static let candidates = """
    SELECT \(Job.columns) FROM job WHERE state = 'ready' AND queue = ?1 ORDER BY priority DESC, run_at, id LIMIT ?2
    """

  /// Uses `job_claim`.
  static let anyCandidate = "SELECT 1 FROM job WHERE state = 'ready' AND queue = ?1 LIMIT 1"

  /// Of a list of numbers; one statement for all, because each costs more than what it does for one job.
  static let take = """
    UPDATE job SET state = 'running', token = token + 1, lease_owner = ?2, lease_expires_at = ?3, leased_at = ?4,
      updated_at = ?4, wait_reason = NULL
    WHERE id IN (SELECT value FROM json_each(?1))
    """

  static let extend = """
    UPDATE job SET lease_expires_at = ?4, updated_at = ?5
    WHERE id = ?1 AND state = 'running' AND lease_owner = ?2 AND token = ?3 RETURNING cancel_requested
    """

  static let seen = "UPDATE worker SET seen_at = max(seen_at, ?2) WHERE id = ?1"
}

extension SQLiteJobStore {
  /// Leases ready jobs.
  public func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    try StoreLimits.check(count: request.limits.count, of: "queues", "lease")
    let limits = request.limits.filter { $0.count > 0 }
    return try await writer.perform(
      "lease",
      // Every idle worker asks again and again: looking does not keep others from writing.
      atOnce: { connection in
        let waiting = try limits.contains {
          try connection.value(LeaseStatements.anyCandidate, $0.queue, as: Int.self) != nil
        }
        return waiting ? nil : []
      }
    ) { try $0.lease(limits, request, at: now) }
  }

  /// Extends leases.
  public func extend(
    _ leases: [Lease], by duration: Duration, at now: Timestamp
  ) async throws -> [Lease: LeaseStatus] {
    guard !leases.isEmpty else { return [:] }
    try StoreLimits.check(count: leases.count, of: "leases", "extend")
    return try await writer.perform("extend") { connection in
      var statuses: [Lease: LeaseStatus] = [:]
      for lease in leases {
        let cancelRequested: Bool? = try connection.value(
          LeaseStatements.extend, lease.job, lease.owner, lease.token, now + duration, now)
        statuses[lease] = cancelRequested.map { .held(cancelRequested: $0) } ?? .lost
      }
      for owner in Set(leases.map(\.owner)) { try connection.run(LeaseStatements.seen, owner, now) }
      return statuses
    }
  }
}

extension Connection {
  func lease(
    _ limits: [LeaseRequest.QueueLimit], _ request: LeaseRequest, at now: Timestamp
  ) throws -> [LeasedJob] {
    var leased: [LeasedJob] = []
    let until = now + request.duration
    for limit in limits {
      let count = min(limit.count, StoreLimits.batch)
      let ready = try all(LeaseStatements.candidates, limit.queue, count, row: Job.read)
      guard !ready.isEmpty else { continue }
      let ids = JSONList(ready) { $0.add($1.id.rawValue) }
      try run(LeaseStatements.take, ids.text, request.owner, until, now)
      for job in ready { leased.append(LeasedJob(ready: job, owner: request.owner, until: until, at: now)) }
    }
    return leased
  }
}

extension LeasedJob {
  /// What ``LeaseStatements/take`` makes of a ready job.
  fileprivate init(ready job: Job, owner: WorkerID, until: Timestamp, at now: Timestamp) {
    var job = job
    job.state = .running
    job.token += 1
    job.leaseOwner = owner
    job.leaseExpiresAt = until
    job.updatedAt = now
    job.waitReason = nil
    self.init(job: job, lease: Lease(job: job.id, owner: owner, token: job.token))
  }
}
