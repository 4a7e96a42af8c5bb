/// One run of a job by a worker: a row of its history.
public struct Attempt: Sendable, Hashable, Codable {
  /// The job.
  public var job: JobID
  /// The lease's token: 1 for the first run.
  public var number: Int64
  /// Who ran it.
  public var worker: WorkerID
  /// When it was leased.
  public var startedAt: Timestamp
  /// When it ended; nil while it runs.
  public var endedAt: Timestamp?
  /// How it ended; nil while it runs.
  public var outcome: AttemptOutcome?
  /// Why it failed, if it did.
  public var failure: Failure?
  /// When the job was to run next, if it was.
  public var nextRunAt: Timestamp?
  /// Why then, in a sentence.
  public var why: String?
  /// What was asked and answered, in order.
  public var notes: [Note]

  /// Creates an attempt record; used by stores.
  public init(
    job: JobID, number: Int64, worker: WorkerID, startedAt: Timestamp, endedAt: Timestamp? = nil,
    outcome: AttemptOutcome? = nil, failure: Failure? = nil, nextRunAt: Timestamp? = nil, why: String? = nil,
    notes: [Note] = []
  ) {
    self.job = job
    self.number = number
    self.worker = worker
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.failure = failure
    self.nextRunAt = nextRunAt
    self.why = why
    self.notes = notes
  }
}

/// One line of an attempt's notes. Free of secrets.
public struct Note: Sendable, Hashable, Codable {
  /// When.
  public var at: Timestamp
  /// What happened.
  public var text: String

  /// Creates a note.
  public init(at: Timestamp, text: String) {
    self.at = at
    self.text = text
  }
}
