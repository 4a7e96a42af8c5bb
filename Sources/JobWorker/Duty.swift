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
    var next = clock.now() + delay
    while (try? await clock.sleep(until: next)) != nil {
      let begin = clock.now()
      do {
        try await runOnce(now: begin)
        await outages.succeeded(name)
        next = begin + period
      } catch {
        if Task.isCancelled { return }
        await outages.failed(name, error)
        next = begin + periodAfterFailure
      }
    }
  }
}
