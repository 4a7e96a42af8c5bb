/// A fault that a run plants in its workers, to see that the simulator notices it.
public enum WorkerDefect: String, Sendable, Hashable, CaseIterable {
  /// Takes some ends for recorded that were never sent.
  case completionLost
  /// Believes that it extends its leases, and tells the store nothing.
  case heartbeatSkipped
  /// Leases the next jobs before the ends are recorded in whose slots they run.
  case refillBeforeEnd
  /// Ends without handing back what it still holds.
  case leaseKeptAtEnd
  /// Extends nothing more once it was not answered.
  case heartbeatGivesUp
  /// Sleeps twice as long between two turns of a duty.
  case dutyOversleeps
  /// Tells its promoter that nothing is due, and asks nobody.
  case promoterSkips
  /// Does not tell its promoter when the next job is due.
  case nextMomentForgotten
  /// Tells its reaper that nothing is lost, and asks nobody.
  case reaperSkips
  /// Takes a worker of its host for gone that lives.
  case livingTakenForGone
  /// Has a handler that it left to itself write under the lease of whoever runs the job now.
  case leftHandlerWrites
}
