import JobQueue

extension World {
  private static let slots = 4

  /// One worker does one thing: takes on jobs, or brings one of its jobs a little further.
  func work() async throws {
    let awake = workers.filter { $0.stalledUntil <= clock.passed }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    if worker.runs.isEmpty || (worker.runs.count < Self.slots && random.chance(1, in: 3)) {
      try await lease(worker)
    } else {
      let run = pick(worker.runs)
      for _ in 0...random.below(4) { try await advance(run, of: worker) }
    }
  }

  func lease(_ worker: Worker) async throws {
    let limits = queues.map { LeaseRequest.QueueLimit(queue: $0, count: 1 + random.below(2)) }
    let leased = try await store.lease(LeaseRequest(owner: worker.id, limits: limits), at: clock.now())
    tell("\(worker.id) leases \(leased.map { "\(ledger.name($0.job.id))/\($0.lease.token)" })")
    summary.attempts += leased.count
    worker.runs += leased.map { Run($0) }
    try await check(after: .lease(leased))
  }

  /// Brings a run from where it stands to the next place.
  func advance(_ run: Run, of worker: Worker) async throws {
    guard worker.runs.contains(where: { $0 === run }) else { return }
    switch run.phase {
    case .leased: try take(await run.strand.start(handler(of: run)), run, worker)
    case .standing(let place):
      let order: Strand.Order = run.cancelRequested ? .cancel : .goOn(answer())
      noteRequest(order, at: place, run)
      try take(await run.strand.resume(order), run, worker)
      if place == Strand.sending { try await checkThings(of: run.leased.job.id) }
    case .ended: try await complete(worker, run)
    }
  }

  func heartbeat() async throws {
    let awake = workers.filter { $0.stalledUntil <= clock.passed && !$0.runs.isEmpty }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    let leases = worker.runs.map(\.leased.lease)
    let statuses = try await store.extend(leases, by: .seconds(30), at: clock.now())
    tell("\(worker.id) extends \(leases.map { "\(ledger.name($0.job))/\($0.token)" })")
    for run in worker.runs {
      let lease = run.leased.lease
      let status = statuses[lease]
      if ledger.isCurrent(lease) {
        let asked = ledger.jobs[lease.job]?.cancelRequested ?? false
        try promise(status == .held(cancelRequested: asked), "\(ledger.name(lease.job)) is said to be \(status as Any)")
        run.cancelRequested = asked
      } else {
        try promise(status == .lost, "a zombie was told that it holds \(ledger.name(lease.job))")
        summary.refusals += 1
        await drop(run, of: worker)
      }
    }
    try await check(after: .extend)
  }

  /// The process dies with all it held in its hands; another one takes its place.
  func crash(_ worker: Worker) async throws {
    tell("\(worker.id) dies with \(worker.runs.map { ledger.name($0.leased.job.id) })")
    summary.crashes += 1
    for run in worker.runs { await drop(run, of: worker) }
    // On the same host it is noticed that the process is gone, on another one only that its leases run out.
    if random.chance(1, in: 2) { gone.append(worker.id) }
    worker.incarnation += 1
    worker.id = WorkerID("\(worker.id.rawValue.prefix { $0 != "." }).\(worker.incarnation)")
    worker.stalledUntil = .zero
  }

  private func drop(_ run: Run, of worker: Worker) async {
    if case .standing = run.phase { _ = await run.strand.resume(.crash) }
    worker.runs.removeAll { $0 === run }
  }

  private func answer() -> CountingProvider.Answer {
    guard !isCalm else { return .arrives }
    return pick([.arrives, .arrives, .arrives, .arrives, .arrives, .lostAfterEffect, .lostBeforeEffect, .refused])
  }
}

// MARK: A handler

extension World {
  func thing(_ effect: Int, of job: JobID) -> String { "\(seed)/\(ledger.name(job))/\(effect)" }

  /// The provider holds each effect of a job once, but for those that a zombie asked for too late to be stopped.
  func checkThings(of job: JobID) async throws {
    var tooMany = 0
    for effect in 0..<(ledger.entries[job]?.effects ?? 0) {
      tooMany += max(0, await provider.count(thing(effect, of: job)) - 1)
    }
    let name = ledger.name(job)
    let forgiven = late[name] ?? 0
    try promise(tooMany <= forgiven, "\(name) made \(tooMany) things too many, \(forgiven) requests were late")
  }

  private func handler(of run: Run) -> @Sendable () async throws -> String {
    let strand = run.strand
    let provider = provider
    let job = run.leased.job.id
    let things = (0..<(ledger.entries[job]?.effects ?? 0)).map { thing($0, of: job) }
    let context = JobContext(
      job: run.leased, store: MortalStore(base: store, strand: strand), clock: clock, faults: strand)
    return {
      for (index, thing) in things.enumerated() {
        let made = try await context.effect(
          "effect-\(index)", claim: { "\($0.name)#\($0.id)" },
          find: { _ in
            try await strand.park(Strand.looking)
            return try await provider.find(thing)
          },
          perform: { try await provider.create(thing, answer: try await strand.park(Strand.sending)) })
        try await context.checkpoint("made/\(index)", made.value)
      }
      return "{}"
    }
  }

