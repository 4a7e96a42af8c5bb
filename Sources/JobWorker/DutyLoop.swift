import JobQueue

/// Gives duties their turns.
package struct DutyLoop: Sendable {
  let clock: any QueueClock
  let health: StoreHealth

  /// Gives a duty its turns until the task is cancelled.
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

  /// Waits for a span from when the last turn began. Never for what is left of it by now: time may pass before the sleep
  /// begins, and would be slept for once more.
  /// - Returns: whether there is to be another turn.
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
