/// A job as it is stored.
public struct Job: Sendable, Hashable, Codable {
  /// Its number.
  public var id: JobID
  /// The job type's name, such as `create-map-entry`.
  public var kind: String
  /// The queue that it waits in.
  public var queue: String
  /// The state of its life cycle.
  public var state: JobState
  /// Among the ready jobs of a queue, higher runs first.
  public var priority: Int
  /// Its parameters, as JSON text.
  public var payload: String
  /// The version of the parameters' format.
  public var payloadVersion: Int
  /// The key that no other job may have, for as long as ``uniqueness`` says.
  public var uniqueKey: String?
  /// For how long it holds its unique key.
  public var uniqueness: Uniqueness
  /// The gate that it passes, such as `engine:fra1`.
  public var gate: String?
  /// Only a limited number of jobs with the same key run at once.
  public var concurrencyKey: String?
  /// Labels that a user put on it.
  public var labels: [String: String]
  /// The time from which it may run.
  public var runAt: Timestamp
  /// When it was enqueued.
  public var createdAt: Timestamp
  /// When it was last changed.
  public var updatedAt: Timestamp
  /// When it reached a finished state.
  public var finishedAt: Timestamp?
  /// Its own failures since it was enqueued or retried by an operator.
  public var failures: Int
  /// The number of failures after which it is dead.
  public var maxAttempts: Int
  /// How many workers died while running it, since it last recorded progress, was enqueued or was retried by an
  /// operator.
  public var crashes: Int
  /// The newest lease's token: how often it has been leased in total.
  public var token: Int64
  /// Who runs it, while it is running.
  public var leaseOwner: WorkerID?
  /// When that lease ends unless it is extended.
  public var leaseExpiresAt: Timestamp?
  /// Whether an operator asked the running job to stop.
  public var cancelRequested: Bool
  /// Why it waits, as a sentence for people.
  public var waitReason: String?
  /// The newest failure.
  public var lastFailure: Failure?
  /// Its result as JSON text, when completed.
  public var output: String?

  /// Creates a job record; used by stores.
  public init(
    id: JobID, kind: String, queue: String, state: JobState, priority: Int = 0, payload: String,
    payloadVersion: Int = 1, uniqueKey: String? = nil, uniqueness: Uniqueness = .whileUnfinished,
    gate: String? = nil, concurrencyKey: String? = nil, labels: [String: String] = [:], runAt: Timestamp,
    createdAt: Timestamp, updatedAt: Timestamp,
    finishedAt: Timestamp? = nil, failures: Int = 0, maxAttempts: Int,
    crashes: Int = 0, token: Int64 = 0, leaseOwner: WorkerID? = nil, leaseExpiresAt: Timestamp? = nil,
    cancelRequested: Bool = false, waitReason: String? = nil, lastFailure: Failure? = nil, output: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.queue = queue
    self.state = state
    self.priority = priority
    self.payload = payload
    self.payloadVersion = payloadVersion
    self.uniqueKey = uniqueKey
    self.uniqueness = uniqueness
    self.gate = gate
    self.concurrencyKey = concurrencyKey
    self.labels = labels
    self.runAt = runAt
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.finishedAt = finishedAt
    self.failures = failures
    self.maxAttempts = maxAttempts
    self.crashes = crashes
    self.token = token
    self.leaseOwner = leaseOwner
    self.leaseExpiresAt = leaseExpiresAt
    self.cancelRequested = cancelRequested
    self.waitReason = waitReason
    self.lastFailure = lastFailure
    self.output = output
  }
}
