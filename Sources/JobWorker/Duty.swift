internal import JobQueue

/// Something a worker does from time to time.
protocol Duty: Sendable {
  /// Its name in logs.
  var name: String { get }
  /// From the beginning of one turn to the beginning of the next.
  var period: Duration { get }
  /// The same after a turn that failed.
  var periodAfterFailure: Duration { get }
  /// One turn.
  func runOnce(now: Timestamp) async throws
}

extension Duty {
  var periodAfterFailure: Duration { min(period, .seconds(5)) }

  /// Takes turns until the task is cancelled, the first one after `delay`.
  func loop(by clock: any QueueClock, outages: OutageLog, after delay: Duration = .zero) async {
    var pause = delay
    while (try? await clock.sleep(for: pause)) != nil {
      let begin = clock.now()
      do {
        try await runOnce(now: begin)
        await outages.succeeded(name)
        pause = Self.pause(period, since: begin, at: clock.now())
      } catch {
        if Task.isCancelled { return }
        await outages.failed(name, error)
        pause = Self.pause(periodAfterFailure, since: begin, at: clock.now())
      }
    }
  }

  /// What is left of a period; never more than the whole of it, or a clock that was set back by hours during a turn
  /// would put off the next one by hours.
  private static func pause(_ period: Duration, since begin: Timestamp, at now: Timestamp) -> Duration {
    min(period, begin + period - now)
  }
}
