import JobQueue

/// Wakes one loop early. Several signals while nobody waits count as one.
public actor WakeSignal {
  private var isSignalled = false
  private var waiter: CheckedContinuation<Void, Never>?

  /// Creates a signal that has not been given yet.
  public init() {}

  /// Wakes the loop now, or makes its next wait return at once.
  public func signal() {
    guard let waiter else {
      isSignalled = true
      return
    }
    self.waiter = nil
    waiter.resume()
  }

  /// Returns when signalled or when the task is cancelled. Only one loop may wait.
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

  /// Returns when signalled, when `span` has passed since `begin`, or when the task is cancelled. Only one loop may
  /// wait.
  func wait(for span: Duration, since begin: Timestamp, by clock: any QueueClock) async {
    let alarm = Task {
      do { try await clock.sleep(for: span, since: begin) } catch { return }
      self.signal()
    }
    await wait()
    alarm.cancel()
  }
}
