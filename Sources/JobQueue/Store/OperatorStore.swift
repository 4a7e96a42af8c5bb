/// An operator's verbs. Each names its operator, and leaves an ``AuditEntry`` in its commit; one that throws leaves
/// none.
///
/// ``JobStore`` states the rules of every verb.
public protocol OperatorStore: Sendable {
  /// Cancels jobs, by ``OperatorStep/cancelling(_:)``. A running job is asked to stop (`cancelRequested`) and ends when
  /// its worker learns of it or is lost; any other unfinished job is `cancelled` at once. Either way `why` is its wait
  /// reason.
  /// - Returns: the current state of each known job; finished ones are left as they are.
  func cancel(_ jobs: [JobID], why: String, by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Discards jobs that nobody will retry, by ``OperatorStep/discarding(_:)``: `dead` and `held` ones become
  /// `cancelled`, with `why` as their wait reason. The newest failure stays, and so do requests of unknown outcome,
  /// which the next job with the same unique key looks for.
  /// - Returns: the current state of each known job; all others are left as they are.
  func discard(_ jobs: [JobID], why: String, by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Makes finished jobs `ready` (or `blocked`, if a parent is not completed), with history kept and failures and
  /// crashes set to zero; `cancelled` ones whose planned time is still ahead are `scheduled` for it
  /// (``JobRelease/restart(of:runAt:at:)``). Makes `scheduled` ones ready at once, and lets `held` ones continue where
  /// they were: `ready`, or `blocked` or `scheduled` while a parent is not completed or their planned time has not
  /// come.
  /// - Returns: the current state of each known job; running, ready and blocked ones are left as they are.
  /// - Throws: ``JobStoreError`` `uniqueConflict` if another job holds the same unique key; then nothing changed.
  func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Holds all unfinished jobs, by ``OperatorStep/holding(_:)``, and counts every budget as full for one window: for a
  /// queue that does not know what happened since it was last used, such as a restored backup. A running job is taken
  /// from its worker, and ends if an operator had cancelled it. Jobs that are already held keep their reasons.
  /// - Returns: how many became `held`.
  func holdUnfinished(why: String, by author: Operator, at now: Timestamp) async throws -> Int

  /// Removes finished jobs as ``MaintenanceStore/prune(finishedBefore:limit:)`` does, for an operator. Calls of one
  /// operator with the same filter and the same `now` are parts of one action: they share one audit entry, whose count
  /// grows.
  /// - Parameters:
  ///   - moment: only jobs that finished before it.
  ///   - limit: the maximum number of jobs in one commit.
  ///   - author: the operator.
  ///   - now: when the action began.
  /// - Returns: how many; 0 if there is none left.
  func prune(
    finishedBefore moment: Timestamp, limit: Int, by author: Operator, at now: Timestamp
  ) async throws -> Int

  /// Closes a gate by hand: nothing behind it is leased any more. Running jobs continue. The next probe may run at
  /// `until`; nil leaves the gate closed until an operator opens it.
  func closeGate(
    _ key: String, until: Timestamp?, reason: String, by author: Operator, at now: Timestamp
  ) async throws

  /// Opens a gate by hand.
  /// - Returns: whether it was not open.
  func openGate(_ key: String, by author: Operator, at now: Timestamp) async throws -> Bool
}
