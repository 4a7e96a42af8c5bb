extension Gate {
  /// Handles the end of an attempt that did not get through. For a suspected outage, decides whether it closes the gate
  /// or counts as the job's own failure.
  /// - Returns: the outcome to record.
  public mutating func decide(_ outcome: Outcome, lease: Lease, of traits: JobTraits, at now: Timestamp) -> Outcome {
    switch outcome {
    case .closeGate(let closure): close(closure, lease: lease, at: now)
    case .suspectsOutage(let closure, let otherwise) where closure.closesAtOnce:
      if isOwnAffair(closure, of: lease.job, at: now) { return waitAlone(closure, otherwise, lease.job, at: now) }
      turnAway(closure, lease: lease, traits, at: now)
      return .closeGate(closure)
    case .suspectsOutage(let closure, let otherwise):
      guard state != .open || series.meet(lease.job, at: now) else { return otherwise.outcome }
      let (wasOpen, wasProbe) = (state == .open, isProbed(by: lease))
      close(closure, lease: lease, at: now)
      if wasOpen { rest(lease.job) }
      if wasOpen || wasProbe {
        series.hasClosed = true
        series.selective.note(traits)
      }
      if wasProbe {
        series.suspect = OutageSeries.Suspect(job: lease.job, token: lease.token, failure: otherwise.failure)
      }
      return .closeGate(closure)
    default: break
    }
    return outcome
  }

  /// Whether others get through where this job does not, so that its failure says nothing about the gate.
  private mutating func isOwnAffair(_ closure: GateClosure, of job: JobID, at now: Timestamp) -> Bool {
    if series.selective.doubts(job, at: now) { return true }
    guard state == .open, closure.isByIntermediary, series.selective.mayJoin else { return false }
    series.selective.join(job, at: now)
    return true
  }

  /// A doubted job met the answer once more, while others get through. It counts if another job got through since the
  /// last time; while none does, it may be the outage. Nor does it count while different requests of the job meet it,
  /// which is chance; and what concerns only the time at which it was met never counts.
  private mutating func waitAlone(
    _ closure: GateClosure, _ otherwise: CountedFailure, _ job: JobID, at now: Timestamp
  ) -> Outcome {
    let doubt = series.selective.meetAgain(job, request: closure.request, at: now)
    if state == .open, doubt.isOutlived, doubt.isOfOneRequest, !closure.isMomentary {
      if otherwise.again == nil { series.selective.forget(job) }
      return otherwise.outcome
    }
    return .snooze(
      until: now + closure.duration(afterClosures: doubt.meetings),
      why: "\(closure.why); others get through, so this job waits alone")
  }

  /// Handles a job that met what closes the gate at once and is not doubted.
  private mutating func turnAway(_ closure: GateClosure, lease: Lease, _ traits: JobTraits, at now: Timestamp) {
    let (wasOpen, wasProbe) = (state == .open, isProbed(by: lease))
    if wasProbe, mayTryAnother(after: lease.job, closure) {
      probe = nil
      series.suspect = nil
      series.selective.tries += 1
      rest(lease.job)
    } else {
      close(closure, lease: lease, at: now)
      if wasOpen { rest(lease.job) }
    }
    if wasOpen || wasProbe { series.hasClosed = true }
    series.selective.turnAway(lease.job, traits)
  }

  /// Whether the next job is the probe at once, because this one met it for the first time and others may not meet it.
  private func mayTryAnother(after job: JobID, _ closure: GateClosure) -> Bool {
    guard closure.isByIntermediary, closure.requested == nil else { return false }
    guard !series.selective.turnedAway.contains(job), !series.probes.contains(job) else { return false }
    return series.selective.tries + 1 < SelectiveAnswers.tries(afterClosures: closures)
  }

  private func isProbed(by lease: Lease) -> Bool { state == .halfOpen && probe == lease }

  /// A job got through. This opens the gate if the job is its probe, and ends a series.
  ///
  /// An answer on the way to a result does not open a gate that was closed by a series: all jobs of a series may have
  /// been answered before they failed.
  /// - Returns: the job whose failure turns out to be its own.
  public mutating func getThrough(_ lease: Lease, _ passage: Passage, at now: Timestamp) -> OutageSeries.Suspect? {
    guard passage != .answer || !series.hasClosed else { return nil }
    switch state {
    case .halfOpen where probe == lease:
      let before = series
      open()
      series = before.outlived(by: lease.job, passage, at: now)
      guard let suspect = before.suspect, suspect.job != lease.job else { return nil }
      // One failure was already counted before the gate closed, and an outage costs a job no more than that.
      return before.failures.contains { $0.job == suspect.job } ? nil : suspect
    case .open where passage != .answer: series.breakOff(lease.job, passage, at: now)
    case .open, .halfOpen, .closed: break
    }
    return nil
  }

  /// Which of the waiting jobs may be the next probe; nil if any may.
  /// - Parameter isThere: whether a job that a preference allows may be leased behind this gate.
  public func preference(_ isThere: (ProbePreference) throws -> Bool) rethrows -> ProbePreference? {
    guard state == .halfOpen, let lastProbe else { return nil }
    let (turns, selective) = (Set(series.probes).union([lastProbe]), series.selective)
    let met = turns.union(selective.turnedAway).union(selective.doubted.map(\.job))
    // A job that has not met it and requests something else; if all waiting jobs have met it, they take turns.
    var all = [ProbePreference(excludedJobs: met)]
    if !selective.keys.isEmpty {
      all.insert(ProbePreference(excludedJobs: met, excludedKeys: Set(selective.keys)), at: 0)
    }
    if !selective.kinds.isEmpty {
      all.insert(ProbePreference(excludedJobs: met, excludedKinds: Set(selective.kinds)), at: 0)
    }
    if turns != met { all.append(ProbePreference(excludedJobs: turns)) }
    if turns != [lastProbe] { all.append(ProbePreference(excludedJobs: [lastProbe])) }
    return try all.first { try isThere($0) }
  }

  /// A job met the outage.
  ///
  /// Only the first job and a probe lengthen the wait: requests that were on their way when the gate closed add nothing
  /// new except a delay requested by the provider. A closure by an operator keeps its reason, and its end if that is
  /// later.
  public mutating func close(_ closure: GateClosure, lease: Lease, at now: Timestamp) {
    switch state {
    case .open:
      closures = 1
      closedManually = false
      // A series continues if nobody got through: an answer on the way does not yet end an outage that shows in several
      // ways.
      if !series.failures.isEmpty { series.hasClosed = true }
      shut(until: now + closure.duration(afterClosures: 1), closure.why, at: now)
    case .halfOpen where probe == lease:
      closures += 1
      closedManually = false
      series.suspect = nil
      series.selective.tries = 0
      rest(lease.job)
      shut(until: now + closure.duration(afterClosures: closures), closure.why, at: now)
    case .halfOpen, .closed:
      if let requested = closure.requested, let end = until { until = max(end, now + requested) }
    }
  }

  /// An operator closes it, until `end`, when the next probe may run, or, with nil, until an operator opens it.
  public mutating func close(until end: Timestamp?, reason: String, at now: Timestamp) {
    closures = 1
    closedManually = true
    lastProbe = nil
    series = OutageSeries()
    shut(until: end, reason, at: now)
  }

  /// Opens it: all jobs may pass.
  public mutating func open() {
    state = .open
    until = nil
    probe = nil
    closures = 0
    lastProbe = nil
    series = OutageSeries()
  }

  /// The gate's time is over: the next job that is leased is the probe.
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
