import JobQueue
import JobWorker
import StreamingJobs

/// A worker's duty: removes the records of batches whose jobs were all removed.
struct BatchPruner: Duty {
  let name = "prune-batches"
  let period: Duration = .seconds(3600)
  let store: any QueryStore & MaintenanceStore
  let retention: Duration

  /// When a worker has removed old jobs for the first time.
  var delay: Duration { .seconds(120) }

  func runOnce(now: Timestamp) async throws -> Timestamp? {
    _ = try await BatchPruning.run(in: store, addedBefore: now - retention)
    return nil
  }
}
