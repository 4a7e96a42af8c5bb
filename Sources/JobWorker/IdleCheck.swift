import JobQueue

/// Whether there is nothing left to do for a worker that ends by itself.
struct IdleCheck: Sendable {
  let store: any QueryStore
  let queues: Set<String>
  let waitForScheduled: Bool

  /// - Returns: nil for a worker that never ends by itself.
  init?(store: any QueryStore, configuration: WorkerConfiguration) {
    guard case .whenIdle(let waitForScheduled) = configuration.exit else { return nil }
    self.store = store
    queues = Set(configuration.queues.keys)
    self.waitForScheduled = waitForScheduled
  }

  func isIdle(now: Timestamp) async throws -> Bool {
    let status = try await store.status()
    // A job that is due but not promoted yet counts as ready.
    if let due = status.nextDue, due <= now { return false }
    let work: [JobState] = waitForScheduled ? [.ready, .running, .scheduled] : [.ready, .running]
    return queues.allSatisfy { queue in
      work.allSatisfy { status.counts[queue]?[$0.rawValue, default: 0] ?? 0 == 0 }
    }
  }
}
