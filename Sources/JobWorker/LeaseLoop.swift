internal import JobQueue

/// Leases as many jobs as there are free slots, whenever there may be some, and sets them to run.
struct LeaseLoop: Sendable {
  /// How long it waits at most for something to wake it: wake-ups are hints and may be missing.
  static let fallback: Duration = .seconds(5)

  let store: any JobStore
  let clock: any QueueClock
  let book: LeaseBook
  let bell: Bell
  let intake: Intake
  let idle: IdleCheck?
  let outages: OutageLog

  /// Leases once.
  /// - Returns: how many jobs.
  func runOnce(now: Timestamp) async throws -> Int {
    let free = await book.freeSlots()
    guard !free.isEmpty else { return 0 }
    let leased = try await store.lease(intake.request(free), at: now)
    await intake.take(leased, leasedAt: now)
    return leased.count
  }

  /// Leases until the book is closed or, when the worker ends by itself, there is nothing left to do. It is never
  /// cancelled: a lease that the store gave must come to be known here, to be handed back.
  func loop() async {
    let ticker = Task {
      while (try? await clock.sleep(for: Self.fallback)) != nil { await bell.ring() }
    }
    defer { ticker.cancel() }
    while await !book.isClosed {
      do {
        let now = clock.now()
        let leased = try await runOnce(now: now)
        let isIdle = if leased == 0, await book.isEmpty, let idle { try await idle.isIdle(now: now) } else { false }
        await outages.succeeded("lease")
        if isIdle { return }
      } catch {
        await outages.failed("lease", error)
      }
      await bell.wait()
    }
  }
}
