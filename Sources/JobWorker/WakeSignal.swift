internal import JobQueue

/// Wakes one loop before its time. Signals while nobody waits are kept as one.
public actor WakeSignal {
  private var isSignalled = false
  private var waiter: CheckedContinuation<Void, Never>?

  /// Creates a signal that nobody has given yet.
  public init() {}

  /// Wakes the loop now, or lets its next wait return at once.
  public func signal() {
    guard let waiter else {
      isSignalled = true
      return
    }
    self.waiter = nil
    waiter.resume()
  }

  /// Returns when signalled or when the task is cancelled. One loop only may wait.
  func wait() async {
    if isSignalled {
      isSignalled = false
      return
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter = $0 }
    } onCancel: {
      Task { await self.signal() }
    }
  }

  /// Returns when signalled, after `limit`, or when the task is cancelled. One loop only may wait.
  ///
  /// A span and not a moment: a clock that was set back by hours meanwhile would put the moment off by hours.
  func wait(for limit: Duration, by clock: any QueueClock) async {
    await wait { try await clock.sleep(for: limit) }
  }

  /// Returns when signalled, at a moment, or when the task is cancelled. One loop only may wait.
  func wait(until moment: Timestamp, by clock: any QueueClock) async {
    await wait { try await clock.sleep(until: moment) }
  }

  private func wait(orAfter sleep: @escaping @Sendable () async throws -> Void) async {
    let alarm = Task {
      do { try await sleep() } catch { return }
      self.signal()
    }
    await wait()
    alarm.cancel()
  }
}
