internal import JobQueue

/// Passes the store's wake-ups on: the first at once, further ones a moment apart. A store may tell of every change,
/// also of those that this worker makes by looking; answering each with another look would never end.
struct WakeUpRelay: Sendable {
  static let pause: Duration = .milliseconds(20)

  let store: any JobStore
  let clock: any QueueClock
  let bells: [Bell]

  /// Relays until the task is cancelled.
  func loop() async {
    let heard = Bell()
    async let listening: Void = listen(heard)
    while !Task.isCancelled {
      await heard.wait()
      for bell in bells { await bell.ring() }
      try? await clock.sleep(for: Self.pause)
    }
    await listening
  }

  private func listen(_ heard: Bell) async {
    for await _ in store.wakeUps() { await heard.ring() }
  }
}
