package import JobQueue

/// Makes scheduled jobs ready when they are due.
package struct Promoter: Duty {
  static let batch = 500

  package let name = "promote"
  /// A job of another process may become due without a wake-up.
  package let period: Duration = .seconds(5)
  package let wake: WakeSignal?
  let store: any MaintenanceStore
  let leaseSignal: WakeSignal
  let events: @Sendable (WorkerEvent) -> Void

  /// Promotes jobs that are due.
  /// - Returns: when the next job is due.
  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    var promoted = try await store.promoteDue(at: now, limit: Self.batch)
    while promoted.count > 0 {
      events(.promoted(promoted.count))
      await leaseSignal.signal()
      guard let due = promoted.next, due <= now else { break }
      promoted = try await store.promoteDue(at: now, limit: Self.batch)
    }
    // Due jobs that were not promoted were taken by another worker in between: no reason to spin.
    return promoted.next.flatMap { $0 > now ? $0 : nil }
  }
}
