import JobQueue

/// Passes the store's wake-ups on at once, but one in each moment at most: a busy store tells of every change, also of
/// those that this worker makes, and each is answered with a look.
struct WakeUpRelay: Sendable {
  static let moment: Duration = .milliseconds(1)

  let store: any WakeUpStore
  let clock: any QueueClock
  let signals: [WakeSignal]

  /// Relays until the task is cancelled. A store keeps one wake-up at most for who does not listen just now, so all that
  /// is told within a moment is answered by one look.
  func loop() async {
    var last: Timestamp?
    for await _ in store.wakeUps() {
      if let last, clock.now() - last < Self.moment { try? await clock.sleep(for: Self.moment) }
      last = clock.now()
      for signal in signals { await signal.signal() }
    }
  }
}
