internal import JobQueue
internal import Logging

/// One run of a worker: all its duties, from the announcement to the last lease handed back.
struct Shift: Sendable {
  /// Why it ends.
  enum Ending: Sendable {
    case idle
    case shutdown
    case cancelled
    /// The store is gone for good: nothing can be recorded any more.
    case storeGone(JobStoreError)
  }

  /// What a store may take to record the last completions.
  static let recordingMargin: Duration = .seconds(5)
  /// The same when it must end at once, and what handlers may then take to stop.
  static let hurry: Duration = .seconds(1)

  let worker: WorkerID
  let clock: any QueueClock
  let grace: Duration
  let book: LeaseBook
  let leaseLoop: LeaseLoop
  let wakeUps: WakeUpRelay
  let promoter: Promoter
  let completer: Completer
  let timeWatch: TimeWatch
  let announcer: Announcer
  let heartbeat: Heartbeat
  let reaper: Reaper
  let pruner: Pruner?
  let outages: OutageLog
  let logger: Logger
  let events: @Sendable (WorkerEvent) -> Void
  let ending: Latch<Ending>

  private let drained = Latch<Void>()

  /// Works until told to end, or until there is nothing left to do.
  /// - Throws: the store's error when that is what ended it.
  func run() async throws {
    let leasing = Task {
      await announce()
      await leaseLoop.loop()
      await ending.open(.idle)
    }
    let seekers = startSeekers()
    let keepers = startKeepers()
    let why = await ending.wait()
    for task in seekers { task.cancel() }
    await book.close()
    await leaseLoop.bell.ring()
    switch why {
    case .idle: break
    case .shutdown, .cancelled: await drain(leasing)
    case .storeGone: await stopRuns()
    }
    for task in keepers { task.cancel() }
    await leave(after: seekers + keepers)
    if case .storeGone(let error) = why { throw error }
  }

  /// No new leases; running jobs may finish within the grace.
  func endGracefully() async {
    await ending.open(.shutdown)
  }

  /// Hands back what runs, and ends.
  func endNow() async {
    await ending.open(.cancelled)
    await book.close()
    for run in await book.runs { await run.stop(.shutdown) }
    try? await clock.sleep(for: Self.hurry)
    for run in await book.runs { await run.abandon() }
    try? await clock.sleep(for: Self.hurry)
    await drained.open(())
  }

  private func announce() async {
    do {
      try await announcer.runOnce(now: clock.now())
      try await announcer.tellBudgets(now: clock.now())
    } catch {
      await outages.failed(announcer.name, error)
    }
    logger.info("worker started", metadata: ["worker": "\(worker)"])
    events(.started(worker))
  }

  /// What finds work; stops when the worker is told to end.
  private func startSeekers() -> [Task<Void, Never>] {
    var tasks = [
      Task { await promoter.loop() },
      Task { await reaper.loop(by: clock, outages: outages) },
      Task { await wakeUps.loop() },
    ]
    if let pruner {
      // Not at once: a worker that starts has better things to do.
      tasks.append(Task { await pruner.loop(by: clock, outages: outages, after: .seconds(60)) })
    }
    return tasks
  }

  /// What running jobs need; stops when none is left.
  private func startKeepers() -> [Task<Void, Never>] {
    let completing = (0..<Completer.lanes).map { _ in
      Task { await completer.loop(refilling: leaseLoop.intake) }
    }
    return completing + [
      Task { await heartbeat.loop(by: clock, outages: outages, after: heartbeat.period) },
      Task { await timeWatch.loop() },
      Task { await announcer.loop(by: clock, outages: outages, after: announcer.period) },
    ]
  }

  private func drain(_ leasing: Task<Void, Never>) async {
    let running = await book.runs.count
    logger.info("no new jobs; waiting for running ones", metadata: ["running": "\(running)"])
    events(.draining(running: running))
    Task {
      await leasing.value
      await book.whenEmpty()
      await drained.open(())
    }
    let graceEnd = clock.now() + grace
    let patience = Task {
      do {
        try await clock.sleep(until: graceEnd)
        for run in await book.runs { await run.stop(.shutdown) }
        try await clock.sleep(for: Run.patience + Self.recordingMargin)
        await drained.open(())
      } catch { return }
    }
    await drained.wait()
    patience.cancel()
  }

  /// Handlers are told to stop as after a lost lease, for that is what it comes to.
  private func stopRuns() async {
    for run in await book.runs { await run.stop(.leaseLost) }
    _ = await clock.wait(atMost: Self.hurry) { await book.whenEmpty() }
  }

  private func leave(after tasks: [Task<Void, Never>]) async {
    _ = await clock.wait(atMost: Self.hurry) { for task in tasks { await task.value } }
    let left = await book.abandonAll()
    if left.isEmpty {
      _ = await clock.wait(atMost: Self.hurry) { try? await announcer.retire() }
    } else {
      // The name stays on the list, so that another worker on this host takes the jobs as soon as the process is gone.
      let jobs = left.map(\.job.id).sorted().map(\.description).joined(separator: " ")
      logger.error("jobs could not be handed back; they return when their leases end", metadata: ["jobs": "\(jobs)"])
    }
    logger.info("worker stopped", metadata: ["worker": "\(worker)"])
    events(.stopped(left: left.count))
  }
}
