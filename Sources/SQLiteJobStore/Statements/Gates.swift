public import JobQueue

/// The statements of gates.
enum GateStatements {
  static let columns = """
    key, state, closed_at, until, reason, by_person, closures, probe_job, probe_owner, probe_token,
      series, last_probe
    """

  static let all = "SELECT \(columns) FROM gate ORDER BY key"

  static let one = "SELECT \(columns) FROM gate WHERE key = ?1"

  static let state = "SELECT state FROM gate WHERE key = ?1"

  /// By the primary keys of both.
  static let liveProbe = """
    SELECT 1 FROM gate JOIN job ON job.id = gate.probe_job
    WHERE gate.key = ?1 AND job.state = 'running' AND job.lease_owner = gate.probe_owner AND job.token = gate.probe_token
    """

  static let probe = "UPDATE gate SET probe_job = ?2, probe_owner = ?3, probe_token = ?4 WHERE key = ?1"

  /// A gate that is affected when somebody gets through: one whose probe this is, or with failures in a row.
  static let concerned = """
    SELECT \(columns) FROM gate WHERE key = ?1
      AND (series IS NOT NULL OR (probe_job = ?2 AND probe_owner = ?3 AND probe_token = ?4))
    """

  static let ofJob = "SELECT gate FROM job WHERE id = ?1"

  static let traits = "SELECT kind, concurrency_key FROM job WHERE id = ?1"

  /// The failure of a probe was the fault of its own job. The last failure, which would end the job, is left to its
  /// next attempt.
  static let charge = """
    UPDATE job SET failures = max(failures, min(failures + 1, max_attempts - 1)), failure_code = ?3, failure = ?4,
      wait_reason = NULL, updated_at = ?5
    WHERE id = ?1 AND token = ?2 AND state = 'ready'
    """

  /// Gates with jobs that let others go first. Uses `gate_last_probe`.
  static let resting = "SELECT \(columns) FROM gate WHERE last_probe IS NOT NULL AND state = 'half-open'"

  /// The first job of a lane that may be the next probe: none of these jobs, none of these kinds. Uses `job_claim`; it
  /// walks past the excluded ones, once for each probe.
  static let nextProbe = """
    SELECT priority, run_at, id FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 AND concurrency_key = ?3
      AND id NOT IN (SELECT c0 FROM rows(?4)) AND kind NOT IN (SELECT c0 FROM rows(?5))
    ORDER BY priority DESC, run_at, id LIMIT 1
    """

  static let save = """
    INSERT INTO gate (\(columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    ON CONFLICT DO UPDATE SET state = ?2, closed_at = ?3, until = ?4, reason = ?5, by_person = ?6, closures = ?7,
      probe_job = ?8, probe_owner = ?9, probe_token = ?10, series = ?11, last_probe = ?12
    """

  /// Uses `gate_closed`.
  static let due = "SELECT key FROM gate WHERE state = 'closed' AND until <= ?1"

  /// Uses `gate_closed`.
  static let nextDue = "SELECT min(until) FROM gate WHERE state = 'closed' AND until IS NOT NULL"

  static let letProbe = "UPDATE gate SET state = 'half-open', until = NULL WHERE key = ?1"

  /// Uses `job_claim`; counts no further than necessary.
  static let waiting = """
    SELECT count(*) FROM (SELECT 1 FROM job WHERE state = 'ready' AND queue = ?1 AND gate = ?2 LIMIT ?3)
    """

  static let queues = "SELECT queue FROM counter WHERE state = 'ready' AND jobs > 0"

  /// Uses `job_concurrency`.
  static let holders = """
    SELECT id FROM job WHERE state = 'running' AND concurrency_key <> '' AND concurrency_key = ?1 ORDER BY id
    """
}

extension SQLiteJobStore {
  /// Closes a gate by hand.
  public func closeGate(
    _ key: String, until: Timestamp?, reason: String, by author: Operator, at now: Timestamp
  ) async throws {
    try JobLimits.check(gate: key, reason: reason)
    try await writer.perform("close gate", wakes: true) { connection in
      var gate = try connection.gate(key) ?? Gate(key: key)
      gate.close(until: until, reason: reason, at: now)
      try connection.save(gate)
      try connection.audit(.closeGate, author.chosen(gate: key), count: 1, by: author, at: now)
    }
  }

  /// Opens a gate by hand.
  public func openGate(_ key: String, by author: Operator, at now: Timestamp) async throws -> Bool {
    try await writer.perform("open gate", wakes: true) { connection in
      let known = try connection.gate(key)
      let wasShut = known.map { $0.state != .open } ?? false
      try connection.audit(.openGate, author.chosen(gate: key), count: wasShut ? 1 : 0, by: author, at: now)
      guard var gate = known, wasShut || !gate.series.isEmpty else { return false }
      gate.open()
      try connection.save(gate)
      return wasShut
    }
  }

  /// All gates that were ever closed.
  public func gates() async throws -> [GateStatus] {
    try await reader.perform("gates") { connection in
      let queues = try connection.all(GateStatements.queues) { try $0.next(String.self) }
      return try connection.all(GateStatements.all, row: Gate.read).map { gate in
        var waiting = 0
        for queue in queues where gate.state != .open && waiting < GateStatus.mostCounted {
          waiting +=
            try connection.value(
              GateStatements.waiting, queue, gate.key, GateStatus.mostCounted - waiting) ?? 0
        }
        return GateStatus(gate: gate, waiting: waiting)
      }
    }
  }

