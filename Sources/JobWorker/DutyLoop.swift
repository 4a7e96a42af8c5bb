internal import JobQueue

/// Gives duties their turns.
struct DutyLoop: Sendable {
  let clock: any QueueClock
  let health: StoreHealth

  /// Gives a duty its turns until the task is cancelled.
  func run(_ duty: any Duty) async {
    var pause = duty.delay
    var moment: Timestamp?
    while await wait(pause, until: moment, for: duty.wake) {
      let begin = clock.now()
      do {
        let next = try await duty.runOnce(now: begin)
        await health.succeeded(duty.name)
        pause = rest(of: duty.period, since: begin)
        moment = next.flatMap { $0 - clock.now() < pause ? $0 : nil }
      } catch {
        if Task.isCancelled { return }
        await health.failed(duty.name, error)
        moment = nil
        pause = rest(of: duty.periodAfterFailure, since: begin)
      }
    }
  }

  /// - Returns: whether there is to be another turn.
  private func wait(_ pause: Duration, until moment: Timestamp?, for signal: WakeSignal?) async -> Bool {
    if let moment {
      // The moment itself: what is left of it by now would be counted from when the sleep begins.
      if let signal { await signal.wait(until: moment, by: clock) } else { try? await clock.sleep(until: moment) }
    } else if pause > .zero {
      if let signal { await signal.wait(for: pause, by: clock) } else { try? await clock.sleep(for: pause) }
    }
    return !Task.isCancelled
  }

  /// What is left of a period; never more than the whole of it, or a clock that was set back by hours during a turn
  /// would put off the next one by hours.
  private func rest(of period: Duration, since begin: Timestamp) -> Duration {
    min(period, begin + period - clock.now())
  }
}
