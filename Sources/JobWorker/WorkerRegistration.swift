package import JobQueue

/// Registers the worker, so that others on its host can find out if its process is gone, and those elsewhere see that
/// it is alive.
package struct WorkerRegistration: Duty {
  package let name = "announce"
  package let phase = DutyPhase.untilStopped
  let store: any MaintenanceStore
  let record: WorkerRecord
  let budgets: [BudgetDemand]
  let terms: LeaseTerms

  /// Well within a lease: a living worker that lost its jobs is heard from before they are counted as crashes.
  package var period: Duration { min(.seconds(30), terms.duration * 2 / 3) }
  /// The first registration comes before the first lease.
  package var delay: Duration { period }

  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    var record = record
    record.seenAt = now
    try await store.announce(record)
    return nil
  }

  /// Writes the budgets of its configuration to the store. Only once, because another worker may have changed them
  /// since.
  func publishBudgets(now: Timestamp) async throws {
    guard !budgets.isEmpty else { return }
    try await store.updateBudgets(budgets, at: now)
  }

  /// Removes the worker from the list.
  package func retire() async throws {
    try await store.retire([record.id])
  }
}