  /// What a job waits for.
  public func obstacle(for job: JobID, at now: Timestamp) async throws -> JobWait? {
    try await reader.perform("wait") { connection in
      let sql = "SELECT \(Job.columns) FROM job WHERE id = ?1"
      guard let job = try connection.first(sql, job, row: Job.read) else { return nil }
      switch job.state {
      case .scheduled: return try connection.turn(of: job, at: now).map { .budget($0) }
      case .ready:
        if let key = job.gate, let gate = try connection.gate(key), gate.state != .open { return .gate(gate) }
        guard let key = job.concurrencyKey else { return nil }
        let running = try connection.all(GateStatements.holders, key) { try $0.next(JobID.self) }
        return running.isEmpty ? nil : .concurrency(key: key, running: running)
      case .blocked, .running, .held, .completed, .dead, .cancelled: return nil
      }
    }
  }
}

extension Connection {
  /// Applies the end of an attempt to its gate, and the gate's decision to the end.
  func updateGate(_ key: String, of end: inout AttemptEnd, at now: Timestamp) throws {
    switch end.gateReport {
    case .nothing: break
    case .answered: try getThrough(key, under: end.lease, end.passage, at: now)
    case .outage:
      var gate = try gate(key) ?? Gate(key: key)
      let traits = try first(GateStatements.traits, end.lease.job) {
        JobTraits(kind: try $0.next(), concurrencyKey: named(try $0.next()))
      }
      // Its lease is held, so the job exists.
      guard let traits else { return }
      end.settle(with: &gate, of: traits, at: now)
      try save(gate)
    }
  }

  /// A running job's journal entries prove that the other side answers.
  func getThrough(under lease: Lease, by entries: [JournalEntry], at now: Timestamp) throws {
    guard let key = named(try value(GateStatements.ofJob, lease.job) ?? "") else { return }
    try getThrough(key, under: lease, Passage(entries), at: now)
  }

  /// A job got through its gate.
  func getThrough(_ key: String, under lease: Lease, _ passage: Passage, at now: Timestamp) throws {
    guard
      var gate = try first(
        GateStatements.concerned, key, lease.job, lease.owner, lease.token, row: Gate.read)
    else { return }
    let before = gate
    let suspect = gate.getThrough(lease, passage, at: now)
    if gate != before { try save(gate) }
    guard let suspect else { return }
    try run(
      GateStatements.charge, suspect.job, suspect.token, suspect.failure.code, try JSONText.encode(suspect.failure), now
    )
  }

  /// Which jobs the next probes must be, by gate; for a gate that is not listed, any job will do.
  func probePreferences(
    beside limits: [LeaseRequest.QueueLimit], in lanes: Lanes
  ) throws -> [String: ProbePreference] {
    var preferences: [String: ProbePreference] = [:]
    for gate in try all(GateStatements.resting, row: Gate.read) {
      guard try value(GateStatements.liveProbe, gate.key, as: Int.self) == nil else { continue }
      preferences[gate.key] = try gate.preference { preference in
        try limits.contains { try isThere($0.queue, gate.key, preference, lanes) }
      }
    }
    return preferences
  }

  private func isThere(
    _ queue: String, _ gate: String, _ preference: ProbePreference, _ lanes: Lanes
  ) throws -> Bool {
    var lanes = lanes
    // The empty key is the first one, and `nextKey` finds those after it.
    var lane: Lane? = Lane(gate: gate, key: "")
    while let here = lane {
      if try lanes.hasRoom(here.key, on: self),
        try nextProbe(queue, here, preference, row: { try $0.next(Int.self) }) != nil
      {
        return true
      }
      lane = try self.lane(LaneStatements.nextKey, queue, gate, here.key)
    }
    return false
  }

  /// The place of the first job of a lane that a preference allows: priority, time and number.
  func nextProbe<Place>(
    _ queue: String, _ lane: Lane, _ preference: ProbePreference, row: (inout Row) throws -> Place
  ) throws -> Place? {
    guard !preference.excludedKeys.contains(lane.key) else { return nil }
    return try first(
      GateStatements.nextProbe, queue, lane.gate, lane.key, RowBatch(preference.excludedJobs) { $0 },
      RowBatch(preference.excludedKinds) { $0 }, row: row)
  }

  /// Makes closed gates half-open when their time is over.
  /// - Returns: how many.
  func letProbes(at now: Timestamp) throws -> Int {
    let due = try all(GateStatements.due, now) { try $0.next(String.self) }
    for key in due { try run(GateStatements.letProbe, key) }
    return due.count
  }

  fileprivate func gate(_ key: String) throws -> Gate? {
    try first(GateStatements.one, key, row: Gate.read)
  }

  fileprivate func save(_ gate: Gate) throws {
    try run(
      GateStatements.save, gate.key, gate.state, gate.closedAt, gate.until, gate.reason, gate.closedManually,
      gate.closures,
      gate.probe?.job, gate.probe?.owner, gate.probe?.token,
      gate.series.isEmpty ? nil : try JSONText.encode(gate.series), gate.lastProbe)
  }
}

extension Gate {
  /// Reads a row of ``GateStatements/columns``.
  static func read(_ row: inout Row) throws -> Gate {
    var gate = Gate(key: try row.next())
    gate.state = try row.next()
    gate.closedAt = try row.next()
    gate.until = try row.next()
    gate.reason = try row.next()
    gate.closedManually = try row.next()
    gate.closures = try row.next()
    let job: JobID? = try row.next()
    let owner: WorkerID? = try row.next()
    let token: Int64? = try row.next()
    if let job, let owner, let token { gate.probe = Lease(job: job, owner: owner, token: token) }
    if let series: String = try row.next() { gate.series = try JSONText.decode(OutageSeries.self, from: series) }
    gate.lastProbe = try row.next()
    return gate
  }
}
