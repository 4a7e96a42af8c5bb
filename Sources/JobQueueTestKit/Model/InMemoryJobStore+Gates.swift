public import JobQueue

extension InMemoryJobStore {
  /// Closes a gate by hand.
  public func closeGate(_ key: String, until: Timestamp?, reason: String, at now: Timestamp) async throws {
    try InputLimits.check(gate: key, reason: reason)
    commit { tables in
      tables.gates[key, default: Gate(key: key)].close(until: until, reason: reason, at: now)
    }
  }

  /// Opens a gate by hand.
  public func openGate(_ key: String, at now: Timestamp) async throws -> Bool {
    commit { tables in
      let wasOpen = tables.gates[key]?.state ?? .open == .open
      tables.gates[key]?.open()
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
  public func wait(of job: JobID, at now: Timestamp) async throws -> JobWait? {
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

  /// A job's attempt ended: what that says about its gate.
  /// - Parameter outcome: the one that is recorded.
  mutating func tellGate(of job: Job, _ outcome: Outcome, _ completion: Completion, at now: Timestamp) {
    guard let key = job.gate else { return }
    if completion.provesAnAnswer { return proveGate(of: job, lease: completion.lease) }
    guard case .closeGate(let closure) = outcome else { return }
    gates[key, default: Gate(key: key)].close(closure, lease: completion.lease, at: now)
  }

  /// The other side answered the probe.
  mutating func proveGate(of job: Job, lease: Lease) {
    guard let key = job.gate, gates[key]?.state == .halfOpen, gates[key]?.probe == lease else { return }
    gates[key]?.open()
  }
}
