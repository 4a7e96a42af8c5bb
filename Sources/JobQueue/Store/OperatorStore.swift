/// An operator's verbs. Each is told who gives it, and leaves an ``AuditEntry`` in its commit; one that throws leaves none.
///
/// The rules of every verb stand at ``JobStore``.
public protocol OperatorStore: Sendable {
  /// Cancels jobs, by ``OperatorStep/cancelling(_:)``. One that runs is asked to stop (`cancelRequested`) and ends when its
  /// worker hears of it or is lost; any other unfinished one is `cancelled` at once. Either way `why` is its wait reason.
  /// - Returns: for each known job the state it is in now; finished ones are left as they are.
  func cancel(_ jobs: [JobID], why: String, by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Puts jobs aside that nobody will retry, by ``OperatorStep/discarding(_:)``: `dead` and `held` ones are `cancelled`,
  /// with `why` as their wait reason. The newest failure stays, and so do requests of unknown outcome that a job of the
  /// same unique key looks for.
  /// - Returns: for each known job the state it is in now; all others are left as they are.
  func discard(_ jobs: [JobID], why: String, by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Makes finished jobs `ready` (or `blocked`, when a parent is not completed) with history kept and failures and
  /// crashes at zero; `cancelled` ones whose moment is still ahead are `scheduled` for it
  /// (``JobRelease/restart(of:runAt:at:)``). Makes `scheduled` ones ready at once, and lets `held` ones go on where they
  /// stood: `ready`, or `blocked` or `scheduled` while a parent is not completed or their moment has not come.
  /// - Returns: for each known job the state it is in now; running, ready and blocked ones are left as they are.
  /// - Throws: ``JobStoreError`` `uniqueConflict` when another job holds the same unique key; then nothing changed.
  func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Holds all jobs that are unfinished, by ``OperatorStep/holding(_:)``, and counts every budget as full for one window:
  /// for a queue that does not know what happened since it was last looked at, such as a restored backup. A job that runs
  /// is taken from its worker, and ends when a person had cancelled it. Jobs that are held already keep their reasons.
  /// - Returns: how many became `held`.
  func holdUnfinished(why: String, by author: Operator, at now: Timestamp) async throws -> Int

  /// Removes finished jobs as ``MaintenanceStore/prune(finishedBefore:limit:)`` does, for an operator. Calls of one operator
  /// with the same filter and the same `now` are one deed in parts: they share one entry of the audit, whose count grows.
  /// - Parameters:
  ///   - moment: only jobs that finished before it.
  ///   - limit: the most jobs of one commit.
  ///   - author: who gives the verb.
  ///   - now: when the deed began.
  /// - Returns: how many; 0 when there is none left.
  func prune(
    finishedBefore moment: Timestamp, limit: Int, by author: Operator, at now: Timestamp
  ) async throws -> Int

  /// Closes a gate by hand: nothing behind it is leased any more. What runs goes on.
  /// The next probe may run at `until`; nil leaves it closed until somebody opens it.
  func closeGate(
    _ key: String, until: Timestamp?, reason: String, by author: Operator, at now: Timestamp
  ) async throws

  /// Opens a gate by hand.
  /// - Returns: whether it was not open.
  func openGate(_ key: String, by author: Operator, at now: Timestamp) async throws -> Bool
}
