extension Gate {
  /// An attempt ended otherwise than by getting through. A suspected outage is decided here: it closes the gate, or counts
  /// as the job's own failure.
  /// - Returns: what is to be recorded.
  public mutating func decide(_ outcome: Outcome, lease: Lease, at now: Timestamp) -> Outcome {
    switch outcome {
    case .closeGate(let closure): close(closure, lease: lease, at: now)
    case .suspectsOutage(let closure, let otherwise):
      // Whom others got past the last time is believed no more: its failure is one like others.
      let isBelieved = closure.closesAtOnce && !series.doubts(lease.job, at: now)
      guard state != .open || isBelieved || series.meet(lease.job, at: now) else { return otherwise.outcome }
      let isOpen = state == .open
      let isProbe = state == .halfOpen && probe == lease
      close(closure, lease: lease, at: now)
      guard isOpen || isProbe else { return .closeGate(closure) }
      series.hasClosed = true
      if isBelieved {
        if isOpen { rest(lease.job) }
        series.turnAway(lease.job, at: now)
      } else if isProbe {
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
  public mutating func getThrough(_ lease: Lease, isOver: Bool, at now: Timestamp) -> OutageSeries.Suspect? {
    guard isOver || !series.hasClosed else { return nil }
    switch state {
    case .halfOpen where probe == lease:
      let before = series
      open()
      series = before.outlived(by: lease.job, at: now)
      return before.suspect?.job == lease.job ? nil : before.suspect
    case .open where isOver: series.breakOff(lease.job)
    case .open, .halfOpen, .closed: break
    }
    return nil
  }

  /// The jobs that are not to be the next probe.
  /// - Parameter isAnother: whether a job may be leased behind this gate that is none of these.
  public func resting(_ isAnother: (Set<JobID>) throws -> Bool) rethrows -> Set<JobID> {
    guard state == .halfOpen, let lastProbe else { return [] }
    // When all were probes, they take turns.
    for some in [Set(series.probes).union([lastProbe]), [lastProbe]] where try isAnother(some) { return some }
    return []
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
      // Whom nobody got past goes on: an answer on the way is not yet the end of an outage with several faces.
      if !series.failures.isEmpty { series.hasClosed = true }
      shut(until: now + closure.duration(afterClosures: 1), closure.why, at: now)
    case .halfOpen where probe == lease:
      closures += 1
      isByPerson = false
      series.suspect = nil
      rest(lease.job)
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

  private mutating func rest(_ job: JobID) {
    lastProbe = job
    series.rest(job)
  }

  private mutating func shut(until end: Timestamp?, _ why: String, at now: Timestamp) {
    state = .closed
    closedAt = now
    until = end
    reason = why
    probe = nil
  }
}
