import JobQueue

/// Decides what the end of an attempt means for its job.
struct OutcomeRule: Sendable {
  /// How long a job waits if this worker is too old or too small for it, or if the store failed while it ran.
  static let unreadableWait: Duration = .seconds(60)
  static let storeFailureWait: Duration = .seconds(5)
  /// The delay before the first probe of a gate that closed because attempts ran out of time waiting for the other
  /// side.
  static let slowAnswersWait: Duration = .seconds(5)

  let clock: any QueueClock
  let random: any RandomSource

  /// The outcome to record; nil if nothing may be recorded because the lease is lost.
  ///
  /// - Parameters:
  ///   - madeProgress: whether the attempt has recorded progress. The time limit is for attempts that stand still, so
  ///     one
  ///     that made progress and ran out of time is not a failure.
  ///   - wasAsking: whether a request was under way when the attempt was asked to stop. A provider that is slow
  ///     throughout
  ///     is an outage like one that hangs: the job's gate decides.
  func outcome(
    of end: RunningAttempt.End, for job: Job, entry: HandlerRegistry.Entry, madeProgress: Bool = false,
    wasAsking: Bool = false
  ) -> Outcome? {
    if end.stop == .leaseLost { return nil }
    switch end.result {
    // A job that was done before it noticed that it should stop is done: that is what happened.
    case .success(let output): return .done(output: output)
    case .failure(let error):
      if let error = error as? JobStoreError, error.code == .leaseLost { return nil }
      return stopped(by: end.stop, threw: error, for: job, entry: entry, madeProgress, wasAsking)
        ?? failed(error, for: job, entry: entry)
    case nil: return stopped(by: end.stop, threw: nil, for: job, entry: entry, madeProgress, wasAsking)
    }
  }

  /// Whether the handler ended with the other side's response.
  func isAnAnswer(_ end: RunningAttempt.End) -> Bool {
    guard case .failure(let error as any ReachabilityEvidence) = end.result else { return false }
    return error.isAnAnswer
  }

  /// The outcome of a job of a kind that this worker does not know.
  func unknownKind(_ job: Job) -> Outcome {
    snooze(Self.unreadableWait, why: PayloadError.unknownKind(job.kind).description)
  }

  private func stopped(
    by stop: RunningAttempt.Stop?, threw error: (any Error)?, for job: Job, entry: HandlerRegistry.Entry,
    _ madeProgress: Bool, _ wasAsking: Bool
  ) -> Outcome? {
    switch stop {
    case .cancelled: return .cancelled(why: "cancelled while running")
    // A handler that says on its way out what should follow knows better.
    case .timeout, .shutdown: if (error as? Verdict)?.isWordOfHandler == true { return nil }
    case .leaseLost, nil: return nil
    }
    guard case .timeout(let limit) = stop else { return .handBack(why: "the worker stopped") }
    if madeProgress {
      let seconds = limit.wholeMilliseconds / 1000
      return snooze(.zero, why: "reached its limit of \(seconds) s while making progress; continues where it stopped")
    }
    var failure = Failure(
      code: "timeout", message: "\(job.kind) took longer than \(limit.wholeMilliseconds) ms",
      hint: "raise the kind's timeout if the work is fine and just takes long")
    guard wasAsking else { return decide(.retry(failure), for: job, entry: entry) }
    failure.message += "; it was waiting for a response"
    let closure = GateClosure(base: Self.slowAnswersWait, why: failure.message)
    return decide(.suspectOutage(failure, closure), for: job, entry: entry)
  }

  private func failed(_ error: any Error, for job: Job, entry: HandlerRegistry.Entry) -> Outcome {
    switch error {
    case let verdict as Verdict: return decide(verdict, for: job, entry: entry)
    case let error as PayloadError: return unreadable(error)
    // A failure of the store is not a failure of the job.
    case let error as JobStoreError where Self.outages.contains(error.code):
      return snooze(Self.storeFailureWait, why: "the store failed: \(error)")
    default: return decide(entry.classify(error), for: job, entry: entry)
    }
  }

  private static let outages: Set<JobStoreError.Code> = [.unavailable, .busy, .full, .readOnly, .outcomeUnknown]

  private func unreadable(_ error: PayloadError) -> Outcome {
    switch error {
    case .newerVersion, .unknownKind: snooze(Self.unreadableWait, why: error.description)
    case .noUpcaster, .malformed: .dead(Failure(code: "payload", message: error.description))
    }
  }

  private func decide(_ verdict: Verdict, for job: Job, entry: HandlerRegistry.Entry) -> Outcome {
    verdict.outcome(for: job, policy: entry.policy.retry, at: clock.now(), random: random)
  }

  private func snooze(_ duration: Duration, why: String) -> Outcome {
    .snooze(until: clock.now() + duration, why: why)
  }
}
