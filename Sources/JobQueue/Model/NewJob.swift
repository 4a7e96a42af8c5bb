/// A job to be enqueued.
public struct NewJob: Sendable, Hashable {
  /// The job type's name.
  public var kind: String
  /// The queue to wait in.
  public var queue: String
  /// The parameters as JSON text.
  public var payload: String
  /// The version of the parameters' format.
  public var payloadVersion: Int
  /// The key that no other job may have, for as long as ``uniqueness`` says.
  public var uniqueKey: String?
  /// For how long the job holds its unique key.
  public var uniqueness: Uniqueness
  /// The gate that it passes: the provider account or host that it needs.
  public var gate: String?
  /// Only a limited number of jobs with the same key run at once; see ``LeaseRequest/concurrency``.
  public var concurrencyKey: String?
  /// Higher runs first.
  public var priority: Int
  /// Not before this time; nil for at once.
  public var runAt: Timestamp?
  /// The jobs that must be completed first.
  public var parents: [Parent]
  /// Labels that a user puts on it.
  public var labels: [String: String]
  /// The number of failures after which it is dead.
  public var maxAttempts: Int

  /// A job to wait for.
  public enum Parent: Sendable, Hashable {
    /// A job that is in the store.
    case job(JobID)
    /// A job earlier in the same batch, by its index.
    case batch(Int)
  }

  /// Creates a job to be enqueued.
  public init(
    kind: String, queue: String = "default", payload: String = "{}", payloadVersion: Int = 1, uniqueKey: String? = nil,
    uniqueness: Uniqueness = .whileUnfinished, gate: String? = nil, concurrencyKey: String? = nil, priority: Int = 0,
    runAt: Timestamp? = nil,
    parents: [Parent] = [], labels: [String: String] = [:],
    maxAttempts: Int = RetryPolicy.standard.maxAttempts
  ) {
    self.kind = kind
    self.queue = queue
    self.payload = payload
    self.payloadVersion = payloadVersion
    self.uniqueKey = uniqueKey
    self.uniqueness = uniqueness
    self.gate = gate
    self.concurrencyKey = concurrencyKey
    self.priority = priority
    self.runAt = runAt
    self.parents = parents
    self.labels = labels
    self.maxAttempts = maxAttempts
  }
}

/// What became of a job to be enqueued.
public struct EnqueueReceipt: Sendable, Hashable {
  /// The job's number: the new one's, or that of the job that holds the same unique key.
  public var id: JobID
  /// The state in which that job is now.
  public var state: JobState
  /// Whether a job with the same unique key was already there, so that nothing was inserted.
  public var alreadyPresent: Bool

  /// Creates a receipt.
  public init(id: JobID, state: JobState, alreadyPresent: Bool) {
    self.id = id
    self.state = state
    self.alreadyPresent = alreadyPresent
  }
}
