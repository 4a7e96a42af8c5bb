import JobQueue
import JobWorker

// MARK: What a worker and the store dealt with each other

extension World {
  /// Checks what the worker just did against the promises, and takes on the jobs that it got.
  /// - Parameter isLost: whether the worker did not get the answer.
  func settle(with worker: Worker, isLost: Bool = false) async throws {
    var promotions: [Promotion] = []
    for call in worker.link.takeCalls() {
      switch call {
      case .leased(let grant):
        try checkSlots(of: worker, grant, ending: [])
        try await takeOn(grant, worker, isLost: isLost)
        try await check(after: .lease(grant))
      case .completed(let ends, let grant):
        try await settle(ends, grant, of: worker, isLost: isLost)
      case .extended(let statuses):
        try settle(statuses, of: worker)
        try await check(after: .extend(worker.id))
      case .promoted(let promotion): promotions.append(promotion)
      case .reaped(let sightings, let states): try await settle(sightings, states, of: worker)
      case .announced(let record): settle(record)
      case .retired(let workers): try settle(retired: workers, by: worker)
      }
    }
    try await settle(promotions)
    try await checkHeld(worker)
  }

  private func takeOn(_ grant: Oracle.Grant, _ worker: Worker, isLost: Bool) async throws {
    log("\(worker.id) leases \(grant.leased.map { told($0.lease) })\(isLost ? ", and never hears of it" : "")")
    summary.attempts += grant.leased.count
    for leased in grant.leased {
      if isLost {
        worker.unknown.insert(leased.lease)
      } else if let attempt = await worker.nextArrival() {
        try promise(attempt.leased.lease == leased.lease, "\(worker.id) starts what it did not lease")
        worker.runs.append(Run(attempt, stepped: SteppedHandler(assignment(of: leased.job))))
      }
    }
  }

  private func settle(_ ends: [Oracle.End], _ grant: Oracle.Grant?, of worker: Worker, isLost: Bool) async throws {
    var current = Set(ends.map(\.completion.lease).filter { oracle.isCurrent($0) })
    if let grant {
      summary.relays += grant.leased.count
      try checkSlots(of: worker, grant, ending: current)
    }
    for end in ends {
      let lease = end.completion.lease
      log("\(worker.id) ends \(told(lease)) as \(end.completion.outcome.word): \(end.receipt)")
      // Of two ends of one lease in one call, the first counts.
      try promise(
        (end.recorded != nil) == (current.remove(lease) != nil),
        "\(told(lease)): the completion's receipt is \(end.receipt)")
      if let job = end.recorded {
        oracle.note(end.completion.records, by: job, at: clock.now())
      } else {
        summary.refusals += 1
      }
    }
    if let grant { try await takeOn(grant, worker, isLost: isLost) }
    try await check(after: .complete(ends, then: grant))
    for end in ends {
      guard let state = end.receipt.state else { continue }
      let job = end.completion.lease.job
      let isLeasedAgain = grant?.leased.contains { $0.job.id == job } ?? false
      try promise(
        oracle.jobs[job]?.state == (isLeasedAgain ? .running : state),
        "\(oracle.name(job)) is not \(state) as its worker was told")
      let word = oracle.attempts[job]?.first { $0.number == end.completion.lease.token }?.outcome
      let told = end.receipt.recorded(end.completion.outcome)?.word
      try promise(
        word == told, "\(oracle.name(job)) ended as \(word as Any), its worker was told \(told as Any)")
    }
  }

  private func settle(_ statuses: [Lease: LeaseStatus], of worker: Worker) throws {
    for (lease, status) in statuses.sorted(by: { $0.key.job < $1.key.job }) {
      if oracle.isCurrent(lease) {
        let asked = oracle.jobs[lease.job]?.cancelRequested ?? false
        try promise(status == .held(cancelRequested: asked), "\(told(lease)) is said to be \(status)")
      } else {
        try promise(status == .lost, "a zombie was told that it holds \(told(lease))")
        summary.refusals += 1
      }
    }
  }
}

// MARK: What is promised of a worker

extension World {
  /// A live worker knows every job that runs in its name, unless it could not learn of it or had to give it up.
  private func checkHeld(_ worker: Worker) async throws {
    let held = Set(await worker.parts.held.leases).union(worker.unknown)
    let forgotten = oracle.running(under: worker.id).filter { !held.contains($0) }
    try promise(forgotten.isEmpty, "\(worker.id) knows nothing of \(forgotten.map(told)), which run in its name")
  }

  /// No more jobs of a queue run in a worker's name at once than it has slots.
  private func checkSlots(of worker: Worker, _ grant: Oracle.Grant, ending: Set<Lease>) throws {
    for (queue, slots) in worker.slots.sorted(by: { $0.key < $1.key }) {
      let running = oracle.running(under: worker.id).filter {
        oracle.jobs[$0.job]?.queue == queue && !ending.contains($0) && !worker.unknown.contains($0)
      }
      let count = running.count + grant.leased.count { $0.job.queue == queue }
      try promise(count <= slots, "\(worker.id) has \(slots) slots for \(queue), and \(count) jobs at once")
    }
  }

  /// After a heartbeat, each valid lease lasts as long as a new one.
  func checkExtended(_ worker: Worker) async throws {
    for run in worker.runs where oracle.isCurrent(run.leased.lease) {
      let end = oracle.jobs[run.leased.job.id]?.leaseExpiresAt
      let isHeld = await worker.parts.held.leases.contains(run.leased.lease)
      try promise(
        !isHeld || end == clock.now() + LeaseTerms.standard.duration,
        "\(worker.id) let \(told(run.leased.lease)) run out, which ends at \(end as Any)")
    }
  }

  func told(_ lease: Lease) -> String { "\(oracle.name(lease.job))/\(lease.token)" }
}

extension Oracle {
  /// The leases under which jobs run in a worker's name, oldest job first.
  func running(under worker: WorkerID) -> [Lease] {
    present.compactMap { runningLease(of: $0) }.filter { $0.owner == worker }
  }
}
