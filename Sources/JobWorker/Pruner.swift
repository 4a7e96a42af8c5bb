internal import JobQueue

/// Removes finished jobs whose time of keeping is over, in small batches that let other writers through.
struct Pruner: Duty {
  static let batch = 200

  let name = "prune"
  let period: Duration = .seconds(3600)
  let store: any JobStore
  let retention: Duration
  let events: @Sendable (WorkerEvent) -> Void

  func runOnce(now: Timestamp) async throws {
    var removed = 0
    while !Task.isCancelled {
      let last = try await store.prune(finishedBefore: now - retention, limit: Self.batch)
      if last == 0 { break }
      removed += last
    }
    if removed > 0 { events(.pruned(removed)) }
  }
}
