/// The duties that every worker shares: who comes first does them for all.
///
/// The rules of every verb stand at ``JobStore``.
public protocol MaintenanceStore: Sendable {
  /// Makes at most `limit` scheduled jobs that are due `ready`, and gates whose time is over half-open. Costs a look when
  /// nothing is due.
  /// - Returns: how many of both, and when the next one is due.
  func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion

  /// Takes jobs back whose lease has run out by `now`, or whose owner's process is gone; at most `limit`.
  ///
  /// After: the attempt is closed as `lost`, and the job is as ``LostJob/takenBack(_:terms:at:)`` says:
  /// `cancelled` when a person asked for that, `dead` (code `crash-limit`) when its crashes reached the limit, else
  /// `ready`. A crash is counted at once only when the owner is among the gone; else the loss stays open. Open losses
  /// of workers that are gone, or of which nothing was heard for a lease's duration and that are not seen alive, are
  /// counted first, by ``OpenLoss/crashed(in:crashes:limit:)``. Nothing counts as a failure.
  /// The `terms` say how long a lease lasts, and how many crashes end a job.
  /// - Returns: the jobs that were taken back or given up, with their new states.
  func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState]

  /// Makes a worker known, or renews its `seenAt`: it lives, so its open losses were no crashes.
  func announce(_ worker: WorkerRecord) async throws

  /// The workers that announced themselves and did not retire, oldest first.
  func workers() async throws -> [WorkerRecord]

  /// Takes over the size and window of budgets, as ``JournalStore/acquire(_:for:under:at:)`` does: when a configuration changes them, nobody
  /// may ask until the slots of before come. One that was never asked for stays unknown.
  func updateBudgets(_ budgets: [BudgetDemand], at now: Timestamp) async throws

  /// Forgets workers that ended, and their open losses.
  func retire(_ workers: [WorkerID]) async throws

  /// Writes records that no job writes, in one commit: for a duty that keeps its findings. Nothing fences it.
  /// - Throws: ``JobStoreError`` `recordExists` when one is there that was to be new, or `invalid`; then nothing was
  ///   written.
  func record(_ records: [RecordWrite], at now: Timestamp) async throws

  /// Removes records of a collection by their keys, in one commit: only those that were last written before `moment`, so
  /// that what somebody writes anew meanwhile stays.
  /// - Returns: how many.
  /// - Throws: ``JobStoreError`` `invalid` for more than 10,000 keys; or a failure of the store.
  func removeRecords(_ keys: [String], of collection: String, writtenBefore moment: Timestamp) async throws -> Int

  /// Removes at most `limit` finished jobs with `finishedAt` before `moment`, with their history. A finished parent of
  /// an unfinished job stays, a job whose unique key is its own for good (``Uniqueness/permanent``) stays, and so do the
  /// records of all.
  /// - Returns: how many; fewer than `limit` also when they have much history. 0 when there is none left.
  func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int
}

extension MaintenanceStore {
  /// The same under the standard lease, without a word of workers that live.
  public func reap(
    gone: [WorkerID], crashLimit: Int, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    var terms = LeaseTerms.standard
    terms.crashLimit = crashLimit
    return try await reap(WorkerSightings(gone: gone), terms: terms, limit: limit, at: now)
  }
  /// Looks for lost workers once: takes back their jobs, at most `batch` in one commit, until there is none left, then
  /// forgets the workers. Costs a look at the known workers when nothing is lost.
  ///
  /// What was taken before a failure of the store is told; the next look meets the same failure.
  /// - Throws: a failure of the store, when nothing was taken.
  public func reap(
    watching watch: HostWatch, terms: LeaseTerms, batch: Int = 200, at now: Timestamp
  ) async throws -> Reaped {
    let workers = try await workers()
    let sightings = watch.sightings(of: workers)
    var reaped = Reaped()
    do {
      var taken = batch
      while taken >= batch {
        let jobs = try await reap(sightings, terms: terms, limit: batch, at: now)
        taken = jobs.count
        reaped.jobs.merge(jobs) { _, newer in newer }
      }
      let ended = sightings.gone + watch.forgotten(of: workers, at: now)
      if !ended.isEmpty { try await retire(ended) }
      reaped.workers = ended
    } catch {
      guard !reaped.jobs.isEmpty else { throw error }
    }
    return reaped
  }
}
