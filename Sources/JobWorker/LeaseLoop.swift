package import JobQueue

/// Leases as many jobs as there are free slots, whenever there may be some, and runs all that were leased, here or
/// together with the end of another one.
package struct LeaseLoop: Sendable {
  /// How long it waits at most for a wake-up, because wake-ups are hints and may be lost.
  static let fallback: Duration = .seconds(5)

  let store: any LeaseStore
  let clock: any QueueClock
  let held: HeldLeases
  let signal: WakeSignal
  let leasedJobs: LeasedJobs
  let executor: Executor
  let idle: IdleCheck?
  let health: StoreHealth

  /// Leases once.
  /// - Returns: how many jobs.
  package func runOnce(now: Timestamp) async throws -> Int {
    let free = await held.freeSlots()
    guard !free.isEmpty else { return 0 }
    let leased = try await store.lease(leasedJobs.request(free), at: now)
    await leasedJobs.take(leased, leasedAt: now)
    return leased.count
  }

  /// Leases until no more may be held or, if the worker ends by itself, there is nothing left to do. It is never
  /// cancelled: a lease that the store granted must become known here, so that it can be handed back.
  func lease() async {
    let begin = clock.now()
    let ticker = Task {
      var last = begin
      while (try? await clock.sleep(for: Self.fallback, since: last)) != nil {
        last = clock.now()
        await signal.signal()
      }
    }
    defer { ticker.cancel() }
    while await !held.isClosed {
      do {
        let now = clock.now()
        let leased = try await runOnce(now: now)
        let isIdle = if leased == 0, await held.isEmpty, let idle { try await idle.isIdle(now: now) } else { false }
        await health.succeeded("lease")
        if isIdle { return }
      } catch {
        await health.failed("lease", error)
      }
      await signal.wait()
    }
  }

  /// Runs what was leased, until no more comes and everything has ended.
  func runJobs() async {
    // One closure for all tasks: otherwise each task would hold a copy of the executor, or of this loop, with all their
    // parts.
    let execute = { @Sendable [executor] (attempt: RunningAttempt) async -> Void in await executor.execute(attempt) }
    await withDiscardingTaskGroup { group in
      for await attempts in leasedJobs.attempts {
        for attempt in attempts { group.addTask { await execute(attempt) } }
      }
    }
  }
}
