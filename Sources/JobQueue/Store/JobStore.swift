/// Where jobs live. All verbs are atomic: each happens wholly or not at all, and is durable when it returns.
///
/// The fence: a verb that takes a ``Lease`` changes a job only while it is `running` under exactly that owner and token.
/// A store never lets a job go from one state to another outside the table of ``JobState/successors``.
/// Time comes in as `now`; a store never reads a clock.
public protocol JobStore: Sendable {
  /// A name that no other store has; made when the store is created, kept for its life.
  var identity: String { get }

  // MARK: Enqueue

  /// Inserts jobs, all in one commit.
  ///
  /// After: a job whose unique key is held by an unfinished job was not inserted, and its receipt names that job. A job
  /// with an unfinished, dead or cancelled parent is `blocked`; else with a `runAt` after `now` `scheduled`, else `ready`.
  /// A parent's receipt may itself name a job that was already present.
  /// - Returns: one receipt per job, in order.
  /// - Throws: ``JobStoreError`` `noSuchParent`, `invalid`, or a failure of the store; then nothing was inserted.
  func enqueue(_ jobs: [NewJob], at now: Timestamp) async throws -> [EnqueueReceipt]

  /// Inserts jobs part by part, each part as ``enqueue(_:at:)`` does. A part goes in when the one before it is on disk; a
  /// store that can asks for it and makes it ready while that one is being written.
  /// - Parameters:
  ///   - next: the next part; nil at the end.
  ///   - now: the time at which a part goes in.
  /// - Returns: one receipt per job, in order.
  /// - Throws: what `next` throws, or a failure of the store. Then the parts before stay.
  func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt]

  // MARK: Lease

  /// Leases ready jobs, of each queue those of highest priority, then earliest `runAt`, then smallest number.
  ///
  /// Passed over are jobs behind a closed gate, all but one behind a half-open one, and those whose concurrency key is
  /// held by as many running jobs as the request allows. They cost nothing, however many they are.
  ///
  /// After: each returned job is `running`, its token has grown by one, its lease ends at `now + duration`, and its
  /// attempts have an open one with the token as its number.
  func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob]

  /// Extends leases until `now + duration` and marks their owners as seen: they live, so their open losses were no
  /// crashes.
  /// - Returns: for each lease whether it is still held.
  func extend(_ leases: [Lease], by duration: Duration, at now: Timestamp) async throws -> [Lease: LeaseStatus]

  /// Records how attempts ended, in one commit; each is fenced on its own.
  ///
  /// After `closeGate` the gate is closed by the rules of ``Gate``. A probe opens its gate when it is `done`, and when it
  /// says that it was answered; by any other end it makes room for the next probe.
  /// After `done`: output kept, children whose parents are all completed are `ready` or `scheduled`. After `dead` or
  /// `cancelled`: unfinished children stay `blocked` and their wait reason names this job. A counted outcome raises the
  /// job's failures. The lease is gone and the attempt closed. All of it is as ``AttemptEnd`` says: when an operator
  /// cancelled the job, an outcome after which it would run again is recorded as `cancelled`, for the operator's reason;
  /// `done` and `dead` stay what they are.
  /// - Returns: one receipt per completion, in order.
  func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt]

  /// Records how attempts ended and leases the next jobs, as ``complete(_:at:)`` and ``lease(_:at:)`` after each other
  /// do; a store that can does both in one commit.
  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob])

  /// Writes journal entries of a running job, in one commit, fenced. A result or an answer of a gate's probe proves
  /// that the other side answers, and opens the gate. Progress sets the job's crashes to zero and closes its open losses.
  /// A refusal gives back what the effect took of a budget, and its job
  /// stands in line again where it stood; a result that was performed, or an unknown outcome, lets the unit count from
  /// `now`.
  /// - Throws: ``JobStoreError`` `leaseLost` or `claimed`; then nothing was written.
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
  func ask(_ demand: BudgetDemand, for effect: String?, under lease: Lease, at now: Timestamp) async throws
    -> BudgetAnswer

  /// What a job wrote down so far.
  func journal(of job: JobID) async throws -> Journal

  /// The job whose recorded effect holds a claim.
  func claimant(of claim: String) async throws -> JobID?

  /// The outputs of a job's completed parents.
  func parentOutputs(of job: JobID) async throws -> [ParentOutput]

  // MARK: Duties of every worker

  /// Makes at most `limit` scheduled jobs that are due `ready`, and gates whose time is over half-open.
  /// - Returns: how many of both.
  func promoteDue(at now: Timestamp, limit: Int) async throws -> Int

  /// When the next scheduled job is due, or the next gate lets a probe through.
  func nextDue() async throws -> Timestamp?

  /// Takes jobs back whose lease has run out by `now`, or whose owner's process is gone; at most `limit`.
  ///
  /// After: the attempt is closed as `lost`, and the job is as ``LostJob/takenBack(_:terms:at:)`` says:
  /// `cancelled` when a person asked for that, `dead` (code `crash-limit`) when its crashes reached the limit, else
  /// `ready`. A crash is counted at once only when the owner is among the gone; else the loss stays open. Open losses
  /// of workers that are gone, or of which nothing was heard for a lease's duration and that are not seen alive, are
  /// counted first, by ``OpenLoss/crashed(in:crashes:limit:)``. Nothing counts as a failure.
  /// - Parameter terms: how long a lease lasts, and how many crashes end a job.
  /// - Returns: the jobs that were taken back or given up, with their new states.
  func reap(
    _ sightings: WorkerSightings, terms: LeaseTerms, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState]

  /// Makes a worker known, or renews its `seenAt`: it lives, so its open losses were no crashes.
  func announce(_ worker: WorkerRecord) async throws

  /// Takes over the size and window of budgets, as ``ask(_:for:under:at:)`` does: when a configuration changes them, nobody
  /// may ask until the slots of before come. One that was never asked for stays unknown.
  func resize(_ budgets: [BudgetDemand], at now: Timestamp) async throws

  /// Forgets workers that ended, and their open losses.
  func retire(_ workers: [WorkerID]) async throws

  /// Removes at most `limit` finished jobs with `finishedAt` before `moment`, with their history. A finished parent of
  /// an unfinished job stays.
  /// - Returns: how many; fewer than `limit` also when they have much history. 0 when there is none left.
  func prune(finishedBefore moment: Timestamp, limit: Int) async throws -> Int

  // MARK: A person's verbs

  /// Cancels jobs, by ``OperatorStep/cancelling(_:)``. One that runs is asked to stop (`cancelRequested`) and ends when its
  /// worker hears of it or is lost; any other unfinished one is `cancelled` at once. Either way `why` is its wait reason.
  /// - Returns: for each known job the state it is in now; finished ones are left as they are.
  func cancel(_ jobs: [JobID], why: String, at now: Timestamp) async throws -> [JobID: JobState]

  /// Makes finished jobs `ready` (or `blocked`, when a parent is not completed) with history kept and failures and
  /// crashes at zero; makes `held` and `scheduled` ones ready at once.
  /// - Returns: for each known job the state it is in now; running, ready and blocked ones are left as they are.
  /// - Throws: ``JobStoreError`` `uniqueConflict` when an unfinished job holds the same unique key; then nothing changed.
  func retry(_ jobs: [JobID], at now: Timestamp) async throws -> [JobID: JobState]

  /// Closes a gate by hand: nothing behind it is leased any more. What runs goes on.
  /// - Parameter until: when the next probe may run; nil to leave it closed until somebody opens it.
  func closeGate(_ key: String, until: Timestamp?, reason: String, at now: Timestamp) async throws

  /// Opens a gate by hand.
  /// - Returns: whether it was not open.
  func openGate(_ key: String, at now: Timestamp) async throws -> Bool

  /// All gates that were ever closed, by their keys.
  func gates() async throws -> [GateStatus]

  /// All budgets that were ever asked, by their keys.
  func budgets(at now: Timestamp) async throws -> [BudgetStatus]

  /// What a job waits for beside its own moment; nil when for nothing.
  func wait(of job: JobID, at now: Timestamp) async throws -> JobWait?

  /// Jobs, newest first.
  func jobs(_ query: JobQuery) async throws -> [Job]

  /// The attempts of a job, oldest first.
  func attempts(of job: JobID) async throws -> [Attempt]

  /// The numbers of a job's parents and children.
  func relatives(of job: JobID) async throws -> (parents: [JobID], children: [JobID])

  /// Which of these jobs are `blocked` until a person acts: one that such a job waits for, itself or through others that
  /// are blocked too, is `dead`, `cancelled` or `held`. One question to the store, however many jobs and generations.
  func stuck(among jobs: [JobID]) async throws -> Set<JobID>

  /// How the store stands.
  func status() async throws -> QueueStatus

  /// An element whenever jobs may have become ready by anyone's hand, also another process's. A hint: elements may be
  /// missing or come without cause, so a listener also looks by itself from time to time. At most one is kept for a
  /// listener that is busy.
  func wakeUps() -> AsyncStream<Void>
}

extension JobStore {
  /// The same under the standard lease, without a word of workers that live.
  public func reap(
    gone: [WorkerID], crashLimit: Int, limit: Int, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    var terms = LeaseTerms.standard
    terms.crashLimit = crashLimit
    return try await reap(WorkerSightings(gone: gone), terms: terms, limit: limit, at: now)
  }

  /// One part after the other.
  public func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    var receipts: [EnqueueReceipt] = []
    while let part = try next() { receipts += try await enqueue(part, at: now()) }
    return receipts
  }

  /// Two commits. Once the ends are recorded they are told, whatever becomes of the leases: the next lease will meet the
  /// same failure.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    let receipts = try await complete(completions, at: now)
    return (receipts, (try? await lease(request, at: now)) ?? [])
  }
}
