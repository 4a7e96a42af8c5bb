/// Accepts jobs: what a program needs if it only hands over work.
///
/// ``JobStore`` states the rules of every verb.
public protocol EnqueueStore: Sendable {
  /// Inserts jobs, and writes records, all in one commit.
  ///
  /// After: a job whose unique key is held (``Job/holdsUniqueKey``) was not inserted, and its receipt names the holder.
  /// A job with an unfinished, dead or cancelled parent is `blocked`; otherwise it is `scheduled` if its `runAt` is
  /// after `now`, or else `ready`. A parent's receipt may itself name a job that was already present. The records name
  /// the first of the jobs as theirs, even if it was already present.
  ///
  /// A record that needs a new job (``RecordWrite/needsNewJob``) is not written if all jobs were already present.
  ///
  /// A record that was to be new (``RecordWrite/Rule/insertOnly``) but already exists refuses the whole call. So a
  /// caller that does not know the outcome of a call may repeat it: a record that only this caller writes shows whether
  /// it was done.
  /// - Returns: one receipt per job, in order.
  /// - Throws: ``JobStoreError`` `recordExists`, `noSuchParent`, `invalid`, or a failure of the store; then nothing was
  ///   inserted and nothing recorded.
  func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt]

  /// Inserts jobs part by part, each part as ``enqueue(_:at:)`` does. A part is inserted when the previous one is on
  /// disk; a store that can do so requests and prepares it while the previous one is being written.
  /// - Parameters:
  ///   - next: the next part; nil at the end.
  ///   - now: the time at which a part is inserted.
  /// - Returns: one receipt per job, in order.
  /// - Throws: what `next` throws, or a failure of the store. Then the earlier parts stay.
  func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt]
}

extension EnqueueStore {
  /// Inserts jobs, all in one commit, and records nothing.
  public func enqueue(_ jobs: [NewJob], at now: Timestamp) async throws -> [EnqueueReceipt] {
    try await enqueue(jobs, recording: [], at: now)
  }

  /// Inserts one part after the other.
  public func enqueue(
    parts next: () throws -> [NewJob]?, at now: @Sendable () -> Timestamp
  ) async throws -> [EnqueueReceipt] {
    var receipts: [EnqueueReceipt] = []
    while let part = try next() { receipts += try await enqueue(part, at: now()) }
    return receipts
  }
}
