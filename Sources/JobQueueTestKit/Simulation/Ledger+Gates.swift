import JobQueue

/// How a gate must stand, by what happened to it.
struct GateStanding {
  var state = Gate.State.open
  var until: Timestamp?
  /// How often in a row it was closed.
  var closures = 0
  /// The newest lease that was given while it was half-open.
  var probe: Lease?
  /// Who met what may be an outage since somebody got through, and when.
  var met: [JobID: Timestamp] = [:]
  /// Whether that closed it.
  var isClosedBySeries = false
  /// The newest probe that met it.
  var suspect: Lease?
  /// Who met it last, of those that are not to be the next probe.
  var lastProbe: JobID?
  /// Who is not to be the next probe while any other waits.
  var probes: Set<JobID> = []
  /// Who closed it at once, and when.
  var turnedAway: [(job: JobID, at: Timestamp)] = []
  /// Past whom others got, and when.
  var doubted: [JobID: Timestamp] = [:]

  /// Whether this is the attempt on which its opening hangs.
  func isProbed(by lease: Lease) -> Bool { state == .halfOpen && probe == lease }

  mutating func close(until end: Timestamp?, closures: Int) {
    (state, self.until, self.closures, probe) = (.closed, end, closures, nil)
  }

  mutating func open() { self = GateStanding() }

  /// Whether others got past this job within the last hour.
  func doubts(_ job: JobID, at now: Timestamp) -> Bool { doubted[job].map { now - $0 <= .seconds(3600) } ?? false }

  /// A probe got through: those who closed the gate at once, the last one or within a minute, did so alone.
  mutating func open(by job: JobID, at now: Timestamp) {
    var doubted = doubted.filter { $0.key != job && now - $0.value <= .seconds(3600) }
    let others = turnedAway.filter { $0.job != job }
    for (index, other) in others.enumerated() where index == others.count - 1 || now - other.at <= .seconds(60) {
      doubted[other.job] = now
    }
    open()
    self.doubted = doubted
  }

  mutating func rest(_ job: JobID) {
    if probes.contains(job) { probes = [] }
    probes.insert(job)
    lastProbe = job
  }
}

extension GateStanding: CustomStringConvertible {
  /// In the same order every time, which a dictionary has not: a seed tells the same story to the letter.
  var description: String {
    let met = met.sorted { $0.key < $1.key }.map { "\($0.key) at \($0.value)" }.joined(separator: ", ")
    return "\(state) until \(until as Any) after \(closures) closures, probe \(probe as Any), met by [\(met)]"
      + (isClosedBySeries ? ", closed by a series" : "")
      + ", suspect \(suspect as Any), last probe \(lastProbe as Any)"
  }
}

extension Ledger {
  /// When the next scheduled job is due, or the next gate lets a probe through.
  var nextDue: Timestamp? {
    let due = jobs.values.filter { $0.state == .scheduled }.map(\.runAt)
    return (due + gates.values.filter { $0.state == .closed }.compactMap(\.until)).min()
  }

  /// Foretells every gate and compares it with what the store shows.
  mutating func checkGates(
    after verb: Verb, _ after: [JobID: Job], shown: [GateStatus], at now: Timestamp
  ) throws {
    var ended: Set<Lease> = []
    switch verb {
    // What the ends say of their gates was told by ``foretell(_:at:)``.
    case .complete(let ends, _): ended = Set(ends.filter { $0.recorded != nil }.map(\.completion.lease))
    case .write(let lease, let isResult): getThrough(lease, isOver: isResult, at: now)
    case .promote(let told): try letProbes(told, after, at: now)
    case .closeGate(let key, let end):
      counts.closures += 1
      gates[key] = GateStanding()
      gates[key]?.close(until: end, closures: 1)
    case .openGate(let key): gates[key]?.open()
    default: break
    }
    var running = Set(gates.values.compactMap(\.probe).filter { isCurrent($0) }).subtracting(ended)
    for leased in verb.grant?.leased ?? [] {
      if let grant = verb.grant, let job = after[leased.job.id] {
        try promise(
          !stands(back: job, for: grant.request, grant.leased, after),
          "\(name(job.id)) is the probe of its gate again, though others wait there")
      }
      try pass(leased, beside: running)
      running.insert(leased.lease)
    }
    try compare(shown, after, at: now)
  }

  /// What ends of attempts say about their gates, one after the other: which suspected outages are counted as failures.
  mutating func foretell(_ ends: [End], at now: Timestamp) {
    for end in ends where end.recorded != nil { tellGate(of: end, at: now) }
  }

