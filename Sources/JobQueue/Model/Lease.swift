/// The right to run a job until it expires. Every write of a worker names it; the store refuses a lease that is no
/// longer the job's newest one.
public struct Lease: Sendable, Hashable, Codable {
  /// The job.
  public var job: JobID
  /// The worker that holds it.
  public var owner: WorkerID
  /// Grows by one with each lease of the job: the fencing token. It is also the number of the attempt.
  public var token: Int64

  /// Creates a lease.
  public init(job: JobID, owner: WorkerID, token: Int64) {
    self.job = job
    self.owner = owner
    self.token = token
  }

  /// The job and the number identify a lease. A worker looks up each of them many times, and hashing its own name every
  /// time costs more than the rest.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(job)
    hasher.combine(token)
  }
}

/// A job together with the lease under which it may run, and what its handler will read first.
public struct LeasedJob: Sendable, Hashable {
  /// The job as it was when leased.
  public var job: Job
  /// The right to run it.
  public var lease: Lease
  /// What it recorded in earlier attempts; nil if the store left it out and has to be asked.
  public var journal: Journal?
  /// The outputs of its completed parents, by their numbers; nil if the store left them out.
  public var parentOutputs: [ParentOutput]?

  /// Creates a leased job.
  public init(job: Job, lease: Lease, journal: Journal? = nil, parentOutputs: [ParentOutput]? = nil) {
    self.job = job
    self.lease = lease
    self.journal = journal
    self.parentOutputs = parentOutputs
  }
}

/// A worker's request for jobs.
public struct LeaseRequest: Sendable, Hashable {
  /// Who asks.
  public var owner: WorkerID
  /// The maximum number of jobs of each queue. Queues that are not named are not touched.
  public var limits: [QueueLimit]
  /// How many jobs with one concurrency key run at once, by the key's scope: the part before its first `/`. In a scope
  /// that is not named, one at a time.
  public var concurrency: [String: Int]
  /// How long the leases last unless extended.
  public var duration: Duration

  /// A queue and how many of its jobs are wanted.
  public struct QueueLimit: Sendable, Hashable {
    /// The queue's name.
    public var queue: String
    /// The maximum number of jobs.
    public var count: Int

    /// Creates a limit.
    public init(queue: String, count: Int) {
      self.queue = queue
      self.count = count
    }
  }

  /// Creates a request.
  public init(
    owner: WorkerID, limits: [QueueLimit], concurrency: [String: Int] = [:],
    duration: Duration = LeaseTerms.standard.duration
  ) {
    self.owner = owner
    self.limits = limits
    self.concurrency = concurrency
    self.duration = duration
  }
}

extension LeaseRequest {
  /// How many jobs with this concurrency key may run at once.
  public func concurrencyLimit(of key: String) -> Int {
    let scope = key.firstIndex(of: "/").map { String(key[..<$0]) } ?? key
    return max(1, concurrency[scope] ?? 1)
  }
}

/// What became of a lease that a worker wants to keep.
public enum LeaseStatus: Sendable, Hashable {
  /// Extended. `cancelRequested`: an operator asked the job to stop.
  case held(cancelRequested: Bool)
  /// Lost: another worker may run the job now, so this one must stop.
  case lost
}

/// The times and limits of leases.
public struct LeaseTerms: Sendable, Hashable {
  /// How long a lease lasts without a heartbeat.
  public var duration: Duration
  /// How often a worker extends its leases.
  public var heartbeat: Duration
  /// A job is quarantined as dead after this many workers died while running it.
  public var crashLimit: Int

  /// Creates terms.
  public init(duration: Duration, heartbeat: Duration, crashLimit: Int) {
    self.duration = duration
    self.heartbeat = heartbeat
    self.crashLimit = crashLimit
  }

  /// 30 s, extended every 10 s, quarantine after 3 crashes.
  public static let standard = LeaseTerms(duration: .seconds(30), heartbeat: .seconds(10), crashLimit: 3)
}
