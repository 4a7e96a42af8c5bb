internal import JobQueue

/// Stops runs whose lease could not be extended before it ended: another worker may have them by now, whether the store
/// can tell us or not. It asks no store, so that a slow one cannot hold it up.
struct ExpiryWatch: Sendable {
  let book: LeaseBook
  let clock: any QueueClock
  let terms: LeaseTerms

  func runOnce(now: Timestamp) async {
    for run in await book.runs(expiredBy: now) { await run.stop(.leaseLost) }
  }

  /// Watches until the task is cancelled. A new lease cannot end before the next look: it lasts longer than a heartbeat.
  func loop() async {
    while !Task.isCancelled {
      let now = clock.now()
      await runOnce(now: now)
      let look = now + terms.heartbeat
      let next = min(look, await book.nextExpiry(after: now) ?? look)
      // Not until that moment: a clock that was set back by hours since `now` would put the look off by hours.
      try? await clock.sleep(for: next - now)
    }
  }
}
