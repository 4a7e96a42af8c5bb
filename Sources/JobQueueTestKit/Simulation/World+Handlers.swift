import JobQueue
import JobWorker

extension World {
  func thing(_ effect: Int, of job: JobID) -> String { "\(seed)/\(oracle.name(job))/\(effect)" }

  /// The provider has each effect of a job once, apart from those that a zombie requested too late to be stopped.
  func checkThings(of job: JobID) async throws {
    var tooMany = 0
    for effect in 0..<(oracle.entries[job]?.effects ?? 0) {
      tooMany += max(0, await provider.count(thing(effect, of: job)) - 1)
    }
    let name = oracle.name(job)
    let forgiven = late[name] ?? 0
    try promise(tooMany <= forgiven, "\(name) made \(tooMany) things too many, \(forgiven) requests were late")
  }

  /// What the handler of a job does.
  func assignment(of job: Job) -> SteppedHandler.Assignment {
    let things = (0..<(oracle.entries[job.id]?.effects ?? 0)).map { thing($0, of: job.id) }
    return SteppedHandler.Assignment(
      things: things, budget: spends(job.id) ? budget : nil, gate: job.gate, collection: collection,
      ignoresItsEnd: recordRandom.chance(1, in: 2))
  }

  private func spends(_ job: JobID) -> Bool { oracle.entries[job]?.spends ?? false }

  /// The result of the next request to the provider.
  func answer(to run: Run) -> CountingProvider.Answer {
    guard !isCalm else { return .arrives }
    let refused: CountingProvider.Answer =
      spends(run.leased.job.id) && random.chance(1, in: 2) ? .limitReached : .refused
    if let gate = run.leased.job.gate, troubles.isFailing(gate, at: clock.now()) {
      return pick([.lostAfterEffect, .lostAfterEffect, refused])
    }
    return pick([.arrives, .arrives, .arrives, .arrives, .arrives, .lostAfterEffect, .lostBeforeEffect, refused])
  }

  /// What the handler has done since it was last told to go on.
  func account(for run: Run) async throws {
    // A request of a zombie that the provider grants is the one thing that nobody can undo.
    if let answer = await run.stepped.takeSent(), answer == .arrives || answer == .lostAfterEffect,
      !oracle.isCurrent(run.leased.lease)
    {
      summary.lateRequests += 1
      late[oracle.name(run.leased.job.id), default: 0] += 1
    }
    for storeCall in await run.stepped.takeStoreCalls() {
      try oracle.account(for: storeCall)
      guard case .wrote(let entries, let lease, _) = storeCall, let gate = run.leased.job.gate,
        oracle.gates[gate] != nil, entries.contains(where: \.provesAnAnswer)
      else { continue }
      try oracle.checkGates(
        after: .write(lease, isResult: entries.contains(where: \.isResult)), oracle.jobs,
        shown: try await store.gates(), at: clock.now())
    }
  }

  static let writes: Set<String> = Set(
    [FaultPoint.intentWritten, .resultRecorded, .checkpointWritten].map(\.rawValue))

  func take(_ event: SteppedHandler.Event, _ run: Run, _ worker: Worker) async throws {
    try await account(for: run)
    let lease = run.leased.lease
    switch event {
    case .parked(let place):
      log("\(worker.id) brings \(told(lease)) to \(place)")
      try promise(
        oracle.isCurrent(lease) || !Self.writes.contains(place), "a zombie wrote into the journal of \(told(lease))")
      run.phase = .standing(at: place)
    case .ended:
      worker.runs.removeAll { $0 === run }
      guard !run.isCompleted else { return }
      log("\(worker.id) drops \(told(lease))")
      try promise(
        !oracle.isCurrent(lease) || run.hasOutlivedItsLease, "\(worker.id) dropped \(told(lease)), a good lease")
      if oracle.isCurrent(lease) { worker.unknown.insert(lease) } else { summary.refusals += 1 }
    }
  }

  /// Checks that an attempt ended in a way that may happen.
  func check(_ completion: Completion) throws {
    let job = completion.lease.job
    switch completion.outcome {
    case .hold(why: SimulatedHandler.ambiguity):
      try promise((late[oracle.name(job)] ?? 0) > 0, "the provider holds a thing of \(oracle.name(job)) twice")
    case .dead(let failure) where failure.code == SimulatedHandler.unexpected:
      throw InvariantViolation(what: "\(oracle.name(job)) met \(failure.message)")
    default: break
    }
  }

  /// How a handler that had no trouble ends its attempt; nil if it is done.
  func end(of job: Job) -> (any Error)? {
    let now = clock.now()
    let failure = Failure(code: "storm", message: "it failed")
    if let refusal = refused[job.id], refusal.left > 0 {
      refused[job.id]?.left -= 1
      return Verdict.suspectOutage(failure, troubles.outage(closesAtOnce: refusal.closesAtOnce))
    }
    guard !isCalm else { return nil }
    if let gate = job.gate, troubles.isFailing(gate, at: now) {
      return Verdict.suspectOutage(failure, troubles.outage())
    }
    switch random.below(20) {
    case 0..<3:
      return random.chance(1, in: 2) ? Verdict.suspectOutage(failure, troubles.outage()) : .retry(failure)
    case 3: return Verdict.snooze(for: .seconds(random.below(20)), why: "not yet")
    case 4: return Verdict.hold(why: "source offline")
    case 5: return Verdict.dead(failure)
    case 6..<8: return job.gate == nil ? nil : Verdict.closeGate(troubles.outage())
    case 8: return Verdict.suspectOutage(failure, troubles.outage(closesAtOnce: true))
    default: return nil
    }
  }
}
