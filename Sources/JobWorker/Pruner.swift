package import JobQueue

/// Removes finished jobs whose retention time is over, in small batches that let other writers through.
package struct Pruner: Duty {
  static let batch = 200

  package let name = "prune"
  package let period: Duration = .seconds(3600)
  let store: any MaintenanceStore
  let retention: Duration
  let events: @Sendable (WorkerEvent) -> Void

  /// Not at once: a worker that starts has more important things to do.
  package var delay: Duration { .seconds(60) }

  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    var removed = 0
    while !Task.isCancelled {
      let last = try await store.prune(finishedBefore: now - retention, limit: Self.batch)
      if last == 0 { break }
      removed += last
    }
    if removed > 0 { events(.pruned(removed)) }
    return nil
  }
}
