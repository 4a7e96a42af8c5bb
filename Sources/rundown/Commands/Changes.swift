import JobQueue

/// Waits until a store may have changed.
struct Changes {
  private let stream: AsyncStream<Void>
  private let clock: any QueueClock

  init(store: any QueryStore, clock: any QueueClock) {
    stream = store.wakeUps()
    self.clock = clock
  }

  /// Returns after the next change, or after `duration` without one.
  /// - Returns: false when the store was closed.
  func next(atMost duration: Duration) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in stream {
          // A burst of commits is one change for a person's eyes.
          try await clock.sleep(for: .milliseconds(100))
          return true
        }
        return false
      }
      group.addTask {
        try await clock.sleep(for: duration)
        return true
      }
      defer { group.cancelAll() }
      return try await group.next() ?? false
    }
  }
}
