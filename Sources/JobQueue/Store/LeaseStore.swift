/// Hands jobs out and records how their attempts ended. What a worker needs for its jobs.
///
/// The rules of every verb stand at ``JobStore``.
public protocol LeaseStore: WakeUpStore {
  /// Leases ready jobs, of each queue those of highest priority, then earliest `runAt`, then smallest number.
  ///
  /// Passed over are jobs behind a closed gate, all but one behind a half-open one, and those whose concurrency key is
  /// held by as many running jobs as the request allows. They cost nothing, however many they are.
  ///
  /// After: each returned job is `running`, its token has grown by one, its lease ends at `now + duration`, and its
  /// attempts have an open one with the token as its number. With it come its journal and the outputs of its parents, as
  /// ``JournalStore`` gives them, so that nobody has to ask for them; a store leaves out what is too much to be read while
  /// it keeps others from writing.
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
  /// `done` and `dead` stay what they are. A completion's records are written exactly when it is recorded; one that is
  /// there and was to be new stays as it is, and the attempt's notes tell: the end is not lost over it.
  /// - Returns: one receipt per completion, in order, as ``AttemptEnd/receipt(at:)`` gives it.
  func complete(_ completions: [Completion], at now: Timestamp) async throws -> [CompletionReceipt]

  /// Records how attempts ended and leases the next jobs, as ``complete(_:at:)`` and ``lease(_:at:)`` after each other
  /// do; a store that can does both in one commit.
  func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob])
}

extension LeaseStore {
  /// Two commits. Once the ends are recorded they are told, whatever becomes of the leases: the next lease will meet the
  /// same failure.
  public func complete(
    _ completions: [Completion], thenLease request: LeaseRequest, at now: Timestamp
  ) async throws -> (receipts: [CompletionReceipt], leased: [LeasedJob]) {
    let receipts = try await complete(completions, at: now)
    return (receipts, (try? await lease(request, at: now)) ?? [])
  }
}
