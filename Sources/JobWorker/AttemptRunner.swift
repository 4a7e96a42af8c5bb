public import JobQueue

/// Runs a leased job once: from its payload through its handler to the outcome to be recorded.
///
/// The worker, the simulator and tests of handlers all run jobs through this and nothing else, so that they see the
/// same attempts. It leases nothing and records nothing. The worker enforces the time limits of the attempts that it
/// runs.
public final class AttemptRunner: Sendable {
  private let store: any JournalStore
  private let registry: HandlerRegistry
  private let clock: any QueueClock
  private let rule: OutcomeRule
  private let faults: any FaultInjector
  private let timeouts: [String: Duration]
  private let around: WorkerConfiguration.Around
  private let occurrences: OccurrenceCheck?

  /// Creates a runner.
  /// - Parameters:
  ///   - store: what the handlers' journals are kept in.
  ///   - registry: the handlers by kind.
  ///   - clock: what attempts go by.
  ///   - random: where jitter comes from.
  ///   - faults: where a test stops it.
  ///   - timeouts: how long one attempt may take, by kind, instead of what the type's policy says.
  ///   - around: wraps each run of a handler.
  ///   - schedules: where the schedules are by which a scheduled job may begin; nil lets every job begin.
  public init(
    store: any JournalStore, registry: HandlerRegistry, clock: any QueueClock = SystemClock(),
    random: any RandomSource = SystemRandom(), faults: any FaultInjector = NoFaults(),
    timeouts: [String: Duration] = [:], around: @escaping WorkerConfiguration.Around = { _, run in try await run() },
    schedules: (any QueryStore)? = nil
  ) {
    self.store = store
    self.registry = registry
    self.clock = clock
    rule = OutcomeRule(clock: clock, random: random)
    self.faults = faults
    self.timeouts = timeouts
    self.around = around
    occurrences = schedules.map { OccurrenceCheck($0) }
  }

  /// Runs a leased job once. If the task is cancelled, the handler is asked to stop, and the job is handed back.
  /// - Returns: what to record; nil if the lease is lost, so that nothing may be recorded.
  /// - Throws: what a fault point threw. It stands for a worker that died there, so nothing is recorded.
  public func run(_ leased: LeasedJob) async throws -> Completion? {
    let attempt = attempt(of: leased, startedAt: clock.now())
    return try await withTaskCancellationHandler {
      try await run(attempt)
    } onCancel: {
      Task { await attempt.stop(.shutdown) }
    }
  }

  /// An attempt that has not been started yet.
  func attempt(of leased: LeasedJob, startedAt: Timestamp) -> RunningAttempt {
    let kind = leased.job.kind
    let timeout = timeouts[kind] ?? registry[kind]?.policy.timeout ?? JobPolicy().timeout
    return RunningAttempt(leased, startedAt: startedAt, timeout: timeout, clock: clock)
  }

  /// Runs an attempt that may be asked to stop meanwhile.
  func run(_ attempt: RunningAttempt) async throws -> Completion? {
    try await faults.reached(.leased)
    guard let entry = registry[attempt.leased.job.kind] else {
      return try await ended(attempt, rule.unknownKind(attempt.leased.job))
    }
    let attemptNotes = AttemptNotes()
    let context = JobContext(
      job: attempt.leased, store: store, clock: clock, attemptNotes: attemptNotes, faults: faults)
    let end = await attempt.perform { [around, occurrences, clock] in
      try await occurrences?.pass(attempt.leased, at: clock.now())
      return try await around(context) { try await entry.run(context) }
    }
    let signs = attemptNotes.signs
    if let cut = signs.cut { throw cut }
    if end.stop != .leaseLost, case .failure(let notBegun as NotBegun) = end.result {
      return try await ended(attempt, .cancelled(why: notBegun.why), records: notBegun.records)
    }
    let outcome = rule.outcome(
      of: end, for: attempt.leased.job, entry: entry, madeProgress: signs.madeProgress, wasAsking: signs.wasAsking)
    guard let outcome else { return nil }
    let rest = attemptNotes.takeRest(recording: outcome)
    return try await ended(
      attempt, rest.outcome, notes: rest.notes, isAnswered: signs.hasAnswer || rule.isAnAnswer(end),
      records: rest.records)
  }

  private func ended(
    _ attempt: RunningAttempt, _ outcome: Outcome, notes: [Note] = [], isAnswered: Bool = false,
    records: [RecordWrite] = []
  ) async throws -> Completion {
    try await faults.reached(.beforeCompletion)
    return Completion(
      lease: attempt.leased.lease, outcome: outcome, notes: notes, isAnswered: isAnswered, records: records)
  }
}
