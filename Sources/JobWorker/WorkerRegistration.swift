package import JobQueue

/// Makes the worker known, so that others on its host can tell when its process is gone, and those elsewhere that it
/// lives.
package struct WorkerRegistration: Duty {
  package let name = "announce"
  package let phase = DutyPhase.untilStopped
  let store: any MaintenanceStore
  let record: WorkerRecord
  let budgets: [BudgetDemand]
  let terms: LeaseTerms

  /// Well within a lease: a worker that lost its jobs and lives is heard of before they are counted as crashes.
  package var period: Duration { min(.seconds(30), terms.duration * 2 / 3) }
  /// The first one is made before the first lease.
  package var delay: Duration { period }

  package func runOnce(now: Timestamp) async throws -> Timestamp? {
    var record = record
    record.seenAt = now
    try await store.announce(record)
    return nil
  }

  /// Makes known what its configuration says of budgets. Once only: another worker may have been told otherwise.
  func publishBudgets(now: Timestamp) async throws {
    guard !budgets.isEmpty else { return }
    try await store.updateBudgets(budgets, at: now)
  }

  /// Takes the worker's name off the list.
  package func retire() async throws {
    try await store.retire([record.id])
  }
}
