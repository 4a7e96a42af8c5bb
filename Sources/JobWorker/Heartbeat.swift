package import JobQueue

/// Extends the leases that the worker holds, and learns which jobs are cancelled or lost.
package struct Heartbeat: Duty {
  package let name = "heartbeat"
  package let phase = DutyPhase.untilStopped
  let store: any LeaseStore
  let held: HeldLeases
  let terms: LeaseTerms
  let events: @Sendable (WorkerEvent) -> Void

  package var period: Duration { terms.heartbeat }
  /// Leaves several chances before a lease runs out.
  package var periodAfterFailure: Duration { terms.heartbeat / 5 }
  package var delay: Duration { period }

  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    let leases = await held.leases
    guard !leases.isEmpty else { return nil }
    let statuses = try await store.extend(leases, by: terms.duration, at: now)
    for (lease, status) in statuses {
      switch status {
      case .held(let cancelRequested):
        await held.extend(lease, until: now + terms.duration)
        if cancelRequested { await held.attempt(under: lease)?.stop(.cancelled) }
      case .lost:
        await held.attempt(under: lease)?.stop(.leaseLost)
      }
    }
    events(.extended(statuses.count))
    return nil
  }
}
