import JobQueue

extension Oracle {
  /// Checks what a verb did to one job. A verb that ends attempts and leases the next jobs is checked in two steps.
  func checkSteps(from old: Job, to new: Job, _ verb: Verb, _ now: Timestamp) throws {
    guard case .complete(let ends, let grant?) = verb, grant.leased.contains(where: { $0.job.id == new.id }) else {
      return try checkMove(from: old, to: new, verb, now)
    }
    var between = new
    between.state = .ready
    between.token -= 1
    between.leaseOwner = nil
    between.leaseExpiresAt = nil
    try checkMove(from: old, to: between, .complete(ends, then: nil), now)
    // The first step has already checked a charged failure.
    try checkMove(from: between, to: new, .lease(grant), now, mayBeCharged: false)
  }

  private func checkMove(
    from old: Job, to new: Job, _ verb: Verb, _ now: Timestamp, mayBeCharged: Bool = true
  ) throws {
    let name = name(new.id)
    try promise(
      old.state == new.state || old.state.mayBecome(new.state), "\(name) went from \(old.state) to \(new.state)")
    try checkToken(old, new, verb)
    try checkCounts(old, new, verb, now, mayBeCharged: mayBeCharged)
    if old.state == .running, new.state != .running { try checkEnd(old, new, verb, now) }
    if old.state == .scheduled, new.state == .scheduled, old.runAt != new.runAt {
      try promise(turns[new.id]?.waits == true, "\(name) was moved to another moment though it waits for no turn")
    }
    if old.state.isFinished, !new.state.isFinished {
      guard case .retry(new.id) = verb else {
        throw InvariantViolation(what: "\(name) was \(old.state) and is \(new.state)")
      }
    }
    if old.state.isFinished, new.state.isFinished, old.state != new.state {
      guard case .discard(new.id) = verb, old.state == .dead, new.state == .cancelled else {
        throw InvariantViolation(what: "\(name) was \(old.state) and is \(new.state)")
      }
    }
    if case .discard(new.id) = verb {
      let isStopped = old.state == .dead || old.state == .held
      try promise(
        new.state == (isStopped ? .cancelled : old.state), "\(name) was \(old.state), was discarded and is \(new.state)"
      )
      try promise(new.lastFailure == old.lastFailure, "\(name) lost its failure when it was discarded")
    }
    if new.state == .completed, old.state == .completed {
      try promise(old.output == new.output, "the output of \(name) changed")
    }
    if case .cancel(new.id) = verb, !old.state.isFinished {
      try promise(
        old.state == .running ? new.cancelRequested : new.state == .cancelled, "\(name) was not cancelled")
    }
    if old.cancelRequested, new.state == .cancelled {
      try promise(
        new.waitReason == old.waitReason,
        "\(name) was cancelled for '\(old.waitReason ?? "")' and says '\(new.waitReason ?? "")'")
    }
    if case .retry(new.id) = verb, old.state == .completed || old.state == .dead || old.state == .scheduled {
      try promise(new.state == .ready || new.state == .blocked, "\(name) was retried and is \(new.state)")
    }
    if case .retry(new.id) = verb, old.state == .held || old.state == .cancelled { try checkLetGo(old, new, now) }
    if case .hold = verb, !old.state.isFinished {
      let expected: JobState = old.cancelRequested ? .cancelled : .held
      try promise(new.state == expected, "\(name) was \(old.state), all was held, and it is \(new.state)")
    }
  }

  /// A job that was held or cancelled continues where it was: behind its parents, at its planned time, or at once. A
  /// cancelled one may also have to wait for the end of another job with its key.
  private func checkLetGo(_ old: Job, _ new: Job, _ now: Timestamp) throws {
    let parents = entries[new.id]?.parents ?? []
    let waits = parents.contains { jobs[$0].map { $0.state != .completed } ?? false }
    let expected: JobState = waits ? .blocked : old.runAt > now ? .scheduled : .ready
    let mayFollow = old.state == .cancelled && new.state == .blocked
    try promise(
      new.state == expected || mayFollow,
      "\(name(new.id)) was \(old.state) and let go, and is \(new.state) instead of \(expected)")
    let keepsMoment = expected == .scheduled || old.state == .cancelled && old.runAt > now
    try promise(!keepsMoment || new.runAt == old.runAt, "\(name(new.id)) was let go to another moment")
  }

