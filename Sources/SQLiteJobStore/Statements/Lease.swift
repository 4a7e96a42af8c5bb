public import JobQueue

/// The statements that lease jobs.
enum LeaseStatements {
  /// Uses `job_claim`, in its order.
  static let candidates = """
    SELECT \(Job.columns) FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 AND concurrency_key = ?3
    ORDER BY priority DESC, run_at, id LIMIT ?4
    """

  /// The same without the rows, to be merged with those of other lanes.
  static let places = """
    SELECT priority, run_at, id FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 AND concurrency_key = ?3
    ORDER BY priority DESC, run_at, id LIMIT ?4
    """

  static let chosen = "SELECT \(Job.columns) FROM job WHERE id IN (SELECT c0 FROM rows(?1))"

  /// For a list of numbers; one statement for all, because its overhead exceeds the work for one job.
  static let take = """
    UPDATE job SET state = 'running', token = token + 1, lease_owner = ?2, lease_expires_at = ?3, leased_at = ?4,
      updated_at = ?4, wait_reason = NULL
    WHERE id IN (SELECT c0 FROM rows(?1))
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
    try JobLimits.check(count: request.limits.count, of: "queues", "lease")
    let limits = request.limits.filter { $0.count > 0 }
    return try await writer.perform(
      "lease",
      // Idle workers ask again and again: looking does not keep others from writing.
      fastPath: { connection in
        var lanes = Lanes(request)
        let waiting = try limits.contains { try !lanes.open(in: $0.queue, on: connection, atMost: 1).isEmpty }
        return waiting ? nil : []
      }
    ) { try $0.lease(limits, request, at: now) }
  }

  /// Extends leases.
  public func extend(
    _ leases: [Lease], by duration: Duration, at now: Timestamp
  ) async throws -> [Lease: LeaseStatus] {
    guard !leases.isEmpty else { return [:] }
    try JobLimits.check(count: leases.count, of: "leases", "extend")
    return try await writer.perform("extend") { connection in
      var statuses: [Lease: LeaseStatus] = [:]
      for lease in leases {
        let cancelRequested: Bool? = try connection.value(
          LeaseStatements.extend, lease.job, lease.owner, lease.token, now + duration, now)
        statuses[lease] = cancelRequested.map { .held(cancelRequested: $0) } ?? .lost
      }
      for owner in Set(leases.map(\.owner)) {
        try connection.run(LeaseStatements.seen, owner, now)
        try connection.run(LossStatements.closeWorker, owner)
      }
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
    var lanes = Lanes(request)
    let preferences = try probePreferences(beside: limits, in: lanes)
    for limit in limits {
      let open = try lanes.open(in: limit.queue, on: self)
      let ready = try candidates(
        from: open, preferences, count: min(limit.count, JobLimits.batch), in: limit.queue)
      guard !ready.isEmpty else { continue }
      try run(LeaseStatements.take, RowBatch(ready) { $0.id }, request.owner, until, now)
      try count(ready.count, from: .ready, to: .running, in: limit.queue)
      leased.reserveCapacity(leased.count + ready.count)
      for job in ready {
        let taken = LeasedJob(ready: job, owner: request.owner, until: until, at: now)
        try lanes.take(taken, on: self)
        leased.append(consume taken)
      }
    }
    try addJournals(to: &leased)
    return leased
  }

  /// The first jobs of all open lanes together, in the order of the queue.
  /// - Parameter preferences: which jobs the probes of gates must be.
  private func candidates(
    from open: [OpenLane], _ preferences: [String: ProbePreference], count: Int, in queue: String
  ) throws -> [Job] {
    if open.count == 1, preferences.isEmpty {
      return try all(
        LeaseStatements.candidates, queue, open[0].lane.gate, open[0].lane.key, min(count, open[0].most), row: Job.read)
    }
    var places: [Place] = []
    for entry in open {
      let read = { (row: inout Row) in
        Place(priority: try row.next(), runAt: try row.next(), id: try row.next(), from: entry)
      }
      if entry.isProbe, let preference = preferences[entry.lane.gate] {
        if let place = try nextProbe(queue, entry.lane, preference, row: read) { places.append(place) }
      } else {
        places += try all(
          LeaseStatements.places, queue, entry.lane.gate, entry.lane.key, min(count, entry.most), row: read)
      }
    }
    // Several lanes may share a half-open gate, which lets one through, or a concurrency key.
    var probed: Set<String> = []
    var rooms: [String: Int] = [:]
    var chosen: [Place] = []
    for place in places.sorted() where chosen.count < count {
      let lane = place.from.lane
      let room = rooms[lane.key] ?? place.from.room
      guard lane.key.isEmpty || room > 0 else { continue }
      guard !place.from.isProbe || probed.insert(lane.gate).inserted else { continue }
      rooms[lane.key] = room - 1
      chosen.append(place)
    }
    guard !chosen.isEmpty else { return [] }
    let rows = try all(LeaseStatements.chosen, RowBatch(chosen) { $0.id }, row: Job.read)
    let byID = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return chosen.compactMap { byID[$0.id] }
  }
}

/// A job's position in its queue.
private struct Place: Comparable {
  let priority: Int
  let runAt: Timestamp
  let id: JobID
  let from: OpenLane

  static func == (one: Place, other: Place) -> Bool { one.id == other.id }

  static func < (one: Place, other: Place) -> Bool {
    (-one.priority, one.runAt, one.id) < (-other.priority, other.runAt, other.id)
  }
}

extension LeasedJob {
  /// The effect of ``LeaseStatements/take`` on a ready job.
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
