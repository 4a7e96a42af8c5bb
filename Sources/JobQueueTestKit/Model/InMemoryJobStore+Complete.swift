public import JobQueue

extension InMemoryJobStore {
  /// Records how attempts ended.
  public func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    try JobLimits.check(completions)
    return try commit { tables in try completions.map { try tables.end($0, at: now) } }
  }

  /// Records how attempts ended and leases the next jobs, in one commit.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    try JobLimits.check(completions)
    try JobLimits.check(count: request.limits.count, of: "queues", "lease")
    return try commit { tables in
      let receipts = try completions.map { try tables.end($0, at: now) }
      return (receipts: receipts, leased: try tables.lease(request, at: now))
    }
  }
}

extension Tables {
  fileprivate mutating func end(_ completion: Completion, at now: Timestamp) throws -> CompletionReceipt {
    guard let job = fenced(completion.lease) else { return .leaseLost }
    var end = AttemptEnd(
      completion, hasGate: job.gate != nil,
      cancel: CancelRequest(isRequested: job.cancelRequested, reason: job.waitReason))
    updateGate(of: job, &end, at: now)
    try move(job.id, to: end.state(at: now), at: now) { job in
      job.failures += end.failures
      job.lastFailure = end.failure ?? job.lastFailure
      job.runAt = end.nextRun ?? job.runAt
      job.waitReason = end.why
      job.output = end.output ?? job.output
    }
    updateLine(of: job.id, at: now)
    closeAttempt(completion.lease) { attempt in
      attempt.endedAt = now
      attempt.outcome = end.word
      attempt.failure = end.failure
      attempt.nextRunAt = end.nextRun
      attempt.why = end.why
      attempt.notes += completion.notes
    }
    record(completion.records, under: completion.lease, at: now)
    return end.receipt(at: now)
  }
}
