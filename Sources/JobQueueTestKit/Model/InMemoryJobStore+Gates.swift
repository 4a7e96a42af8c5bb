public import JobQueue

extension InMemoryJobStore {
  /// Closes a gate by hand.
  public func closeGate(
    _ key: String, until: Timestamp?, reason: String, by author: Operator, at now: Timestamp
  ) async throws {
    try JobLimits.check(gate: key, reason: reason)
    commit { tables in
      tables.gates[key, default: Gate(key: key)].close(until: until, reason: reason, at: now)
      tables.audit(.closeGate, author.chosen(gate: key), count: 1, by: author, at: now)
    }
  }

  /// Opens a gate by hand.
  public func openGate(_ key: String, by author: Operator, at now: Timestamp) async throws -> Bool {
    commit { tables in
      let wasOpen = tables.gates[key]?.state ?? .open == .open
      tables.gates[key]?.open()
      tables.audit(.openGate, author.chosen(gate: key), count: wasOpen ? 0 : 1, by: author, at: now)
      return !wasOpen
    }
  }

  /// All gates that were ever closed.
  public func gates() async throws -> [GateStatus] {
    tables.gates.values.sorted { $0.key < $1.key }.map { gate in
      let waiting = tables.jobs.values.count { $0.state == .ready && $0.gate == gate.key }
      return GateStatus(gate: gate, waiting: gate.state == .open ? 0 : min(waiting, GateStatus.mostCounted))
    }
  }

  /// What a job waits for.
  public func obstacle(for job: JobID, at now: Timestamp) async throws -> JobWait? {
    guard let job = tables.jobs[job] else { return nil }
    if job.state == .scheduled, let turn = tables.turns[job.id], turn.slot == job.runAt {
      return tables.wait(turn, at: now).map { .budget($0) }
    }
    guard job.state == .ready else { return nil }
    if let gate = job.gate.flatMap({ tables.gates[$0] }), gate.state != .open { return .gate(gate) }
    guard let key = job.concurrencyKey else { return nil }
    let running = tables.running(key)
    return running.isEmpty ? nil : .concurrency(key: key, running: running)
  }
}

extension Tables {
  func running(_ concurrencyKey: String) -> [JobID] {
    jobs.values.filter { $0.state == .running && $0.concurrencyKey == concurrencyKey }.map(\.id).sorted()
  }

  /// Whether a job's gate lets it through now.
  func mayPass(_ job: Job) -> Bool {
    guard let gate = job.gate.flatMap({ gates[$0] }) else { return true }
    switch gate.state {
    case .open: return true
    case .closed: return false
    case .halfOpen: return gate.probe.flatMap { fenced($0) } == nil
    }
  }

  /// A job's attempt ended: applies what that shows about its gate, and what the gate decides about the end.
  mutating func updateGate(of job: Job, _ end: inout AttemptEnd, at now: Timestamp) {
    guard let key = job.gate else { return }
    switch end.gateReport {
    case .nothing: break
    case .answered: getThrough(of: job, lease: end.lease, end.passage, at: now)
    case .outage: end.settle(with: &gates[key, default: Gate(key: key)], of: JobTraits(job), at: now)
    }
  }

  /// A job got through its gate.
  mutating func getThrough(of job: Job, lease: Lease, _ passage: Passage, at now: Timestamp) {
    guard let key = job.gate, let suspect = gates[key]?.getThrough(lease, passage, at: now) else { return }
    guard var charged = jobs[suspect.job], charged.state == .ready, charged.token == suspect.token else { return }
    charged.failures = max(charged.failures, min(charged.failures + 1, charged.maxAttempts - 1))
    charged.lastFailure = suspect.failure
    charged.waitReason = nil
    charged.updatedAt = now
    jobs[suspect.job] = charged
  }

  /// The preferences for the next probes, by gate; behind a gate that is not named, any job may be the probe.
  func probePreferences(beside request: LeaseRequest) -> [String: ProbePreference] {
    let queues = Set(request.limits.filter { $0.count > 0 }.map(\.queue))
    return gates.compactMapValues { gate in
      gate.preference { preference in
        jobs.values.contains { job in
          job.state == .ready && job.gate == gate.key && preference.allows(job) && queues.contains(job.queue)
            && (job.concurrencyKey.map { running($0).count < request.concurrencyLimit(of: $0) } ?? true)
        }
      }
    }
  }
}
