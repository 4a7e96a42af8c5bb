/// Keeps what a running job writes down. What a handler's ``JobContext`` needs.
///
/// The rules of every verb stand at ``JobStore``.
public protocol JournalStore: Sendable {
  /// A name that no other store has; made when the store is created, kept for its life.
  var identity: String { get }

  /// Writes journal entries of a running job, in one commit, fenced. A result or an answer of a gate's probe proves
  /// that the other side answers, and opens the gate. Progress sets the job's crashes to zero and closes its open losses.
  /// A refusal gives back what the effect took of a budget, and its job
  /// stands in line again where it stood; a result that was performed, or an unknown outcome, lets the unit count from
  /// `now`. A record commits with the other entries; one that is there and was to be new stays as it is, and the
  /// attempt's notes tell.
  /// - Throws: ``JobStoreError`` `leaseLost` or `claimed`; then nothing was written, no record either.
  func write(_ entries: [JournalEntry], under lease: Lease, at now: Timestamp) async throws

  /// Asks for a unit of a budget, fenced.
  ///
  /// After `granted`, with `effect`: the unit is taken and the intent written down, in one commit. A unit that the same
  /// effect took before is taken anew, so that a repeat costs no second one. Without `effect` nothing is taken.
  /// After `wait`: the job has a place in line until it is granted a unit or ends. It stands there while it runs, is
  /// ready, or is scheduled for exactly that moment; while it waits for another one it is passed over.
  ///
  /// Every verb that changes a budget's units or line tells the first in line their turns anew, in its commit and by
  /// ``BudgetRule/heads(of:)``: the moments of those that are scheduled change with them.
  /// - Throws: ``JobStoreError`` `leaseLost`; then nothing was written.
  func acquire(_ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp) async throws
    -> BudgetAnswer

  /// What a job wrote down so far.
  func journal(of job: JobID) async throws -> Journal

  /// The job whose recorded effect holds a claim.
  func claimant(of claim: String) async throws -> JobID?

  /// What the other jobs of a concurrency key, ended ones too, asked for as an effect of this name and nobody answered: it
  /// may still be made. Each was touched when its request may have left last, as of ``InheritedIntent``.
  func openIntents(ofKey concurrencyKey: String, effect: String, besides job: JobID) async throws -> [EffectRecord]

  /// The outputs of a job's completed parents.
  func parentOutputs(of job: JobID) async throws -> [ParentOutput]

  /// The attempts of a job, oldest first.
  func attempts(of job: JobID) async throws -> [Attempt]
}
