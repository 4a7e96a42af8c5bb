import JobQueue
import Logging

/// Queues that a worker has handlers for but that nobody serves: their jobs would wait forever, usually because of a
/// misspelt name.
struct UnservedQueues: Sendable {
  let store: any QueryStore
  /// The queues of the worker's handlers.
  let registered: [String]
  /// The queues that the worker itself serves.
  let served: Set<String>
  let liveness: WorkerLiveness
  let logger: Logger

  /// Warns once about each; reads the store only if the worker itself leaves a queue out.
  func warn(now: Timestamp) async throws {
    let leftOut = Set(registered).subtracting(served)
    guard !leftOut.isEmpty else { return }
    let others = try await store.status().workers.filter { liveness.lives($0, at: now) }.flatMap(\.queues)
    for queue in leftOut.subtracting(others).sorted() {
      logger.warning("no worker serves this queue; its jobs are waiting", metadata: ["queue": "\(queue)"])
    }
  }
}
