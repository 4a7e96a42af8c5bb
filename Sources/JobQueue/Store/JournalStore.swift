/// Keeps what a running job records: what a handler's ``JobContext`` needs.
///
/// ``JobStore`` states the rules of every verb.
public protocol JournalStore: Sendable {
  /// A name that no other store has; created with the store, and never changed.
  var identity: String { get }

  /// Writes journal entries of a running job, in one commit, fenced. A result or an answer of a gate's probe proves
  /// that the other side answers, and opens the gate. Progress sets the job's crashes to zero and closes its open
  /// losses. A refusal gives back the unit that the effect took of a budget, and its job returns to its old place in
  /// line; after a performed result, or an unknown outcome, the unit counts from `now`. A record is committed with the
  /// other entries; a record that was to be new but already exists stays as it is, and the attempt's notes say so.
  /// - Throws: ``JobStoreError`` `leaseLost` or `claimed`; then nothing was written, not even a record.
  func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws

  /// Requests a unit of a budget, fenced.
  ///
  /// After `granted`, with `effect`: the unit is taken and the intent recorded, in one commit. A unit that the same
  /// effect took before is taken again, so that a repetition costs no second one. Without `effect` nothing is taken.
  /// After `wait`: the job has a place in line until it is granted a unit or ends. It stays in line while it runs, is
  /// ready, or is scheduled for exactly that time; while it waits for a different time it is passed over.
  ///
  /// Every verb that changes a budget's units or line recomputes the turns of the first in line, in its commit and by
  /// ``BudgetRule/heads(of:)``: the times of those that are scheduled change accordingly.
  /// - Throws: ``JobStoreError`` `leaseLost`; then nothing was written.
  func acquire(_ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp) async throws
    -> BudgetAnswer

  /// What a job recorded so far.
  func journal(of job: JobID) async throws -> Journal

  /// The job whose recorded effect holds a claim.
  func claimant(of claim: String) async throws -> JobID?

  /// The unanswered requests of the other jobs with a concurrency key, ended ones included, for an effect of this name:
  /// each may still be carried out. Each was last touched when its request may last have been sent, as in
  /// ``InheritedIntent``.
  func openIntents(ofKey concurrencyKey: String, effect: String, besides job: JobID) async throws -> [EffectRecord]

  /// The outputs of a job's completed parents.
  func parentOutputs(of job: JobID) async throws -> [ParentOutput]

  /// The attempts of a job, oldest first.
  func attempts(of job: JobID) async throws -> [Attempt]
}
