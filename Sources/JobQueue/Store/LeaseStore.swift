/// Hands out jobs and records how their attempts ended: what a worker needs for its jobs.
///
/// ``JobStore`` states the rules of every verb.
public protocol LeaseStore: WakeUpStore {
  /// Leases ready jobs, of each queue those of highest priority, then earliest `runAt`, then smallest number.
  ///
  /// It passes over jobs behind a closed gate, all but one behind a half-open one, and those whose concurrency key is
  /// held by as many running jobs as the request allows. They cost nothing, however many they are.
  ///
  /// After: each returned job is `running`, its token has grown by one, its lease ends at `now + duration`, and its
  /// attempts include an open one with the token as its number. With it come its journal and the outputs of its
  /// parents, as ``JournalStore`` returns them, so that nobody has to ask for them; a store leaves out what is too much
  /// to read while it keeps others from writing.
  func lease(_ request: LeaseRequest, at now: Timestamp) async throws -> [LeasedJob]

  /// Extends leases until `now + duration` and marks their owners as seen: they are alive, so their open losses were no
  /// crashes.
  /// - Returns: for each lease whether it is still held.
  func extend(_ leases: [Lease], by duration: Duration, at now: Timestamp) async throws -> [Lease: LeaseStatus]

  /// Records how attempts ended, in one commit; each is fenced on its own.
  ///
  /// After `closeGate` the gate is closed by the rules of ``Gate``. A probe opens its gate if it is `done`, or if it
  /// reports that it was answered; any other end makes room for the next probe. After `done`: the output is kept, and
  /// children whose parents are all completed are `ready` or `scheduled`. After `dead` or `cancelled`: unfinished
  /// children stay `blocked` and their wait reason names this job. An outcome that counts as a failure adds one to the
  /// job's failures. The lease is gone and the attempt closed. All of this follows ``AttemptEnd``: if an operator
  /// cancelled the job, an outcome after which it would run again is recorded as `cancelled`, with the operator's
  /// reason; `done` and `dead` stay. A completion's records are written exactly if it is recorded; a record that was to
  /// be new but already exists stays as it is, and the attempt's notes say so: the end is still recorded.
  /// - Returns: one receipt per completion, in order, as ``AttemptEnd/receipt(at:)`` returns it.
  func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt]

  /// Records how attempts ended and leases the next jobs, like ``complete(_:at:)`` followed by ``lease(_:at:)``; a
  /// store that can do so does both in one commit.
  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob])
}

extension LeaseStore {
  /// Two commits. Once the ends are recorded, their receipts are returned even if leasing fails: the next lease will
  /// meet the same failure.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    let receipts = try await complete(completions, at: now)
    return (receipts, (try? await lease(request, at: now)) ?? [])
  }
}
