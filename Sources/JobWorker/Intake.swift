internal import JobQueue

/// Sets leased jobs to run, in free slots or in those of jobs whose ends are recorded with the same commit.
struct Intake: Sendable {
  let worker: WorkerID
  let clock: any QueueClock
  let terms: LeaseTerms
  let concurrency: [String: Int]
  let book: LeaseBook
  let executor: Executor
  let events: @Sendable (WorkerEvent) -> Void

  /// What to ask the store for.
  func request(_ slots: [LeaseRequest.QueueLimit]) -> LeaseRequest {
    LeaseRequest(owner: worker, limits: slots, concurrency: concurrency, duration: terms.duration)
  }

  /// What to ask for in the place of jobs that end; nil when the worker leases no more.
  func refill(for ending: [Lease]) async -> LeaseRequest? {
    let slots = await book.slots(of: ending)
    return slots.isEmpty ? nil : request(slots)
  }

  /// Sets jobs to run that the store leased.
  /// - Parameter ended: the jobs in whose slots they run, if the ends of those are recorded by now.
  func take(_ leased: [LeasedJob], leasedAt now: Timestamp, inPlaceOf ended: [Lease] = []) async {
    let expiresAt = now + terms.duration
    let runs = leased.map { Run($0, startedAt: now, timeout: executor.timeout(of: $0.job), clock: clock) }
    // A store that took this long to answer may have given the jobs to somebody else since.
    if clock.now() >= expiresAt { for run in runs { await run.stop(.leaseLost) } }
    await book.admit(runs, until: expiresAt, inPlaceOf: ended)
    for run in runs {
      events(.leased(run.leased))
      Task { await executor.execute(run) }
    }
  }
}
