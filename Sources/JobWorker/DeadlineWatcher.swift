package import JobQueue

/// Stops attempts that have run out of time: either the attempt's own limit, or a lease that could not be extended
/// before it ended. In the latter case another worker may already have the job, whether the store can be reached or
/// not. It does not use the store, so a slow one cannot hold it up.
///
/// One watcher for all attempts: a timer for each would cost more than many a job does.
package struct DeadlineWatcher: Duty {
  package let name = "deadlines"
  package let phase = DutyPhase.untilStopped
  let held: HeldLeases
  let terms: LeaseTerms
  /// Signalled by the held leases if something ends before the time that they last returned.
  package let wake: WakeSignal?

  /// Leases are extended meanwhile, so checking now and then is cheaper than being notified of each extension.
  package var period: Duration { terms.heartbeat }

  package func runOnce(now: Timestamp) async -> Timestamp? {
    for (attempt, reason) in await held.attempts(overBy: now) { await attempt.stop(reason) }
    return await held.nextEnd(after: now)
  }
}
