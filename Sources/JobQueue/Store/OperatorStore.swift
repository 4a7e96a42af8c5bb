/// An operator's verbs. Each is told who gives it, and leaves an ``AuditEntry`` in its commit; one that throws leaves none.
///
/// The rules of every verb stand at ``JobStore``.
public protocol OperatorStore: Sendable {
  /// Cancels jobs, by ``OperatorStep/cancelling(_:)``. One that runs is asked to stop (`cancelRequested`) and ends when its
  /// worker hears of it or is lost; any other unfinished one is `cancelled` at once. Either way `why` is its wait reason.
  /// - Returns: for each known job the state it is in now; finished ones are left as they are.
  func cancel(_ jobs: [JobID], why: String, by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Makes finished jobs `ready` (or `blocked`, when a parent is not completed) with history kept and failures and
  /// crashes at zero; makes `held` and `scheduled` ones ready at once.
  /// - Returns: for each known job the state it is in now; running, ready and blocked ones are left as they are.
  /// - Throws: ``JobStoreError`` `uniqueConflict` when another job holds the same unique key; then nothing changed.
  func retry(_ jobs: [JobID], by author: Operator, at now: Timestamp) async throws -> [JobID: JobState]

  /// Closes a gate by hand: nothing behind it is leased any more. What runs goes on.
  /// The next probe may run at `until`; nil leaves it closed until somebody opens it.
  func closeGate(
    _ key: String, until: Timestamp?, reason: String, by author: Operator, at now: Timestamp
  ) async throws

  /// Opens a gate by hand.
  /// - Returns: whether it was not open.
  func openGate(_ key: String, by author: Operator, at now: Timestamp) async throws -> Bool
}
