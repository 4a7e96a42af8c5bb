/// A fault that a run plants in its workers, to check that the simulator detects it.
public enum WorkerDefect: String, Sendable, Hashable, CaseIterable {
  /// Takes some ends for recorded that were never sent.
  case completionLost
  /// Believes that it extends its leases, but does not call the store.
  case heartbeatSkipped
  /// Leases the next jobs before it records the ends of the jobs in whose slots they run.
  case refillBeforeEnd
  /// Ends without handing back what it still holds.
  case leaseKeptAtEnd
  /// Stops extending leases once it got no answer.
  case heartbeatGivesUp
  /// Sleeps twice as long between two runs of a duty.
  case dutyOversleeps
  /// Answers its promoter that nothing is due, without asking the store.
  case promoterSkips
  /// Does not tell its promoter when the next job is due.
  case nextMomentForgotten
  /// Answers its reaper that nothing is lost, without asking the store.
  case reaperSkips
  /// Takes a live worker of its host for gone.
  case livingTakenForGone
  /// Lets an abandoned handler write under the lease of whoever runs the job now.
  case leftHandlerWrites
}
