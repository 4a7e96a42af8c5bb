/// A fault that a story plants in its workers, to see that the simulator notices it.
public enum WorkerDefect: String, Sendable, Hashable, CaseIterable {
  /// Takes some ends for recorded that were never sent.
  case completionLost
  /// Believes that it extends its leases, and tells the store nothing.
  case heartbeatSkipped
  /// Leases the next jobs before the ends are recorded in whose slots they run.
  case refillBeforeEnd
  /// Ends without handing back what it still holds.
  case leaseKeptAtEnd
}
