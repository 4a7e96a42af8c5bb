internal import JobQueue

/// Makes scheduled jobs ready when they are due.
struct Promoter: Sendable {
  /// How long it sleeps at most: a job of another process may have become due without a wake-up.
  static let fallback: Duration = .seconds(5)
  static let batch = 500

  let store: any JobStore
  let clock: any QueueClock
  let bell: Bell
  let leaseBell: Bell
  let outages: OutageLog
  let events: @Sendable (WorkerEvent) -> Void

  /// Promotes what is due.
  /// - Returns: when the next job is due.
  func runOnce(now: Timestamp) async throws -> Timestamp? {
    var due = try await store.nextDue()
    while let moment = due, moment <= now {
      let promoted = try await store.promoteDue(at: now, limit: Self.batch)
      guard promoted > 0 else { break }
      events(.promoted(promoted))
      await leaseBell.ring()
      due = try await store.nextDue()
    }
    return due
  }

  func loop() async {
    while !Task.isCancelled {
      let now = clock.now()
      var pause = Self.fallback
      do {
        // A job that is due yet not promoted was taken by another worker in between: no reason to spin.
        if let due = try await runOnce(now: now), due > now { pause = min(pause, due - now) }
        await outages.succeeded("promote")
      } catch {
        if Task.isCancelled { return }
        await outages.failed("promote", error)
      }
      await bell.wait(for: pause, by: clock)
    }
  }
}
