import JobQueue

/// Passes the store's wake-ups on at once, but at most one per interval: a busy store reports every change, including
/// those that this worker makes, and each is answered with a look.
struct WakeUpRelay: Sendable {
  static let moment: Duration = .milliseconds(1)

  let store: any WakeUpStore
  let clock: any QueueClock
  let signals: [WakeSignal]

  /// Relays until the task is cancelled. A store keeps at most one wake-up for a listener that is busy, so everything
  /// reported within an interval is answered by one look.
  func loop() async {
    var last: Timestamp?
    for await _ in store.wakeUps() {
      if let last, clock.now() - last < Self.moment { try? await clock.sleep(for: Self.moment) }
      last = clock.now()
      for signal in signals { await signal.signal() }
    }
  }
}
