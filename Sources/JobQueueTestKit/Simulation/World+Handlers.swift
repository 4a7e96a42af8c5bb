import JobQueue

extension World {
  /// How long the provider may still make what was asked for: longer than it ever lags.
  private static let lateness = Duration.seconds(20)

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

  func handler(of run: Run) -> @Sendable () async throws -> String {
    let strand = run.strand
    let provider = provider
    let job = run.leased.job.id
    let things = (0..<(ledger.entries[job]?.effects ?? 0)).map { thing($0, of: job) }
    let budget = spends(job) ? budget : nil
    let context = JobContext(
      job: run.leased, store: MortalStore(base: store, strand: strand), clock: clock, notebook: run.notebook,
      faults: strand)
    return {
      if let budget, !things.isEmpty { try await context.waitForTurn(budget, for: "effect-0") }
      for (index, thing) in things.enumerated() {
        let made = try await context.effect(
          "effect-\(index)", lateness: Self.lateness, budget: budget,
          claim: { (made: CountingProvider.Thing) in "\(made.name)#\(made.id)" },
          find: { _ -> CountingProvider.Thing? in
            try await strand.park(Strand.looking)
            return try await context.telling { try await provider.find(thing) }
          },
          perform: { () -> CountingProvider.Thing in
            let answer = try await strand.park(Strand.sending)
            return try await context.telling { try await provider.create(thing, answer: answer) }
          })
        try await context.checkpoint("made/\(index)", made.value, isProgress: index > 0)
      }
      return "{}"
    }
  }

  /// A request of a zombie that the provider grants is the one thing that nobody can take back.
  func noteRequest(_ order: Strand.Order, at place: String, _ run: Run) {
    guard case .goOn(let answer) = order, place == Strand.sending else { return }
    guard answer == .arrives || answer == .lostAfterEffect, !ledger.isCurrent(run.leased.lease) else { return }
    summary.lateRequests += 1
    late[ledger.name(run.leased.job.id), default: 0] += 1
  }

  private func spends(_ job: JobID) -> Bool { ledger.entries[job]?.spends ?? false }

  /// How the next request to the provider is to fare.
  func answer(to run: Run) -> CountingProvider.Answer {
    guard !isCalm else { return .arrives }
    let refused: CountingProvider.Answer =
      spends(run.leased.job.id) && random.chance(1, in: 2) ? .limitReached : .refused
    if let gate = run.leased.job.gate, isFailing(gate, at: clock.now()) {
      return pick([.lostAfterEffect, .lostAfterEffect, refused])
    }
    return pick([.arrives, .arrives, .arrives, .arrives, .arrives, .lostAfterEffect, .lostBeforeEffect, refused])
  }

  /// What the handler and the store dealt with each other since it was last told to go on.
  func account(for run: Run) async throws {
    for dealing in await run.strand.takeDealings() {
      try ledger.account(for: dealing)
      guard case .wrote(let entries, let lease, _) = dealing, let gate = run.leased.job.gate,
        ledger.gates[gate] != nil, entries.contains(where: \.provesAnAnswer)
      else { continue }
      try ledger.checkGates(
        after: .write(lease, isResult: entries.contains(where: \.isResult)), ledger.jobs,
        shown: try await store.gates(), at: clock.now())
    }
  }

  private static let writes: Set<String> = Set(
    [FaultPoint.intentWritten, .resultRecorded, .checkpointWritten].map(\.rawValue))

  func take(_ event: Strand.Event, _ run: Run, _ worker: Worker) throws {
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
    if let gate = job.gate, isFailing(gate, at: now) { return verdict(.suspectOutage(failure, outage()), for: job) }
    switch random.below(20) {
    case 0..<3: return verdict(random.chance(1, in: 2) ? .suspectOutage(failure, outage()) : .retry(failure), for: job)
    case 3: return .snooze(until: now + .seconds(random.below(20)), why: "not yet")
    case 4: return .hold(why: "source offline")
    case 5: return .handBack(why: "shutdown")
    case 6: return .dead(failure)
    case 7: return job.gate == nil ? .done(output: output) : .closeGate(outage())
    case 8: return verdict(.suspectOutage(failure, outage(closesAtOnce: true)), for: job)
    default: return .done(output: output)
    }
  }

  private func outcome(of error: any Error, for job: Job) throws -> Outcome {
    switch error {
    case JobSignal.snooze(let duration, let why): return verdict(.snooze(for: duration, why: why), for: job)
    case JobSignal.waitForBudget(let wait): return .snooze(until: wait.slot, why: "the budget is spent")
    case is CancellationError: return .cancelled(why: "called off")
    case let error as CountingProvider.Failure:
      if error.answer == .lostBeforeEffect, job.gate != nil { return .closeGate(outage()) }
      let failure = Failure(code: "provider", message: "\(error.answer)")
      return verdict(error.answer == .lostAfterEffect ? .suspectOutage(failure, outage()) : .retry(failure), for: job)
    case let error as CountingProvider.Ambiguous:
      try promise((late[ledger.name(job.id)] ?? 0) > 0, "the provider holds \(error.name) \(error.count) times")
      return .hold(why: "two of them: a person must look")
    default: throw error
    }
  }

  /// Whether whoever is behind a gate is in trouble for this minute: else hardly two jobs would fail in a row.
  private func isFailing(_ gate: String, at now: Timestamp) -> Bool {
    let minute = UInt64(bitPattern: now.milliseconds / 60_000)
    let name = gate.utf8.reduce(seed &* 0x9E37_79B9_7F4A_7C15 &+ minute) { $0 &* 31 &+ UInt64($1) }
    let dice = SeededRandom(seed: name)
    return dice.next() % 2 == 0
  }

  private func outage(closesAtOnce: Bool = false) -> GateClosure {
    let requested: Duration? = random.chance(1, in: 4) ? .seconds(random.below(30)) : nil
    return GateClosure(
      base: .seconds(1 + random.below(4)), requested: requested, why: "nobody answers",
      closesAtOnce: closesAtOnce)
  }

  private func verdict(_ verdict: Verdict, for job: Job) -> Outcome {
    verdict.outcome(for: job, policy: .standard, at: clock.now(), random: random)
  }
}

extension JobContext {
  /// Tells the job's gate how a request fared, as the observer of a transport does.
  fileprivate func telling<Answer: Sendable>(_ request: () async throws -> Answer) async throws -> Answer {
    do {
      let answer = try await request()
      heard(anAnswer: true)
      return answer
    } catch let failure as CountingProvider.Failure {
      heard(anAnswer: failure.answer == .refused || failure.answer == .limitReached)
      throw failure
    }
  }
}
