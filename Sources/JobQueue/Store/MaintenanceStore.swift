/// The duties that all workers share: whoever comes first does them for all.
///
/// ``JobStore`` states the rules of every verb.
public protocol MaintenanceStore: Sendable {
  /// Makes at most `limit` due scheduled jobs `ready`, and gates whose time is over half-open. If nothing is due, it
  /// only costs a look.
  /// - Returns: how many jobs and gates it changed, and when the next one is due.
  func promoteDue(at now: Timestamp, limit: Int) async throws -> Promotion

  /// Takes back at most `limit` jobs whose lease has run out by `now`, or whose owner's process is gone.
  ///
  /// After: the attempt is closed as `lost`, and the job's state follows ``LostJob/takenBack(_:terms:at:)``:
  /// `cancelled` if an operator requested that, `dead` (code `crash-limit`) if its crashes reached the limit, otherwise
  /// `ready`. A crash is counted at once only if the owner is among the gone; otherwise the loss stays open. First it
  /// counts open losses, by ``OpenLoss/crashed(in:crashes:limit:)``: those of workers that are gone, or that were
  /// silent for a lease's duration and are not seen alive. Nothing counts as a failure. The `terms` say how long a
  /// lease lasts, and how many crashes end a job.
  /// - Returns: the jobs that were taken back or given up, with their new states.
  func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState]

  /// Registers a worker, or renews its `seenAt`: it is alive, so its open losses were no crashes.
  func announce(_ worker: WorkerRecord) async throws

  /// The workers that announced themselves and did not retire, oldest first.
  func workers() async throws -> [WorkerRecord]

  /// Adopts the size and window of budgets, as ``JournalStore/acquire(_:for:under:at:)`` does: after a change of
  /// configuration, no job may ask until its old slot comes. A budget that was never used stays unknown.
  func updateBudgets(_ budgets: [BudgetDemand], at now: Timestamp) async throws

  /// Forgets workers that ended, and their open losses.
  func retire(_ workers: [WorkerID]) async throws

  /// Writes records that no job writes, in one commit: for a duty that keeps its findings. It is not fenced.
  /// - Throws: ``JobStoreError`` `recordExists` if one that was to be new already exists, or `invalid`; then nothing
  ///   was written.
  func record(_ records: [RecordWrite], at now: Timestamp) async throws

  /// Removes records of a collection by their keys, in one commit: only those that were last written before `moment`,
  /// so that whatever is written again meanwhile stays.
  /// - Returns: how many.
  /// - Throws: ``JobStoreError`` `invalid` for more than 10,000 keys; or a failure of the store.
  func removeRecords(_ keys: [String], of collection: String, writtenBefore moment: Timestamp) async throws -> Int

  /// Removes at most `limit` finished jobs with `finishedAt` before `moment`, with their history. A finished parent of
  /// an unfinished job stays, and so do a job that holds its unique key for good (``Uniqueness/permanent``) and the
  /// records of all jobs.
  /// - Returns: how many; may be fewer than `limit` if they have much history. 0 if there is none left.
  func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int
}

extension MaintenanceStore {
  /// The same with the standard lease terms, and without knowledge of workers that are alive.
  public func reap(
    gone: [WorkerID], crashLimit: Int, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    var terms = LeaseTerms.standard
    terms.crashLimit = crashLimit
    return try await reap(WorkerSightings(gone: gone), terms: terms, limit: limit, at: now)
  }
  /// Looks for lost workers once: takes back their jobs, at most `batch` in one commit, until there is none left, then
  /// forgets the workers. If nothing is lost, it only costs a look at the known workers.
  ///
  /// Jobs that were taken back before the store failed are returned; the next look meets the same failure.
  /// - Throws: a failure of the store, if nothing was taken back.
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
