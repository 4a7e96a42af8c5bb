extension Gate {
  /// An attempt ended otherwise than by getting through. A suspected outage is decided here: it closes the gate, or counts
  /// as the job's own failure.
  /// - Returns: what is to be recorded.
  public mutating func decide(_ outcome: Outcome, lease: Lease, at now: Timestamp) -> Outcome {
    switch outcome {
    case .closeGate(let closure): close(closure, lease: lease, at: now)
    case .suspectsOutage(let closure, let otherwise):
      guard state != .open || series.meet(lease.job, at: now) else { return otherwise.outcome }
      let isOpen = state == .open
      let isProbe = state == .halfOpen && probe == lease
      close(closure, lease: lease, at: now)
      if isOpen || isProbe { series.hasClosed = true }
      if isProbe {
        series.suspect = OutageSeries.Suspect(job: lease.job, token: lease.token, failure: otherwise.failure)
      }
      return .closeGate(closure)
    default: break
    }
    return outcome
  }

  /// A job got through; that opens a gate whose probe it is, and ends a series.
  ///
  /// It `isOver` when an effect has its result or the job has ended. An answer on the way there opens no gate that a
  /// series has closed: the jobs of a series may all be answered before they fail.
  /// - Returns: the job whose failure was its own, as is known now.
  public mutating func getThrough(_ lease: Lease, isOver: Bool) -> OutageSeries.Suspect? {
    guard isOver || !series.hasClosed else { return nil }
    switch state {
    case .halfOpen where probe == lease:
      let suspect = series.suspect
      open()
      return suspect?.job == lease.job ? nil : suspect
    case .open where isOver: series.breakOff()
    case .open, .halfOpen, .closed: break
    }
    return nil
  }

  /// A job met the outage.
  ///
  /// Only the first one and a probe make the wait longer: what was on its way when the gate closed says nothing new but
  /// the time that the provider asks for. A person's closure keeps its reason, and a later end.
  public mutating func close(_ closure: GateClosure, lease: Lease, at now: Timestamp) {
    switch state {
    case .open:
      closures = 1
      isByPerson = false
      shut(until: now + closure.duration(afterClosures: 1), closure.why, at: now)
    case .halfOpen where probe == lease:
      closures += 1
      isByPerson = false
      series.suspect = nil
      lastProbe = lease.job
      shut(until: now + closure.duration(afterClosures: closures), closure.why, at: now)
    case .halfOpen, .closed:
      if let requested = closure.requested, let end = until { until = max(end, now + requested) }
    }
  }

  /// A person closes it, until the next probe may run or, with nil, until a person opens it.
  public mutating func close(until end: Timestamp?, reason: String, at now: Timestamp) {
    closures = 1
    isByPerson = true
    lastProbe = nil
    series = OutageSeries()
    shut(until: end, reason, at: now)
  }

  /// All may pass.
  public mutating func open() {
    state = .open
    until = nil
    probe = nil
    closures = 0
    lastProbe = nil
    series = OutageSeries()
  }

  /// The time is over: the next job that is leased is the probe.
  public mutating func letProbe() {
    state = .halfOpen
    until = nil
    probe = nil
  }

  private mutating func shut(until end: Timestamp?, _ why: String, at now: Timestamp) {
    state = .closed
    closedAt = now
    until = end
    reason = why
    probe = nil
  }
}
