import JobQueue
import Logging
import Threading

/// One run of a worker, from its registration until the last lease is handed back. It decides when the worker ends.
struct WorkerRun: Sendable {
  /// Why it ends.
  enum Ending: Sendable {
    case idle
    case shutdown
    case cancelled
    /// The store is gone for good: nothing can be recorded any more.
    case storeGone(JobStoreError)
  }

  /// How long a store may take to record the last completions.
  static let recordingMargin: Duration = .seconds(5)
  /// The same if the worker must end at once, and how long handlers may then take to stop.
  static let hurry: Duration = .seconds(1)

  let parts: WorkerParts
  let grace: Duration
  let duties: [any Duty]
  let wakeUps: WakeUpRelay

  private let ending = Latch<Ending>()
  private let drained = Latch<Void>()

  init(parts: WorkerParts, grace: Duration, duties: [any Duty], wakeUps: WakeUpRelay) {
    self.parts = parts
    self.grace = grace
    self.duties = duties
    self.wakeUps = wakeUps
  }

  private var clock: any QueueClock { parts.clock }
  private var held: HeldLeases { parts.held }
  private var logger: Logger { parts.logger }

  /// Works until asked to stop, or until there is nothing left to do.
  /// - Throws: the store's error if that ended it.
  func run() async throws {
    // In tasks of their own, because a store that hangs does not react to cancellation: `leave` only waits for a
    // limited time.
    let working = Task { await parts.leaseLoop.runJobs() }
    let leasing = Task { await lease() }
    let seeking = Task { await seekWork() }
    let keeping = Task { await keepJobs() }
    let why = await ending.wait()
    seeking.cancel()
    await held.close()
    await parts.leaseLoop.signal.signal()
    switch why {
    case .idle: break
    case .shutdown, .cancelled: await drain(leasing)
    case .storeGone: await stopAttempts()
    }
    keeping.cancel()
    await leave(working, after: [seeking, keeping])
    if case .storeGone(let error) = why { throw error }
  }

  /// Takes no new leases; running jobs may finish within the grace period.
  func endGracefully() async {
    ending.open(.shutdown)
  }

  /// Hands back the running jobs, and ends.
  func endNow() async {
    ending.open(.cancelled)
    await held.close()
    for attempt in await held.attempts { await attempt.stop(.shutdown) }
    try? await clock.sleep(for: Self.hurry)
    for attempt in await held.attempts { await attempt.abandon() }
    try? await clock.sleep(for: Self.hurry)
    drained.open()
  }

  // MARK: What goes on side by side

  private func lease() async {
    await register()
    await parts.leaseLoop.lease()
    ending.open(.idle)
  }

  private func register() async {
    let registration = parts.registration
    do {
      _ = try await registration.runOnce(now: clock.now())
      try await registration.publishBudgets(now: clock.now())
      try await parts.unserved.warn(now: clock.now())
    } catch {
      await parts.health.failed(registration.name, error)
    }
    logger.info("worker started", metadata: ["worker": "\(parts.worker)"])
    parts.events(.started(parts.worker))
  }

  /// Finds work; stops when the worker is asked to stop.
  private func seekWork() async {
    await withDiscardingTaskGroup { group in
      start(.untilDraining, in: &group)
      group.addTask { await wakeUps.loop() }
    }
  }

  /// What running jobs need; stops when none is left.
  private func keepJobs() async {
    await withDiscardingTaskGroup { group in
      start(.untilStopped, in: &group)
      for _ in 0..<Completer.lanes {
        group.addTask { await parts.completer.loop(refilling: parts.leasedJobs) }
      }
      group.addTask {
        for await error in parts.health.gone { ending.open(.storeGone(error)) }
      }
    }
  }

  private func start(_ phase: DutyPhase, in group: inout DiscardingTaskGroup) {
    let loop = parts.dutyLoop
    for duty in duties where duty.phase == phase { group.addTask { await loop.run(duty) } }
  }

  // MARK: The end

  private func drain(_ leasing: Task<Void, Never>) async {
    let running = await held.attempts.count
    logger.info("taking no new jobs; waiting for running ones", metadata: ["running": "\(running)"])
    parts.events(.draining(running: running))
    // In a task of its own as well: the last lease request may go to a store that hangs.
    Task {
      await leasing.value
      await held.whenEmpty()
      drained.open()
    }
    let graceEnd = clock.now() + grace
    let ending = Task {
      do {
        try await clock.sleep(until: graceEnd)
        for attempt in await held.attempts { await attempt.stop(.shutdown) }
        try await clock.sleep(for: RunningAttempt.gracePeriod + Self.recordingMargin)
        drained.open()
      } catch { return }
    }
    await drained.wait()
    ending.cancel()
  }

  /// Handlers are asked to stop as after a lost lease, because that is what it amounts to.
  private func stopAttempts() async {
    for attempt in await held.attempts { await attempt.stop(.leaseLost) }
    _ = await clock.wait(atMost: Self.hurry) { await held.whenEmpty() }
  }

  private func leave(_ working: Task<Void, Never>, after tasks: [Task<Void, Never>]) async {
    _ = await clock.wait(atMost: Self.hurry) { for task in tasks { await task.value } }
    let left = await held.abandonAll()
    await parts.completer.abandon()
    parts.leasedJobs.finish()
    _ = await clock.wait(atMost: Self.hurry) { await working.value }
    if left.isEmpty {
      _ = await clock.wait(atMost: Self.hurry) { try? await parts.registration.retire() }
    } else {
      // The worker stays on the list, so that another one on this host takes its jobs as soon as the process is gone.
      let jobs = left.map(\.job.id).sorted().map(\.description).joined(separator: " ")
      logger.error(
        "jobs could not be handed back; they return to the queue when their leases expire",
        metadata: ["jobs": "\(jobs)"])
    }
    logger.info("worker stopped", metadata: ["worker": "\(parts.worker)"])
    parts.events(.stopped(left: left.count))
  }
}
