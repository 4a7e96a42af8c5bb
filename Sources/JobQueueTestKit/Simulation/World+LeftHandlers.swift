import JobQueue
import JobWorker

// MARK: Handlers that ignore that they should stop, and are left to themselves

extension World {
  /// The grace period of a handler that was told to stop but goes on is over.
  func abandonOneAfterGrace() async throws {
    for worker in workers where worker.stalledUntil <= clock.passed {
      for run in worker.runs where try await abandonAfterGrace(run, of: worker) { return }
    }
  }

  /// - Returns: whether the handler is abandoned from now on.
  @discardableResult
  func abandonAfterGrace(_ run: Run, of worker: Worker) async throws -> Bool {
    guard case .standing = run.phase, await run.stepped.standsInHandler,
      let end = await run.attempt.gracePeriodEnds, end <= clock.now()
    else { return false }
    log("\(worker.id) leaves the handler of \(told(run.leased.lease)) to itself")
    summary.leftHandlers += 1
    worker.leftHandlers.append(LeftHandler(run))
    await run.stepped.leaveHandler()
    await run.attempt.abandon()
    // The attempt goes on without it, to its end.
    try await take(await run.stepped.next(), run, worker)
    return true
  }

  /// Time passes until a handler's grace period ends on a worker that is stopping; the handler may end in this gap too.
  func outlastGrace(of run: Run) async {
    guard let end = await run.attempt.gracePeriodEnds, end > clock.now() else { return }
    clock.advance(by: end - clock.now())
  }

  /// An abandoned handler goes on: what it writes is refused as soon as the end of its attempt is recorded.
  func advanceLeftHandler() async throws {
    let awake = workers.filter { $0.stalledUntil <= clock.passed && !$0.leftHandlers.isEmpty }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    try await advance(pick(worker.leftHandlers), of: worker)
  }

  func advance(_ handler: LeftHandler, of worker: Worker) async throws {
    let (run, place) = (handler.run, handler.place)
    let lease = run.leased.lease
    let order: SteppedHandler.Order = place == SteppedHandler.ending ? .end(nil) : .goOn(answer(to: run))
    let event = await run.stepped.resumeLeftHandler(order)
    try await account(for: run)
    switch event {
    case .parked(let place):
      log("\(told(lease)), left to itself, comes to \(place)")
      try promise(
        oracle.isCurrent(lease) || !Self.writes.contains(place),
        "a handler that was left to itself wrote into the journal of \(told(lease))")
      handler.place = place
    case .ended:
      log("\(told(lease)), left to itself, ends")
      worker.leftHandlers.removeAll { $0 === handler }
    }
    if place == SteppedHandler.sending { try await checkThings(of: run.leased.job.id) }
  }
}
