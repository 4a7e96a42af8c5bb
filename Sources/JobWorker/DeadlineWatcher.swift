package import JobQueue

/// Stops attempts whose time is over: that of the attempt, or that of a lease which could not be extended before it ended;
/// another worker may have such a job by now, whether the store can tell us or not. It asks no store, so that a slow one
/// cannot hold it up.
///
/// One watch for all attempts: a timer for each would cost more than many a job does.
package struct DeadlineWatcher: Duty {
  package let name = "deadlines"
  package let phase = DutyPhase.untilStopped
  let held: HeldLeases
  let terms: LeaseTerms
  /// Signalled by the held leases when something ends before the moment that they told last.
  package let wake: WakeSignal?

  /// Leases are extended meanwhile, so a look now and then is cheaper than to be told of each.
  package var period: Duration { terms.heartbeat }

  package func runOnce(now: Timestamp) async -> Timestamp? {
    for (attempt, reason) in await held.attempts(overBy: now) { await attempt.stop(reason) }
    return await held.nextEnd(after: now)
  }
}
