internal import JobQueue

/// Extends the leases that the worker holds, and hears which jobs are called off or lost.
struct Heartbeat: Duty {
  let name = "heartbeat"
  let store: any JobStore
  let book: LeaseBook
  let terms: LeaseTerms
  let events: @Sendable (WorkerEvent) -> Void

  var period: Duration { terms.heartbeat }
  /// Several more chances before a lease runs out.
  var periodAfterFailure: Duration { terms.heartbeat / 5 }

  func runOnce(now: Timestamp) async throws {
    let leases = await book.leases
    guard !leases.isEmpty else { return }
    let statuses = try await store.extend(leases, by: terms.duration, at: now)
    for (lease, status) in statuses {
      switch status {
      case .held(let cancelRequested):
        await book.extend(lease, until: now + terms.duration)
        if cancelRequested { await book.run(lease)?.stop(.cancelled) }
      case .lost:
        await book.run(lease)?.stop(.leaseLost)
      }
    }
    events(.extended(statuses.count))
  }
}
