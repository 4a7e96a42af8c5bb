import JobQueue

/// Waits until a store may have changed.
struct Changes {
  private enum Event {
    case changed, quiet, closed
  }

  private let store: any QueryStore
  private let clock: any QueueClock
  private var stream: AsyncStream<Void>

  init(store: any QueryStore, clock: any QueueClock) {
    self.store = store
    self.clock = clock
    stream = store.wakeUps()
  }

  /// Returns after the next change, or after `duration` without one. Look at the store after that: what changes between two
  /// calls is either seen by this look, or ends the next call.
  /// - Returns: false when the store was closed.
  mutating func next(atMost duration: Duration) async throws -> Bool {
    let event = try await event(within: duration)
    // Giving up on a stream ends it for good, and every later call would return at once.
    if event == .quiet { stream = store.wakeUps() }
    return event != .closed
  }

  private func event(within duration: Duration) async throws -> Event {
    try await withThrowingTaskGroup(of: Event.self) { [stream, clock] group in
      group.addTask {
        for await _ in stream {
          // To a person, a burst of commits is one change.
          try await clock.sleep(for: .milliseconds(100))
          return .changed
        }
        return .closed
      }
      group.addTask {
        try await clock.sleep(for: duration)
        return .quiet
      }
      defer { group.cancelAll() }
      return try await group.next() ?? .closed
    }
  }
}
