import JobQueue

/// How a gate must stand, by what happened to it.
struct GateStanding: Equatable {
  var state = Gate.State.open
  var until: Timestamp?
  /// How often in a row it was closed.
  var closures = 0
  /// The newest lease that was given while it was half-open.
  var probe: Lease?

  /// Whether this is the attempt on which its opening hangs.
  func isProbed(by lease: Lease) -> Bool { state == .halfOpen && probe == lease }

  mutating func close(until end: Timestamp?, closures: Int) {
    self = GateStanding(state: .closed, until: end, closures: closures)
  }

  mutating func open() { self = GateStanding() }
}

extension Ledger {
  /// Foretells every gate and compares it with what the store shows.
  mutating func checkGates(
    after verb: Verb, _ after: [JobID: Job], shown: [GateStatus], at now: Timestamp
  ) throws {
    var ended: Set<Lease> = []
    switch verb {
    case .complete(let ends, _):
      for end in ends where end.recorded != nil {
        ended.insert(end.completion.lease)
        tellGate(of: end, at: now)
      }
    case .write(let lease, provesAnAnswer: true): prove(lease)
    case .promote(let told): try letProbes(told, after, at: now)
    case .closeGate(let key, let end):
      counts.closures += 1
      gates[key, default: GateStanding()].close(until: end, closures: 1)
    case .openGate(let key): gates[key]?.open()
    default: break
    }
    var running = Set(gates.values.compactMap(\.probe).filter { isCurrent($0) }).subtracting(ended)
    for leased in verb.grant?.leased ?? [] {
      try pass(leased, beside: running)
      running.insert(leased.lease)
    }
    try compare(shown, after)
  }

  /// What the end of an attempt says about the gate of its job: nothing, unless it is done, was answered or met the
  /// outage. A job that a person called off closes no gate.
  private mutating func tellGate(of end: End, at now: Timestamp) {
    let lease = end.completion.lease
    guard let key = jobs[lease.job]?.gate else { return }
    guard case .closeGate(let closure) = end.completion.outcome else {
      if end.receipt == .recorded(.completed) || end.completion.isAnswered { return prove(lease) }
      if gates[key]?.isProbed(by: lease) == true { counts.unanswered += 1 }
      return
    }
    guard end.receipt != .recorded(.cancelled) else { return }
    let gate = gates[key] ?? GateStanding()
    if gate.state == .open || gate.isProbed(by: lease) {
      counts.closures += 1
      let wait = closure.duration(afterClosures: gate.closures + 1)
      gates[key, default: gate].close(until: now + wait, closures: gate.closures + 1)
    } else if let requested = closure.requested, let end = gate.until {
      gates[key]?.until = max(end, now + requested)
    }
  }

  /// The other side answered.
  private mutating func prove(_ lease: Lease) {
    guard let key = jobs[lease.job]?.gate, gates[key]?.isProbed(by: lease) == true else { return }
    gates[key]?.open()
  }

  /// Gates whose time is over let a probe through; the promoter tells how many jobs and gates it moved.
  private mutating func letProbes(_ told: Int, _ after: [JobID: Job], at now: Timestamp) throws {
    let due = gates.filter { $0.value.state == .closed && $0.value.until.map { $0 <= now } ?? false }
    for (key, gate) in due { gates[key] = GateStanding(state: .halfOpen, closures: gate.closures) }
    let jobs = present.count { self.jobs[$0]?.state == .scheduled && after[$0]?.state == .ready }
    try promise(told == jobs + due.count, "\(jobs) jobs and \(due.count) gates were promoted, \(told) were told")
  }

  /// Whether the gate of a ready job would let it through now.
  func mayPass(_ job: Job, _ jobs: [JobID: Job]) -> Bool {
    guard let gate = job.gate.flatMap({ gates[$0] }) else { return true }
    switch gate.state {
    case .open: return true
    case .closed: return false
    case .halfOpen: return !(gate.probe.map { runs($0, in: jobs) } ?? false)
    }
  }

  /// A job may be leased through an open gate, or as the only one through a half-open one.
  private mutating func pass(_ leased: LeasedJob, beside running: Set<Lease>) throws {
    guard let key = leased.job.gate, let gate = gates[key], gate.state != .open else { return }
    let name = name(leased.job.id)
    try promise(gate.state == .halfOpen, "\(name) was leased behind the closed gate \(key)")
    if let probe = gate.probe {
      try promise(!running.contains(probe), "\(name) was leased beside \(self.name(probe.job)), the probe of \(key)")
    }
    counts.probes += 1
    gates[key]?.probe = leased.lease
  }

  private func compare(_ shown: [GateStatus], _ after: [JobID: Job]) throws {
    let shown = Dictionary(shown.map { ($0.gate.key, $0) }, uniquingKeysWith: { first, _ in first })
    for key in Set(gates.keys).union(shown.keys).sorted() {
      let expected = gates[key] ?? GateStanding()
      let gate = shown[key]?.gate ?? Gate(key: key)
      try promise(gate.state == expected.state, "the gate \(key) is \(gate.state) instead of \(expected.state)")
      guard expected.state != .open else { continue }
      try promise(
        gate.until == expected.until && gate.closures == expected.closures,
        "the gate \(key) is \(gate.state) until \(gate.until as Any) after \(gate.closures) closures, instead of \(expected)"
      )
      if let probe = expected.probe, runs(probe, in: after) {
        try promise(gate.probe == probe, "the gate \(key) takes \(gate.probe as Any) for its probe")
      }
      let waiting = after.values.count { $0.state == .ready && $0.gate == key }
      try promise(shown[key]?.waiting == waiting, "\(waiting) jobs wait behind the gate \(key), it shows others")
    }
  }

  private func runs(_ lease: Lease, in jobs: [JobID: Job]) -> Bool {
    guard let job = jobs[lease.job] else { return false }
    return job.state == .running && job.token == lease.token && job.leaseOwner == lease.owner
  }
}
