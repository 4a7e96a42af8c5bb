import JobQueue

extension Oracle {
  /// When the next scheduled job is due, or the next gate lets a probe through.
  var nextDue: Timestamp? {
    let due = jobs.values.filter { $0.state == .scheduled }.map(\.runAt)
    return (due + gates.values.filter { $0.state == .closed }.compactMap(\.until)).min()
  }

  /// Predicts the state of every gate and compares it with what the store shows.
  mutating func checkGates(
    after verb: Verb, _ after: [JobID: Job], shown: [GateStatus], at now: Timestamp
  ) throws {
    var ended: Set<Lease> = []
    switch verb {
    // What the ends mean for their gates was predicted by ``foretell(_:at:)``.
    case .complete(let ends, _): ended = Set(ends.filter { $0.recorded != nil }.map(\.completion.lease))
    case .write(let lease, let isResult): getThrough(lease, isResult ? .result : .answer, at: now)
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

  /// Predicts what ends of attempts mean for their gates, one after the other, and which suspected outages count as
  /// failures.
  mutating func foretell(_ ends: [End], at now: Timestamp) {
    for end in ends where end.recorded != nil { updateGate(of: end, at: now) }
  }

  /// Applies what the end of an attempt shows about its job's gate: nothing, unless it is done, was answered or met the
  /// outage. A job that an operator cancelled closes no gate.
  private mutating func updateGate(of end: End, at now: Timestamp) {
    let lease = end.completion.lease
    guard let key = jobs[lease.job]?.gate else { return }
    let closure: GateClosure
    var isSuspicion = false
    switch end.completion.outcome {
    case .closeGate(let met): closure = met
    case .suspectsOutage(let met, _): (closure, isSuspicion) = (met, true)
    default:
      if end.receipt.state == .completed || end.completion.isAnswered {
        return getThrough(lease, end.receipt.state == .completed ? .result : .end, at: now)
      }
      if gates[key]?.isProbed(by: lease) == true { counts.unanswered += 1 }
      return
    }
    guard end.receipt.state != .cancelled else { return }
    var gate = gates[key] ?? GateStanding()
    defer { gates[key] = gate }
    guard isSuspicion, closure.closesAtOnce else {
      return meet(&gate, of: closure, isSuspicion: isSuspicion, lease, at: now)
    }
    let joins =
      gate.state == .open && closure.isByIntermediary && !gate.doubts.isEmpty && gate.joined < gate.mayJoin
      && !gate.doubts(lease.job, at: now)
    if joins {
      gate.joined += 1
      gate.doubts[lease.job] = GateStanding.Doubt(at: now, counts: false)
    }
    guard gate.doubts(lease.job, at: now) else { return updateBelieved(&gate, of: closure, lease, at: now) }
    if let known = gate.doubts[lease.job] {
      gate.doubts[lease.job]?.inARow = known.request == closure.request ? known.inARow + 1 : 1
      gate.doubts[lease.job]?.request = closure.request
    }
    let isOfOneRequest = closure.request == nil || (gate.doubts[lease.job]?.inARow ?? 0) >= 3
    let counts =
      gate.state == .open && gate.doubts[lease.job]?.counts == true && isOfOneRequest && !closure.isMomentary
    gate.doubts[lease.job]?.meetings += 1
    gate.doubts[lease.job]?.at = now
    gate.doubts[lease.job]?.counts = false
    if counts {
      self.counts.outdone += 1
      if end.receipt.state == .dead { gate.doubts[lease.job] = nil }
      if gate.doubts.isEmpty { (gate.mayJoin, gate.joined) = (0, 0) }
    } else {
      self.counts.alone += 1
      uncounted.insert(lease)
      alone[lease.job] = now + closure.duration(afterClosures: gate.doubts[lease.job]?.meetings ?? 0)
    }
  }

  /// A job that is not doubted met what closes the gate at once.
  private mutating func updateBelieved(
    _ gate: inout GateStanding, of closure: GateClosure, _ lease: Lease, at now: Timestamp
  ) {
    uncounted.insert(lease)
    counts.turnedAway += 1
    let isProbe = gate.isProbed(by: lease)
    let isFirst = !gate.turnedAway.contains(lease.job) && !gate.probes.contains(lease.job)
    if isProbe || gate.state == .open { gate.isClosedBySeries = true }
    if isProbe, isFirst, closure.isByIntermediary, closure.requested == nil,
      gate.tries + 1 < 1 << min(gate.closures - 1, 8)
    {
      gate.tries += 1
      gate.suspect = nil
      gate.probe = nil
      gate.rest(lease.job)
    } else {
      shut(&gate, for: closure, lease, at: now, rests: isProbe || gate.state == .open)
    }
    gate.turnedAway.removeAll { $0 == lease.job }
    gate.turnedAway.append(lease.job)
    gate.note(jobs[lease.job])
  }

  /// A job met what certainly closes the gate, or what may be an outage.
  private mutating func meet(
    _ gate: inout GateStanding, of closure: GateClosure, isSuspicion: Bool, _ lease: Lease, at now: Timestamp
  ) {
    let isProbe = gate.isProbed(by: lease)
    if isSuspicion, gate.state == .open {
      let recent = gate.met.values.count { now - $0 <= .seconds(60) }
      guard gate.met[lease.job] != nil || recent >= 2 else {
        gate.met[lease.job] = now
        return
      }
      counts.series += 1
    }
    uncounted.insert(lease)
    let isConcerned = gate.state == .open || isProbe
    if isConcerned {
      if isSuspicion || !isProbe && !gate.met.isEmpty { gate.isClosedBySeries = true }
      if isSuspicion { gate.note(jobs[lease.job]) }
    }
    shut(&gate, for: closure, lease, at: now, rests: isProbe || gate.state == .open && isSuspicion)
    if isProbe, isSuspicion { gate.suspect = lease }
  }

  /// The gate is closed, or closed for longer.
  private mutating func shut(
    _ gate: inout GateStanding, for closure: GateClosure, _ lease: Lease, at now: Timestamp, rests: Bool
  ) {
    let isProbe = gate.isProbed(by: lease)
    if gate.state == .open || isProbe {
      counts.closures += 1
      if gate.state == .open, !gate.met.isEmpty { gate.isClosedBySeries = true }
      gate.close(until: now + closure.duration(afterClosures: gate.closures + 1), closures: gate.closures + 1)
      if isProbe { (gate.suspect, gate.tries) = (nil, 0) }
      if rests { gate.rest(lease.job) }
    } else if let requested = closure.requested, let end = gate.until {
      gate.until = max(end, now + requested)
    }
  }

  /// A job got through.
  private mutating func getThrough(_ lease: Lease, _ passage: Passage, at now: Timestamp) {
    guard let key = jobs[lease.job]?.gate, let gate = gates[key] else { return }
    if gate.isProbed(by: lease), passage != .answer || !gate.isClosedBySeries {
      if let suspect = gate.suspect, suspect.job != lease.job, gate.met[suspect.job] == nil {
        counts.charged += 1
        charged[suspect.job] = suspect.token
      }
      gates[key]?.open(by: lease.job, hasResult: passage == .result, at: now)
    } else if gate.state == .open, passage != .answer {
      gates[key]?.pass(lease.job, hasResult: passage == .result, at: now)
    }
  }

  /// Whether a probe should have given way to a better one that waits at its gate, by the state when the worker asked.
  func stands(back job: Job, for request: LeaseRequest, _ leased: [LeasedJob], _ jobs: [JobID: Job]) -> Bool {
    guard let key = job.gate, let gate = gates[key], gate.state == .halfOpen, gate.lastProbe != nil else {
      return false
    }
    let new = Set(leased.map(\.job.id))
    let queues = Set(request.limits.filter { $0.count > 0 }.map(\.queue))
    let rank = gate.rank(job)
    return jobs.values.contains { other in
      guard other.id != job.id, other.gate == key, queues.contains(other.queue),
        other.state == .ready || new.contains(other.id), gate.rank(other) < rank
      else { return false }
      guard let concurrencyKey = other.concurrencyKey else { return true }
      let running = jobs.values.count {
        $0.state == .running && $0.concurrencyKey == concurrencyKey && !new.contains($0.id)
      }
      return running < request.concurrencyLimit(of: concurrencyKey)
    }
  }

  /// Gates whose time is over let a probe through; the promoter reports how many jobs and gates it moved.
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
      var doubts: [JobID: GateStanding.Doubt] = [:]
      for doubt in series.selective.doubted { doubts[doubt.job] = GateStanding.Doubt(doubt) }
      try promise(
        Set(series.failures.map(\.job)) == Set(expected.met.keys) && series.hasClosed == expected.isClosedBySeries
          && series.suspect?.job == expected.suspect?.job && gate.lastProbe == expected.lastProbe
          && series.selective.turnedAway == expected.turnedAway && series.selective.tries == expected.tries
          && doubts == expected.doubts,
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
