import JobQueue
import Logging

/// Queues that a worker has handlers for and that nobody serves: their jobs would wait for ever, mostly for a misspelt
/// name.
struct UnservedQueues: Sendable {
  let store: any QueryStore
  /// What the worker's handlers are registered for.
  let registered: [String]
  /// What the worker itself serves.
  let served: Set<String>
  let liveness: WorkerLiveness
  let logger: Logger

  /// Warns once of each; asks the store only when the worker itself leaves a queue out.
  func warn(now: Timestamp) async throws {
    let leftOut = Set(registered).subtracting(served)
    guard !leftOut.isEmpty else { return }
    let others = try await store.status().workers.filter { liveness.lives($0, at: now) }.flatMap(\.queues)
    for queue in leftOut.subtracting(others).sorted() {
      logger.warning("no worker serves this queue; its jobs are waiting", metadata: ["queue": "\(queue)"])
    }
  }
}
