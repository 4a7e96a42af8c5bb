internal import JobQueue

/// Passes the store's wake-ups on at once, but one in each moment at most: a busy store tells of every change, also of
/// those that this worker makes, and each is answered with a look.
struct WakeUpRelay: Sendable {
  static let moment: Duration = .milliseconds(1)

  let store: any JobStore
  let clock: any QueueClock
  let bells: [Bell]

  /// Relays until the task is cancelled.
  func loop() async {
    let heard = Bell()
    async let listening: Void = listen(heard)
    var last: Timestamp?
    while !Task.isCancelled {
      await heard.wait()
      if let last, clock.now() - last < Self.moment { try? await clock.sleep(for: Self.moment) }
      last = clock.now()
      for bell in bells { await bell.ring() }
    }
    await listening
  }

  private func listen(_ heard: Bell) async {
    for await _ in store.wakeUps() { await heard.ring() }
  }
}
