import JobQueue

/// Jobs on their way from the store to their attempts: requested, recorded as held, and then in a stream that the lease
/// loop consumes.
///
/// They run in free slots, or in those of jobs whose ends are recorded in the same commit.
package struct LeasedJobs: Sendable {
  let worker: WorkerID
  let clock: any QueueClock
  let terms: LeaseTerms
  let concurrency: [String: Int]
  let held: HeldLeases
  let runner: AttemptRunner
  let events: @Sendable (WorkerEvent) -> Void
  /// The attempts to be started, all those of one commit together, because passing each on by itself costs more than
  /// many a job does. For one consumer.
  package let attempts: AsyncStream<[RunningAttempt]>
  private let arrived: AsyncStream<[RunningAttempt]>.Continuation

  init(
    worker: WorkerID, clock: any QueueClock, configuration: WorkerConfiguration, held: HeldLeases,
    runner: AttemptRunner, events: @escaping @Sendable (WorkerEvent) -> Void
  ) {
    self.worker = worker
    self.clock = clock
    terms = configuration.terms
    concurrency = configuration.concurrency
    self.held = held
    self.runner = runner
    self.events = events
    (attempts, arrived) = AsyncStream.makeStream()
  }

  /// What to request from the store.
  func request(_ slots: [LeaseRequest.QueueLimit]) -> LeaseRequest {
    LeaseRequest(owner: worker, limits: slots, concurrency: concurrency, duration: terms.duration)
  }

  /// What to request to replace jobs that end; nil once the worker has stopped leasing.
  func refill(for ending: [Lease]) async -> LeaseRequest? {
    let slots = await held.slots(of: ending)
    return slots.isEmpty ? nil : request(slots)
  }

  /// Adds jobs that the store leased: they are held when this returns, and will be started.
  /// - Parameter ended: the jobs in whose slots they run, if the ends of those are recorded by now.
  func take(_ leased: [LeasedJob], leasedAt now: Timestamp, inPlaceOf ended: [Lease] = []) async {
    let expiresAt = now + terms.duration
    let attempts = leased.map { runner.attempt(of: $0, startedAt: now) }
    // If the store took this long to answer, it may have given the jobs to someone else since.
    if clock.now() >= expiresAt { for attempt in attempts { await attempt.stop(.leaseLost) } }
    await held.admit(attempts, until: expiresAt, inPlaceOf: ended)
    for attempt in attempts { events(.leased(attempt.leased)) }
    if !attempts.isEmpty { arrived.yield(attempts) }
  }

  /// Ends the stream.
  func finish() {
    arrived.finish()
  }
}
