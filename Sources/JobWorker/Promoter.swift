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
    var promoted = try await store.promoteDue(at: now, limit: Self.batch)
    while promoted.count > 0 {
      events(.promoted(promoted.count))
      await leaseBell.ring()
      guard let due = promoted.next, due <= now else { break }
      promoted = try await store.promoteDue(at: now, limit: Self.batch)
    }
    return promoted.next
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
