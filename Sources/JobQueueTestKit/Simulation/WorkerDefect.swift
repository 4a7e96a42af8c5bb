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
  /// Has a handler that it left to itself write under the lease of whoever runs the job now.
  case leftHandlerWrites
}