  /// What the end of an attempt says about the gate of its job: nothing, unless it is done, was answered or met the
  /// outage. A job that a person cancelled closes no gate.
  private mutating func tellGate(of end: End, at now: Timestamp) {
    let lease = end.completion.lease
    guard let key = jobs[lease.job]?.gate else { return }
    let closure: GateClosure
    var isSuspicion = false
    switch end.completion.outcome {
    case .closeGate(let met): closure = met
    case .suspectsOutage(let met, _): (closure, isSuspicion) = (met, true)
    default:
      if end.receipt == .recorded(.completed) || end.completion.isAnswered {
        return getThrough(lease, isOver: true, at: now)
      }
      if gates[key]?.isProbed(by: lease) == true { counts.unanswered += 1 }
      return
    }
    guard end.receipt != .recorded(.cancelled) else { return }
    var gate = gates[key] ?? GateStanding()
    defer { gates[key] = gate }
    let isProbe = gate.isProbed(by: lease)
    let isBelieved = isSuspicion && closure.closesAtOnce && !gate.doubts(lease.job, at: now)
    if isSuspicion, !isBelieved, gate.state == .open {
      let recent = gate.met.values.count { now - $0 <= .seconds(60) }
      guard gate.met[lease.job] != nil || recent >= 2 else {
        if closure.closesAtOnce { counts.outdone += 1 }
        gate.met[lease.job] = now
        return
      }
      counts.series += 1
      gate.isClosedBySeries = true
    }
    uncounted.insert(lease)
    if gate.state == .open || isProbe {
      counts.closures += 1
      let wait = closure.duration(afterClosures: gate.closures + 1)
      gate.close(until: now + wait, closures: gate.closures + 1)
      if isSuspicion || !isProbe && !gate.met.isEmpty { gate.isClosedBySeries = true }
      if isProbe { gate.suspect = isSuspicion && !isBelieved ? lease : nil }
      if isProbe || isBelieved { gate.rest(lease.job) }
      guard isBelieved else { return }
      counts.turnedAway += 1
      gate.turnedAway.removeAll { $0.job == lease.job }
      gate.turnedAway.append((lease.job, now))
    } else if let requested = closure.requested, let end = gate.until {
      gate.until = max(end, now + requested)
    }
  }

  /// Somebody got through.
  private mutating func getThrough(_ lease: Lease, isOver: Bool, at now: Timestamp) {
    guard let key = jobs[lease.job]?.gate, let gate = gates[key] else { return }
    if gate.isProbed(by: lease), isOver || !gate.isClosedBySeries {
      if let suspect = gate.suspect, suspect.job != lease.job {
        counts.charged += 1
        charged[suspect.job] = suspect.token
      }
      gates[key]?.open(by: lease.job, at: now)
    } else if gate.state == .open, isOver {
      gates[key]?.met = [:]
      gates[key]?.doubted[lease.job] = nil
    }
  }

  /// Whether a probe of a gate stands back for another job that waits there, by what stood when a worker asked: for one
  /// that was none, or, when all were, if it was the last.
  func stands(back job: Job, for request: LeaseRequest, _ leased: [LeasedJob], _ jobs: [JobID: Job]) -> Bool {
    guard let key = job.gate, let gate = gates[key], gate.state == .halfOpen, gate.probes.contains(job.id) else {
      return false
    }
    let new = Set(leased.map(\.job.id))
    let queues = Set(request.limits.filter { $0.count > 0 }.map(\.queue))
    return jobs.values.contains { other in
      guard other.id != job.id, gate.lastProbe == job.id || !gate.probes.contains(other.id), other.gate == key,
        queues.contains(other.queue),
        other.state == .ready || new.contains(other.id)
      else { return false }
      guard let concurrencyKey = other.concurrencyKey else { return true }
      let running = jobs.values.count {
        $0.state == .running && $0.concurrencyKey == concurrencyKey && !new.contains($0.id)
      }
      return running < request.concurrencyLimit(of: concurrencyKey)
    }
  }

  /// Gates whose time is over let a probe through; the promoter tells how many jobs and gates it moved.
  private mutating func letProbes(_ told: Int, _ after: [JobID: Job], at now: Timestamp) throws {
    let due = gates.filter { $0.value.state == .closed && $0.value.until.map { $0 <= now } ?? false }
    for key in due.keys {
      gates[key]?.state = .halfOpen
      gates[key]?.until = nil
      gates[key]?.probe = nil
    }
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

  private func compare(_ shown: [GateStatus], _ after: [JobID: Job], at now: Timestamp) throws {
    let shown = Dictionary(shown.map { ($0.gate.key, $0) }, uniquingKeysWith: { first, _ in first })
    for key in Set(gates.keys).union(shown.keys).sorted() {
      let expected = gates[key] ?? GateStanding()
      let gate = shown[key]?.gate ?? Gate(key: key)
      try promise(gate.state == expected.state, "the gate \(key) is \(gate.state) instead of \(expected.state)")
      let series = gate.series
      try promise(
        Set(series.failures.map(\.job)) == Set(expected.met.keys) && series.hasClosed == expected.isClosedBySeries
          && series.suspect?.job == expected.suspect?.job && gate.lastProbe == expected.lastProbe
          && series.turnedAway.map(\.job) == expected.turnedAway.map(\.job)
          && Set(series.doubted.map(\.job).filter { series.doubts($0, at: now) })
            == Set(expected.doubted.keys.filter { expected.doubts($0, at: now) }),
        "the gate \(key) remembers \(series) and \(gate.lastProbe as Any) instead of \(expected)")
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
