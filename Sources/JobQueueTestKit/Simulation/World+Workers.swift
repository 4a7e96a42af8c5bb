import JobQueue
import JobWorker

extension World {
  /// One worker does one thing: takes on jobs, or moves one of its jobs a little further.
  func work() async throws {
    let awake = workers.filter { $0.stalledUntil <= clock.passed }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    if worker.runs.isEmpty || random.chance(1, in: 3) {
      try await lease(worker)
    } else {
      let run = pick(worker.runs)
      for _ in 0...random.below(4) { try await advance(run, of: worker) }
    }
  }

  func lease(_ worker: Worker) async throws {
    if worker.duties.isEmpty { try await begin(worker) }
    try await withAnswer(to: worker, lost: 20) { _ = try await worker.parts.leaseLoop.runOnce(now: clock.now()) }
  }

  /// Lets a worker call the store; now and then it does not get the answer.
  /// - Returns: whether it got it.
  @discardableResult
  func withAnswer(to worker: Worker, lost odds: Int, _ call: () async throws -> Void) async throws -> Bool {
    let loss = !isCalm && random.chance(1, in: odds) ? loss() : nil
    worker.link.loseNextAnswer(loss)
    var isLost = false
    do {
      try await call()
    } catch let error as JobStoreError where error.code == .outcomeUnknown && loss != nil {
      isLost = true
      log("\(worker.id) hears no answer: it was \(loss == .afterCommit ? "" : "not ")done")
      if loss == .afterCommit { summary.lostAnswers += 1 }
    }
    // A duty's loop keeps the duty's errors to itself.
    if loss != nil, !isLost, worker.link.hasLostAnswer {
      isLost = true
      log("\(worker.id) hears no answer: it was \(loss == .afterCommit ? "" : "not ")done")
      if loss == .afterCommit { summary.lostAnswers += 1 }
    }
    worker.link.loseNextAnswer(nil)
    try await settle(with: worker, isLost: isLost)
    return !isLost
  }

  /// Moves a run from where it stands to the next place.
  func advance(_ run: Run, of worker: Worker) async throws {
    guard worker.runs.contains(where: { $0 === run }) else { return }
    switch run.phase {
    case .leased:
      let executor = worker.parts.executor
      let attempt = run.attempt
      try await take(await run.stepped.start { await executor.execute(attempt) }, run, worker)
    case .standing(FaultPoint.beforeCompletion.rawValue):
      await run.stepped.letGo(.goOn(.arrives))
      run.phase = .submitted
      try check(await submission(of: run, worker))
    case .standing(SteppedHandler.ending):
      try await take(await run.stepped.resume(.end(end(of: run.leased.job))), run, worker)
    case .standing(let place):
      await run.stepped.lose(!isCalm && random.chance(1, in: 25) ? loss() : nil)
      try await take(await run.stepped.resume(.goOn(answer(to: run))), run, worker)
      if place == SteppedHandler.sending { try await checkThings(of: run.leased.job.id) }
    // Others may join the commit.
    case .submitted: if isCalm || worker.isEnding || random.chance(1, in: 2) { try await commit(worker) }
    }
  }

  /// The end of the attempt, once it waits for its commit.
  private func submission(of run: Run, _ worker: Worker) async -> Completion {
    while true {
      let waiting = await worker.parts.completer.waiting.last { $0.completion.lease == run.leased.lease }
      if let waiting { return waiting.completion }
      // Nothing else runs now, so it will arrive.
      await Task.yield()
    }
  }

  /// The worker's completer records the waiting ends.
  private func commit(_ worker: Worker) async throws {
    let submitted = worker.runs.filter { $0.isSubmitted }
    if random.chance(1, in: 12) { worker.link.sendNextTwice() }
    // If the answer is lost, everything is sent again, and refused. Nobody knows about the jobs that came with it.
    let refills = random.chance(1, in: 2) ? worker.parts.leasedJobs : nil
    let isKnown = try await withAnswer(to: worker, lost: 8) {
      _ = try await worker.parts.completer.runOnce(now: clock.now(), refilling: refills)
    }
    guard isKnown else { return }
    for run in submitted { try await take(await run.stepped.next(), run, worker) }
  }

