/// Takes jobs in. What a program needs that only hands work over.
///
/// The rules of every verb stand at ``JobStore``.
public protocol EnqueueStore: Sendable {
  /// Inserts jobs, and writes records, all in one commit.
  ///
  /// After: a job whose unique key is held (``Job/holdsUniqueKey``) was not inserted, and its receipt names that job. A job
  /// with an unfinished, dead or cancelled parent is `blocked`; else with a `runAt` after `now` `scheduled`, else `ready`.
  /// A parent's receipt may itself name a job that was already present. The records name the first of the jobs as theirs,
  /// also when it was already present.
  ///
  /// A record that needs a new job (``RecordWrite/needsNewJob``) is not written when all jobs were already present.
  ///
  /// A record that is there and was to be new (``RecordWrite/Rule/insertOnly``) refuses the whole call. So whoever was
  /// not told what became of a call may ask again: a record that only it writes tells whether it was done.
  /// - Returns: one receipt per job, in order.
  /// - Throws: ``JobStoreError`` `recordExists`, `noSuchParent`, `invalid`, or a failure of the store; then nothing was
  ///   inserted and nothing recorded.
  func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt]

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
}

extension EnqueueStore {
  /// Inserts jobs, all in one commit, and records nothing.
  public func enqueue(_ jobs: [NewJob], at now: Timestamp) async throws -> [EnqueueReceipt] {
    try await enqueue(jobs, recording: [], at: now)
  }

  /// One part after the other.
  public func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    var receipts: [EnqueueReceipt] = []
    while let part = try next() { receipts += try await enqueue(part, at: now()) }
    return receipts
  }
}
