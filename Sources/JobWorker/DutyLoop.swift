import JobQueue

/// Runs duties at their times.
package struct DutyLoop: Sendable {
  let clock: any QueueClock
  let health: StoreHealth

  /// Runs a duty again and again until the task is cancelled.
  package func run(_ duty: any Duty) async {
    var begin = clock.now()
    var pause = duty.delay
    while await wait(for: pause, since: begin, or: duty.wake) {
      begin = clock.now()
      do {
        let next = try await duty.runOnce(now: begin)
        await health.succeeded(duty.name)
        pause = next.map { min(duty.period, $0 - begin) } ?? duty.period
      } catch {
        if Task.isCancelled { return }
        pause = duty.periodAfterFailure
        await health.failed(duty.name, error)
      }
    }
  }

  /// Waits until a span has passed since the start of the last run. It does not compute the remaining time first: time
  /// may pass before the sleep begins, and would then be slept twice.
  /// - Returns: whether there is to be another run.
  private func wait(for pause: Duration, since begin: Timestamp, or signal: WakeSignal?) async -> Bool {
    if pause > .zero {
      if let signal {
        await signal.wait(for: pause, since: begin, by: clock)
      } else {
        try? await clock.sleep(for: pause, since: begin)
      }
    }
    return !Task.isCancelled
  }
}