  /// A request of a zombie that the provider grants is the one thing that nobody can take back.
  private func noteRequest(_ order: Strand.Order, at place: String, _ run: Run) {
    guard case .goOn(let answer) = order, place == Strand.sending else { return }
    guard answer == .arrives || answer == .lostAfterEffect, !ledger.isCurrent(run.leased.lease) else { return }
    summary.lateRequests += 1
    late[ledger.name(run.leased.job.id), default: 0] += 1
  }

  private static let writes: Set<String> = Set(
    [FaultPoint.intentWritten, .resultRecorded, .checkpointWritten].map(\.rawValue))

  private func take(_ event: Strand.Event, _ run: Run, _ worker: Worker) throws {
    let job = run.leased.job
    let isCurrent = ledger.isCurrent(run.leased.lease)
    switch event {
    case .parked(let place):
      tell("\(worker.id) brings \(ledger.name(job.id))/\(run.leased.lease.token) to \(place)")
      try promise(
        isCurrent || !Self.writes.contains(place), "a zombie wrote into the journal of \(ledger.name(job.id))")
      run.phase = .standing(at: place)
    case .ended(.success(let output)):
      tell("\(worker.id) has worked through \(ledger.name(job.id))/\(run.leased.lease.token)")
      run.phase = .ended(end(of: job, output: output))
    case .ended(.failure(let error)):
      tell("\(worker.id) ends \(ledger.name(job.id))/\(run.leased.lease.token): \(error)")
      if let error = error as? JobStoreError, error.code == .leaseLost {
        try promise(!isCurrent, "the good lease of \(ledger.name(job.id)) was refused")
        summary.refusals += 1
        worker.runs.removeAll { $0 === run }
      } else {
        run.phase = .ended(try outcome(of: error, for: job))
      }
    }
  }

  /// How a handler that had no trouble says it ended.
  private func end(of job: Job, output: String) -> Outcome {
    let now = clock.now()
    let failure = Failure(code: "storm", message: "it failed")
    guard !isCalm else { return .done(output: output) }
    switch random.below(20) {
    case 0..<3: return verdict(.retry(failure), for: job)
    case 3: return .snooze(until: now + .seconds(random.below(20)), why: "not yet")
    case 4: return .hold(why: "source offline")
    case 5: return .handBack(why: "shutdown")
    case 6: return .dead(failure)
    default: return .done(output: output)
    }
  }

  private func outcome(of error: any Error, for job: Job) throws -> Outcome {
    switch error {
    case JobSignal.snooze(let duration, let why): return verdict(.snooze(for: duration, why: why), for: job)
    case is CancellationError: return .cancelled(why: "called off")
    case let error as CountingProvider.Failure:
      return verdict(.retry(Failure(code: "provider", message: "\(error.answer)")), for: job)
    case let error as CountingProvider.Ambiguous:
      try promise((late[ledger.name(job.id)] ?? 0) > 0, "the provider holds \(error.name) \(error.count) times")
      return .hold(why: "two of them: a person must look")
    default: throw error
    }
  }

  private func verdict(_ verdict: Verdict, for job: Job) -> Outcome {
    verdict.outcome(for: job, policy: .standard, at: clock.now(), random: random)
  }

  /// Records the end of a run, often together with others of the same worker.
  private func complete(_ worker: Worker, _ run: Run) async throws {
    var runs = [run]
    if random.chance(2, in: 3) { runs += worker.runs.filter { $0 !== run && $0.outcome != nil } }
    var completions = runs.compactMap { run in
      run.outcome.map { Completion(lease: run.leased.lease, outcome: $0) }
    }
    // Nobody should, and it must not matter.
    if random.chance(1, in: 12) { completions.append(pick(completions)) }
    try await record(completions, of: worker)
    // The answer may get lost as well: then all is sent again, and refused.
    if random.chance(1, in: 8) { try await record(completions, of: worker) }
    worker.runs.removeAll { run in runs.contains { $0 === run } }
  }

  private func record(_ completions: [Completion], of worker: Worker) async throws {
    var current = Set(completions.map(\.lease).filter { ledger.isCurrent($0) })
    let receipts = try await store.complete(completions, at: clock.now())
    try promise(receipts.count == completions.count, "\(receipts.count) receipts for \(completions.count) completions")
    let ends = zip(completions, receipts).map { Ledger.End(completion: $0, receipt: $1) }
    for end in ends {
      let lease = end.completion.lease
      tell(
        "\(worker.id) ends \(ledger.name(lease.job))/\(lease.token) as \(end.completion.outcome.word): \(end.receipt)")
      // Of two ends of one lease in one call the first counts.
      try promise(
        (end.recorded != nil) == (current.remove(lease) != nil),
        "\(ledger.name(lease.job))/\(lease.token): the completion's receipt is \(end.receipt)")
      if end.recorded == nil { summary.refusals += 1 }
    }
    try await check(after: .complete(ends))
    for end in ends {
      guard case .recorded(let state) = end.receipt else { continue }
      let name = ledger.name(end.completion.lease.job)
      try promise(
        ledger.jobs[end.completion.lease.job]?.state == state, "\(name) is not \(state) as its worker was told")
    }
  }
}
