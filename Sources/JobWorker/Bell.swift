internal import JobQueue

/// Wakes one loop. Rings while nobody waits are kept as one.
actor Bell {
  private var hasRung = false
  private var waiter: CheckedContinuation<Void, Never>?

  /// Wakes the loop now, or lets its next wait return at once.
  func ring() {
    guard let waiter else {
      hasRung = true
      return
    }
    self.waiter = nil
    waiter.resume()
  }

  /// Returns when rung or when the task is cancelled. One loop only may wait.
  func wait() async {
    if hasRung {
      hasRung = false
      return
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { waiter = $0 }
    } onCancel: {
      Task { await self.ring() }
    }
  }

  /// Returns when rung, after `limit`, or when the task is cancelled. One loop only may wait.
  ///
  /// A span and not a moment: a clock that was set back by hours meanwhile would put the moment off by hours.
  func wait(for limit: Duration, by clock: any QueueClock) async {
    let alarm = Task {
      do { try await clock.sleep(for: limit) } catch { return }
      self.ring()
    }
    await wait()
    alarm.cancel()
  }
}