  /// The worker checks which of its attempts are over.
  func watchDeadlines() async throws {
    let awake = workers.filter { $0.stalledUntil <= clock.passed && !$0.runs.isEmpty }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    for run in worker.runs {
      let end = oracle.jobs[run.leased.job.id]?.leaseExpiresAt
      if let end, end <= clock.now() || run.missedItsExtension { run.hasOutlivedItsLease = true }
    }
    log("\(worker.id) looks for attempts that are over")
    _ = await worker.parts.deadlines.runOnce(now: clock.now())
  }
}

// MARK: Ends of workers

extension World {
  /// The process dies with everything that it held; another one takes its place.
  func crash(_ worker: Worker) async throws {
    log("\(worker.id) dies with \(worker.runs.map { oracle.name($0.leased.job.id) })")
    summary.crashes += 1
    // On the same host it is noticed that the process is gone, on another one only that its leases run out.
    await kill(worker)
    replace(worker)
  }

  func kill(_ worker: Worker) async {
    let strands = worker.runs.map(\.stepped) + worker.leftHandlers.map(\.run.stepped)
    for stepped in strands { await stepped.kill() }
    for duty in worker.duties { await duty.loop.end() }
    await worker.parts.completer.abandon()
    for stepped in strands { await stepped.end() }
    (worker.runs, worker.leftHandlers, worker.duties) = ([], [], [])
    processes.end(worker.id)
  }

  /// The process is told to stop: running jobs are stopped and handed back.
  func shutDown(_ worker: Worker) async throws {
    guard worker.stalledUntil <= clock.passed else { return }
    log("\(worker.id) is told to end")
    worker.isEnding = true
    for looped in worker.duties where looped.duty.phase == .untilDraining { await looped.loop.end() }
    worker.duties.removeAll { $0.duty.phase == .untilDraining }
    await worker.parts.held.close()
    for run in worker.runs { await run.attempt.stop(.shutdown) }
    for run in worker.runs {
      while worker.runs.contains(where: { $0 === run }) {
        if random.chance(1, in: 8) { await outlastGrace(of: run) }
        if try await !abandonAfterGrace(run, of: worker) { try await advance(run, of: worker) }
      }
    }
    let left = oracle.running(under: worker.id).filter { !worker.unknown.contains($0) }
    try promise(left.isEmpty, "\(worker.id) has ended and left \(left.map(told)) running")
    try await withAnswer(to: worker, lost: 20) { try await worker.parts.registration.retire() }
    // Everything that the process abandoned ends with it.
    await kill(worker)
    try promise(worker.link.takeCalls().isEmpty, "\(worker.id) has ended, and a duty of it had one more turn")
    replace(worker)
  }

  private func replace(_ worker: Worker) {
    worker.incarnation += 1
    let id = WorkerID("\(worker.id.rawValue.prefix { $0 != "." }).\(worker.incarnation)")
    let host = pick(hosts)
    processes.begin(id, on: host)
    worker.begin(as: id, on: host, makeParts(id, worker.link))
  }

  func makeParts(_ id: WorkerID, _ link: WorkerLink) -> WorkerParts {
    var configuration = WorkerConfiguration(
      queues: Dictionary(uniqueKeysWithValues: queues.map { ($0, 1 + random.below(3)) }))
    configuration.concurrency = concurrency
    configuration.around = { _, run in
      guard let stepped = SteppedHandler.current else { return try await run() }
      return try await stepped.handling(run)
    }
    return WorkerParts(
      worker: id, store: LossyStore(link, losing: { _ in await SteppedHandler.current?.takeLoss() }),
      registry: registry,
      configuration: configuration, clock: PatientClock(base: clock, oversleeps: link.defect == .dutyOversleeps),
      random: random, faults: SteppedFaults(), processes: processes.probe(of: id))
  }
}
