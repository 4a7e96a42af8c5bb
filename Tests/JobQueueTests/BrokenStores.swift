import JobQueue
import JobQueueTestKit

/// A way to build a store wrong. The simulator must notice each.
enum Defect: String, CaseIterable, Sendable {
  case noFence = "completions and journal writes are taken from anyone who ever held the lease"
  case lookThenInsert = "uniqueness is looked up in what was there a moment ago"
  case keyFreedForGood = "a key that is held for good is free once its job is finished"
  case heldKeyPruned = "the pruner also takes a job that holds its key for good"
  case leaseWithoutExpiry = "running jobs are taken back without a look at their leases' ends"
  case forgottenChildren = "children of a completed job are not released"
  case lostCompletion = "a completion is acknowledged and not kept"
  case completionWithoutTransaction = "a completion's state is kept, its attempt and its children are not"
  case completionWithoutAttempt = "a completion's state is kept, its attempt is not"
  case tokenStandsStill = "a second lease has the token of the first"
  case eagerRetry = "a finished job is made ready by the promoter"
  case forgottenFailures = "failures are not counted"
  case lostJob = "the pruner also takes what is unfinished"
  case doubleLease = "a lease is also given for a job that runs"
  case forgottenIntent = "an intent is not kept"
  case cancelForgotten = "a request to stop is not kept"
  case discardForgotten = "a discard is acknowledged and not kept"
  case failureDiscarded = "a discard takes the failure along"
  case reasonOverwritten = "a worker's word stands above the reason of a cancel"
  case childBeforeParent = "the next lease does not wait for the parents of what it leases"
  case gateIgnored = "jobs are leased whatever their gate says"
  case twoProbes = "a half-open gate lets everyone through"
  case probeProvesNothing = "a probe that is answered does not open its gate"
  case probeProvesAll = "a probe opens its gate whatever it ends with"
  case checkpointProves = "a probe's checkpoint opens its gate"
  case lostProbe = "a probe that is lost with its worker keeps its gate's only place"
  case gateStaysClosed = "a closed gate whose time is over is not looked at"
  case decisionUntold = "a worker is told that the end is recorded as it said, whatever the gate decided"
  case seriesIgnored = "a suspected outage always counts against its job"
  case seriesUncounted = "a suspected outage never counts against its job"
  case seriesForgotten = "failures in a row are forgotten between two calls"
  case seriesUnbroken = "failures count as in a row though somebody got through in between"
  case sameProbe = "the job whose probe met the outage is the next probe, whoever else waits"
  case ownFailureForgiven = "a probe's failure does not count when the next probe gets through"
  case keyIgnored = "jobs are leased whatever their concurrency key says"
  case lookThenTake = "a unit is taken by what was taken a moment ago"
  case unitForZombie = "a unit is given to anyone who ever held the lease"
  case unitWithoutIntent = "a unit is taken and the intent is left to a later commit"
  case unitKept = "a refusal does not give the unit back"
  case limitForgotten = "that the provider's own count is full is not kept"
  case lineStands = "a unit that is given back lies idle while others wait for one"
  case standstillIsCrash = "a job whose lease ran out has lost its worker for sure"
  case crashForgotten = "a worker that stays silent is never taken for gone"
  case crashKept = "progress does not set the crashes back"
  case recordOutsideCommit = "a record is kept though its commit is refused"
  case recordForgotten = "a completion is kept, its records are not"
  case recordReplaced = "a record that was to be new replaces the one that is there"
  case jobsDespiteRecord = "jobs are taken in though a record of their commit is refused"
  case heldNotTaken = "what runs goes on though all is held"
  case heldRunsAtOnce = "what was held runs at once, whatever it waited for"
  case momentForgotten = "what was cancelled before its moment runs at once when it is retried"
  case lineIgnored = "whoever asks gets a unit, however many stand in line before"
}

