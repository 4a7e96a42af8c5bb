internal import JobQueue

/// Stops runs whose time is over: that of their attempt, or that of a lease which could not be extended before it ended;
/// another worker may have such a job by now, whether the store can tell us or not. It asks no store, so that a slow one
/// cannot hold it up.
///
/// One watch for all runs: a timer for each would cost more than many a job does.
struct TimeWatch: Sendable {
  let book: LeaseBook
  let clock: any QueueClock
  let terms: LeaseTerms
  /// Rung by the book when something ends before the moment that it told last.
  let bell: Bell

  func runOnce(now: Timestamp) async {
    for (run, reason) in await book.runs(overBy: now) { await run.stop(reason) }
  }

  /// Watches until the task is cancelled.
  func loop() async {
    while !Task.isCancelled {
      let now = clock.now()
      await runOnce(now: now)
      guard let next = await book.nextEnd(after: now) else {
        await bell.wait()
        continue
      }
      // Leases are extended meanwhile, so a look now and then is cheaper than to be told of each.
      await bell.wait(for: min(next - now, terms.heartbeat), by: clock)
    }
  }
}
