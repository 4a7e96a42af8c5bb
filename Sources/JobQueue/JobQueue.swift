/// The entry point: puts typed jobs into a store.
///
/// A job has ``JobParameters``, a ``JobHandler`` does its work, a ``JobContext`` is what the engine offers to the
/// handler, effects above all, and a ``JobStore`` is where jobs are kept.
public struct JobQueue: Sendable {
  /// Where the jobs live.
  public let store: any EnqueueStore
  let clock: any QueueClock

  /// Creates a queue on a store.
  public init(store: any EnqueueStore, clock: any QueueClock = SystemClock()) {
    self.store = store
    self.clock = clock
  }

  /// Enqueues one job; it is on disk when this returns.
  /// - Parameters:
  ///   - parameters: what the job is to do.
  ///   - options: when and how it is to run.
  ///   - records: what goes into the same commit. If one that must be new already exists, nothing happens.
  /// - Throws: ``InvalidParameters`` or ``JobStoreError``: `recordExists` for the case above.
  public func enqueue(
    _ parameters: some JobParameters, _ options: EnqueueOptions = EnqueueOptions(),
    recording records: [RecordWrite] = []
  ) async throws -> EnqueueReceipt {
    let issues = parameters.validate()
    guard issues.isEmpty else {
      throw InvalidParameters(kind: type(of: parameters).kind, issues: issues)
    }
    let receipts = try await store.enqueue([parameters.newJob(options)], recording: records, at: clock.now())
    guard let receipt = receipts.first else {
      throw JobStoreError(
        code: .unavailable, operation: "enqueue", target: type(of: parameters).kind,
        cause: "the store returned no receipt")
    }
    return receipt
  }

  /// Enqueues jobs of any types in one commit; when this returns, all are on disk or none is.
  /// - Parameters:
  ///   - jobs: created by ``JobParameters/newJob(_:)`` from parameters that were validated. A job may wait for one that
  ///     precedes it.
  ///   - records: what goes into the same commit.
  /// - Returns: one receipt for each job, in order.
  /// - Throws: ``JobStoreError``: `recordExists` if a record that must be new already exists; then nothing happens.
  public func enqueue(_ jobs: [NewJob], recording records: [RecordWrite] = []) async throws -> [EnqueueReceipt] {
    try await store.enqueue(jobs, recording: records, at: clock.now())
  }
}

/// Parameters that are not valid for a job.
public struct InvalidParameters: Error, Sendable, Hashable {
  /// The job type.
  public var kind: String
  /// Everything that is wrong.
  public var issues: [ParameterIssue]

  /// Creates the error.
  public init(kind: String, issues: [ParameterIssue]) {
    self.kind = kind
    self.issues = issues
  }
}