  private func checkToken(_ old: Job, _ new: Job, _ verb: Verb) throws {
    let granted = verb.grant?.leased.filter { $0.job.id == new.id } ?? []
    guard let lease = granted.first else {
      return try promise(
        new.token == old.token && (new.state != .running || new.leaseOwner == old.leaseOwner),
        "\(name(new.id)) changed its lease though nobody leased it")
    }
    try promise(granted.count == 1, "\(name(new.id)) was leased twice at once")
    try promise(old.state == .ready, "\(name(new.id)) was leased while \(old.state), under token \(old.token)")
    try promise(
      lease.lease.token == old.token + 1 && new.token == old.token + 1,
      "\(name(new.id)) was leased under token \(lease.lease.token) after \(old.token)")
    try promise(new.state == .running, "\(name(new.id)) was leased and is \(new.state)")
  }

  private func checkCounts(_ old: Job, _ new: Job, _ verb: Verb, _ now: Timestamp, mayBeCharged: Bool) throws {
    var failures = old.failures
    var crashes = old.crashes
    switch verb {
    case .retry(new.id) where old.state.isFinished:
      failures = 0
      crashes = 0
    case .complete(let ends, _):
      for end in ends where end.recorded == new.id {
        try promise(old.state == .running, "\(name(new.id)) was \(old.state), and its end was recorded")
        // A failed attempt that ends as cancelled does not count.
        let counts = end.completion.outcome.countsAsFailure && !uncounted.contains(end.completion.lease)
        failures += counts && new.state != .cancelled ? 1 : 0
      }
    case .reap(let sightings):
      let foretold = foretell(old, sightings, now)
      crashes = foretold.crashes
      if old.state == .ready {
        try promise(
          (new.state == .dead) == foretold.isDead, "\(name(new.id)) is \(new.state) after \(crashes) crashes")
      }
    default: break
    }
    // Unless an operator took it away meanwhile. A failure that would end the job is left to its next attempt.
    if mayBeCharged, charged[new.id] == old.token, old.state == .ready, failures + 1 < new.maxAttempts { failures += 1 }
    try promise(new.failures == failures, "\(name(new.id)) has \(new.failures) failures instead of \(failures)")
    try promise(new.crashes == crashes, "\(name(new.id)) has \(new.crashes) crashes instead of \(crashes)")
  }

  /// A running job ends only by its own worker's report, or by the end of its lease.
  private func checkEnd(_ old: Job, _ new: Job, _ verb: Verb, _ now: Timestamp) throws {
    let name = name(new.id)
    switch verb {
    case .complete(let ends, _):
      let recorded = ends.filter { $0.recorded == new.id }
      guard let end = recorded.first, recorded.count == 1 else {
        throw InvariantViolation(what: "\(name) stopped running, and \(recorded.count) of its ends were recorded")
      }
      try promise(isCurrent(end.completion.lease), "\(name) was ended by a lease that is not its newest one")
      try promise(end.receipt.state == new.state, "\(name) is \(new.state), its worker was told \(end.receipt)")
      if let moment = alone[new.id] {
        let expected: JobState = moment > now ? .scheduled : .ready
        try promise(
          new.state == expected && new.runAt == moment,
          "\(name) is \(new.state) until \(new.runAt) instead of \(expected) until \(moment)")
      }
      if case .done(let output) = end.completion.outcome {
        try promise(new.state == .completed && new.output == output, "\(name) is done without its output")
      }
    case .reap(let sightings):
      let isOver = old.leaseExpiresAt.map { $0 <= now } ?? false
      let isGone = old.leaseOwner.map { sightings.gone.contains($0) } ?? false
      try promise(isOver || isGone, "\(name) was taken back while its lease was good")
      let limit = foretell(old, sightings, now).isDead
      let expected: JobState = old.cancelRequested ? .cancelled : limit ? .dead : .ready
      try promise(new.state == expected, "\(name) was taken back as \(new.state) instead of \(expected)")
    case .hold: break
    default: throw InvariantViolation(what: "\(name) stopped running by \(verb)")
    }
  }
}
