public import JobQueue

extension Operator {
  /// The operator in tests that check what a verb does and not who gave it.
  public static let test = Operator("test@nowhere")
}

/// An operator's verbs without naming an operator: for tests only.
extension OperatorStore {
  /// Cancels jobs as ``JobQueue/Operator/test``.
  public func cancel(_ jobs: [JobID], why: String, at now: Timestamp) async throws -> [JobID: JobState] {
    try await cancel(jobs, why: why, by: .test, at: now)
  }

  /// Discards jobs as ``JobQueue/Operator/test``.
  public func discard(_ jobs: [JobID], why: String, at now: Timestamp) async throws -> [JobID: JobState] {
    try await discard(jobs, why: why, by: .test, at: now)
  }

  /// Retries jobs as ``JobQueue/Operator/test``.
  public func retry(_ jobs: [JobID], at now: Timestamp) async throws -> [JobID: JobState] {
    try await retry(jobs, by: .test, at: now)
  }

  /// Holds all unfinished jobs as ``JobQueue/Operator/test``.
  public func holdUnfinished(why: String, at now: Timestamp) async throws -> Int {
    try await holdUnfinished(why: why, by: .test, at: now)
  }

  /// Closes a gate as ``JobQueue/Operator/test``.
  public func closeGate(_ key: String, until: Timestamp?, reason: String, at now: Timestamp) async throws {
    try await closeGate(key, until: until, reason: reason, by: .test, at: now)
  }

  /// Opens a gate as ``JobQueue/Operator/test``.
  public func openGate(_ key: String, at now: Timestamp) async throws -> Bool {
    try await openGate(key, by: .test, at: now)
  }
}