/// The model with a defect.
actor BrokenStore: StoreWrapper {
  nonisolated let model: InMemoryJobStore
  nonisolated let defect: Defect
  nonisolated var base: any JobStore { model }
  /// What the defective look sees: the jobs before the newest change.
  private var stale: [Job] = []

  init(_ defect: Defect) {
    self.defect = defect
    model = InMemoryJobStore(random: SeededRandom(seed: 1))
  }

  func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt] {
    if defect == .jobsDespiteRecord {
      do {
        return try await model.enqueue(jobs, recording: records, at: now)
      } catch let error as JobStoreError where error.code == .recordExists {
        _ = try await model.enqueue(jobs, at: now)
        throw error
      }
    }
    if defect == .keyFreedForGood {
      var jobs = jobs
      for index in jobs.indices { jobs[index].uniqueness = .whileUnfinished }
      return try await model.enqueue(jobs, recording: records, at: now)
    }
    guard defect == .lookThenInsert else { return try await model.enqueue(jobs, recording: records, at: now) }
    let seen = stale
    stale = try await model.jobs(JobQuery())
    // Whoever holds the key by now came between the look and the insert: that caller's key is overlooked.
    var jobs = jobs
    for index in jobs.indices where !seen.contains(where: { $0.uniqueKey == jobs[index].uniqueKey }) {
      jobs[index].uniqueKey = nil
    }
    return try await model.enqueue(jobs, recording: records, at: now)
  }

  /// One part after the other, each with the defect.
  nonisolated func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    var receipts: [EnqueueReceipt] = []
    while let part = try next() { receipts += try await enqueue(part, at: now()) }
    return receipts
  }

  func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob] {
    switch defect {
    case .gateIgnored, .twoProbes, .lostProbe, .keyIgnored, .sameProbe, .childBeforeParent:
      return try await leasePastLanes(request, at: now)
    default: break
    }
    if defect == .doubleLease {
      await model.tamper { tables in
        if let job = tables.jobs.values.filter({ $0.state == .running }).min(by: { $0.id < $1.id }) {
          tables.jobs[job.id]?.state = .ready
        }
      }
    }
    var leased = try await model.lease(request, at: now)
    if defect == .tokenStandsStill {
      for index in leased.indices { leased[index].lease.token = 1 }
    }
    return leased
  }

  func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt] {
    var completions = completions
    switch defect {
    case .lostCompletion:
      return completions.map { .recorded($0.outcome.nextState(at: now)) }
    case .noFence, .tokenStandsStill:
      for index in completions.indices { completions[index].lease = await newest(completions[index].lease) }
    case .probeProvesAll:
      for index in completions.indices { completions[index].isAnswered = true }
    case .seriesIgnored, .seriesUncounted:
      for index in completions.indices {
        guard case .suspectsOutage(let closure, let otherwise) = completions[index].outcome else { continue }
        completions[index].outcome = defect == .seriesIgnored ? otherwise.outcome : .closeGate(closure)
      }
    case .seriesForgotten:
      await model.tamper { tables in
        for key in tables.gates.keys where tables.gates[key]?.state == .open {
          tables.gates[key]?.series = OutageSeries()
        }
      }
    case .recordForgotten:
      for index in completions.indices { completions[index].records = [] }
    case .recordReplaced:
      for index in completions.indices { completions[index].records.replaceAnything() }
    case .forgottenFailures:
      for index in completions.indices {
        if case .retry(let moment, _, let why) = completions[index].outcome {
          completions[index].outcome = .snooze(until: moment, why: why)
        }
      }
    default: break
    }
    let blocked = try await model.jobs(JobQuery(states: [.blocked])).map(\.id)
    let gates = await model.tamper { $0.gates }
    let before = await model.tamper { $0 }
    let receipts = try await model.complete(completions, at: now)
    if defect == .seriesUnbroken || defect == .ownFailureForgiven { await undoSuccess(before) }
    if defect == .lineStands { await keepMoments(before) }
    if defect == .recordOutsideCommit {
      let refused = zip(completions, receipts).filter { $0.1 == .leaseLost }
      await keep(refused.flatMap(\.0.records), at: now)
    }
    if defect == .decisionUntold { return receipts.map { $0.state.map { .recorded($0) } ?? .leaseLost } }
    if defect == .reasonOverwritten { await overwriteReasons(completions, receipts) }
    if defect == .probeProvesNothing { await keepHalfOpen(gates) }
    if defect == .completionWithoutTransaction || defect == .completionWithoutAttempt {
      await loseAttempts(completions, receipts)
    }
    if defect == .forgottenChildren || defect == .completionWithoutTransaction {
      await model.tamper { tables in
        for id in blocked { tables.jobs[id]?.state = .blocked }
      }
    }
    return receipts
  }

  /// One after the other, each with the defect.
  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    let receipts = try await complete(completions, at: now)
    return (receipts, try await lease(request, at: now))
  }

  func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws {
    var lease = lease
    if defect == .noFence || defect == .tokenStandsStill { lease = await newest(lease) }
    var entries = entries
    if defect == .forgottenIntent {
      entries.removeAll { if case .intent = $0 { true } else { false } }
    }
    if defect == .limitForgotten {
      entries.removeAll { if case .budgetSpent = $0 { true } else { false } }
    }
    if defect == .checkpointProves, entries.contains(where: { if case .checkpoint = $0 { true } else { false } }) {
      entries.append(.answer)
    }
    if defect == .crashKept {
      entries.removeAll { if case .progress = $0 { true } else { false } }
    }
    let before = await model.tamper { $0 }
    do {
      try await model.write(entries, under: lease, at: now)
    } catch {
      if defect == .recordOutsideCommit { await keep(entries.compactMap(\.record), at: now) }
      throw error
    }
    if defect == .lineStands { await keepMoments(before) }
    if defect == .unitKept { await keep(before.units, refused: entries, of: lease.job) }
  }

  func extend(_ leases: [Lease], by duration: Duration, at now: Timestamp) async throws -> [Lease: LeaseStatus] {
    guard defect == .tokenStandsStill else { return try await model.extend(leases, by: duration, at: now) }
    var statuses: [Lease: LeaseStatus] = [:]
    for lease in leases {
      let real = await newest(lease)
      statuses[lease] = try await model.extend([real], by: duration, at: now)[real]
    }
    return statuses
  }

  func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion {
    if defect == .eagerRetry {
      await model.tamper { tables in
        if let id = tables.jobs.values.filter({ $0.state == .completed }).map(\.id).min() {
          tables.jobs[id]?.state = .ready
          tables.jobs[id]?.finishedAt = nil
        }
      }
    }
    guard defect == .gateStaysClosed else { return try await model.promoteDue(at: now, limit: limit) }
    let gates = await model.tamper { $0.gates }
    await model.tamper { $0.gates = [:] }
    let promoted = try await model.promoteDue(at: now, limit: limit)
    await model.tamper { $0.gates = gates }
    return promoted
  }

  func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    var sightings = sightings
    let running = try await model.jobs(JobQuery(states: [.running])).compactMap(\.leaseOwner)
    if defect == .leaseWithoutExpiry { sightings.gone = running }
    if defect == .standstillIsCrash { sightings.gone += running }
    if defect == .crashForgotten { sightings.alive = await model.tamper { $0.losses.map(\.worker) } }
    return try await model.reap(sightings, terms: terms, limit: limit, at: now)
  }

  func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int {
    if defect == .lostJob {
      await model.tamper { tables in
        if let id = tables.jobs.values.filter({ $0.state == .ready }).map(\.id).min() { tables.jobs[id] = nil }
      }
    }
    if defect == .heldKeyPruned {
      await model.tamper { tables in
        for id in tables.jobs.keys { tables.jobs[id]?.uniqueness = .whileUnfinished }
      }
    }
    return try await model.prune(finishedBefore: moment, limit: limit)
  }

  func holdUnfinished(why: String, by author: Operator, at now: Timestamp) async throws -> Int {
    let running = try await model.jobs(JobQuery(states: [.running])).map(\.id)
    let held = try await model.holdUnfinished(why: why, by: author, at: now)
    if defect == .heldNotTaken { _ = try await model.retry(running, by: author, at: now) }
    return held
  }

  func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState] {
    let before = try await model.jobs(JobQuery(ids: jobs))
    let states = try await model.retry(jobs, by: author, at: now)
    if defect == .momentForgotten {
      let cancelled = before.filter { $0.state == .cancelled && states[$0.id] == .scheduled }.map(\.id)
      return states.merging(try await model.retry(cancelled, by: author, at: now)) { _, last in last }
    }
    guard defect == .heldRunsAtOnce else { return states }
    return try await model.retry(jobs, by: author, at: now)
  }

  func cancel(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    let states = try await model.cancel(jobs, why: why, by: author, at: now)
    if defect == .cancelForgotten {
      await model.tamper { tables in
        for id in jobs { tables.jobs[id]?.cancelRequested = false }
      }
    }
    return states
  }

  func discard(
    _ jobs: [JobID], why: String, by author: Operator, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    if defect == .discardForgotten { return Dictionary(uniqueKeysWithValues: jobs.map { ($0, .cancelled) }) }
    let states = try await model.discard(jobs, why: why, by: author, at: now)
    if defect == .failureDiscarded {
      await model.tamper { tables in
        for id in jobs { tables.jobs[id]?.lastFailure = nil }
      }
    }
    return states
  }

  /// The process died when the job's row was written and its attempt's was not: the open attempt went with the lease.
  private func loseAttempts(_ completions: [Completion], _ receipts: [CompletionReceipt]) async {
    await model.tamper { tables in
      for (completion, receipt) in zip(completions, receipts) where receipt != .leaseLost {
        tables.attempts[completion.lease.job]?.removeAll { $0.number == completion.lease.token }
      }
    }
  }

  private func overwriteReasons(_ completions: [Completion], _ receipts: [CompletionReceipt]) async {
    await model.tamper { tables in
      for (completion, receipt) in zip(completions, receipts) where receipt.state == .cancelled {
        tables.jobs[completion.lease.job]?.waitReason = "cancelled while running"
      }
    }
  }

  /// The lease under which the job runs now, whoever asks.
  func newest(_ lease: Lease) async -> Lease {
    guard let job = try? await model.jobs(JobQuery(ids: [lease.job])).first, let owner = job.leaseOwner else {
      return lease
    }
    return Lease(job: job.id, owner: owner, token: job.token)
  }
}
