/// For how long a job excludes others with its unique key.
public enum Uniqueness: String, Sendable, Hashable, Codable, CaseIterable {
  /// Until it is finished, or cancelled while it runs: then the same work may be enqueued again.
  case whileUnfinished = "while-unfinished"
  /// For good, however it ends: for work that must never be done twice. Its row holds the key, so it stays in the
  /// store, and no pruner removes it.
  case permanent
}

extension Uniqueness {
  /// Whether a job holds its unique key, so that no other job with that key is accepted.
  func holds(in state: JobState, cancelRequested: Bool) -> Bool {
    self == .permanent || !state.isFinished && !cancelRequested
  }

  /// The message for an operator who retries a finished job whose unique key another job holds by now.
  /// - Parameters:
  ///   - job: the job to be retried.
  ///   - holder: the job that holds its key.
  public func conflict(retrying job: JobID, heldBy holder: JobID) -> JobStoreError {
    JobStoreError(
      code: .uniqueConflict, operation: "retry", target: "job \(job)",
      cause: "job \(holder) holds the same unique key" + (self == .permanent ? ", and holds it permanently" : ""),
      hint: self == .permanent ? "retry that one instead" : "wait for that one, or cancel it")
  }
}

extension Job {
  /// Whether it holds its unique key, so that no other job with that key is accepted.
  public var holdsUniqueKey: Bool {
    uniqueKey != nil && uniqueness.holds(in: state, cancelRequested: cancelRequested)
  }
}
