public import JobQueue

extension InMemoryJobStore {
  /// Records how attempts ended.
  public func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    try InputLimits.check(completions)
    return try commit { tables in try completions.map { try tables.end($0, at: now) } }
  }

  /// Records how attempts ended and leases the next jobs, in one commit.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    try InputLimits.check(completions)
    return try commit { tables in
      let receipts = try completions.map { try tables.end($0, at: now) }
      return (receipts: receipts, leased: try tables.lease(request, at: now))
    }
  }
}

extension Tables {
  fileprivate mutating func end(_ completion: Completion, at now: Timestamp) throws -> CompletionReceipt {
    guard let job = fenced(completion.lease) else { return .leaseLost }
    let outcome = tellGate(
      of: job, job.cancelRequested ? completion.outcome.calledOff : completion.outcome, completion, at: now)
    let next = outcome.nextState(at: now)
    try move(job.id, to: next, at: now) { job in
      job.failures += outcome.countsAsFailure ? 1 : 0
      job.waitReason = nil
      switch outcome {
      case .done(let output): job.output = output
      case .dead(let failure): job.lastFailure = failure
      case .retry(let moment, let failure, let why):
        job.runAt = moment
        job.lastFailure = failure
        job.waitReason = why
      case .snooze(let moment, let why):
        job.runAt = moment
        job.waitReason = why
      case .closeGate(let closure): job.waitReason = closure.why
      // Its gate has decided.
      case .suspectsOutage: break
      case .hold(let why), .cancelled(let why), .handBack(let why): job.waitReason = why
      }
    }
    tellLine(of: job.id, at: now)
    closeAttempt(completion.lease) { attempt in
      attempt.endedAt = now
      attempt.outcome = outcome.word
      attempt.notes += completion.notes
      switch outcome {
      case .done, .suspectsOutage: break
      case .dead(let failure): attempt.failure = failure
      case .retry(let moment, let failure, let why):
        attempt.failure = failure
        attempt.nextRunAt = moment
        attempt.why = why
      case .snooze(let moment, let why):
        attempt.nextRunAt = moment
        attempt.why = why
      case .closeGate(let closure): attempt.why = closure.why
      case .hold(let why), .cancelled(let why), .handBack(let why): attempt.why = why
      }
    }
    return .recorded(next)
  }
}

extension Outcome {
  /// What a person's request to stop makes of an outcome: whatever would run again is cancelled, an end stays an end.
  fileprivate var calledOff: Outcome {
    switch self {
    case .done, .dead, .cancelled: self
    case .retry, .snooze, .closeGate, .suspectsOutage, .hold, .handBack:
      .cancelled(why: "a person called it off while it ran")
    }
  }
}
