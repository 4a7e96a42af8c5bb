/// The state of a job's life cycle. The words are stored and shown unchanged.
public enum JobState: String, Sendable, Hashable, Codable, CaseIterable {
  /// Waits for its parents to complete.
  case blocked
  /// Waits for a time in the future.
  case scheduled
  /// May be leased now.
  case ready
  /// Leased by a worker.
  case running
  /// Waits for something outside; the wait reason says what for and what releases it.
  case held
  /// Done; its output is kept.
  case completed
  /// Given up; an operator may retry it.
  case dead
  /// Cancelled, or given up and discarded by an operator.
  case cancelled

  /// Whether the job is over unless an operator retries it.
  public var isFinished: Bool {
    switch self {
    case .completed, .dead, .cancelled: true
    case .blocked, .scheduled, .ready, .running, .held: false
    }
  }

  /// Whether the job needs an operator: it was given up or cancelled, or waits for something outside.
  public var needsPerson: Bool {
    switch self {
    case .dead, .cancelled, .held: true
    case .blocked, .scheduled, .ready, .running, .completed: false
    }
  }

  /// The states of jobs that still have work to do; a unique key is unique among jobs in these.
  public static let unfinished: [JobState] = allCases.filter { !$0.isFinished }

  /// The states that a job may go to from this one. Every store enforces exactly this table.
  public var successors: Set<JobState> {
    switch self {
    // Held if an operator holds all unfinished jobs, as in a restored backup.
    case .blocked: [.ready, .scheduled, .held, .cancelled]
    case .scheduled: [.ready, .held, .cancelled]
    // Dead if a worker that had run it turns out to have died, and that is one crash too many.
    case .ready: [.running, .held, .cancelled, .dead]
    case .running: [.completed, .dead, .cancelled, .ready, .scheduled, .held]
    // Back to the state in which it was held.
    case .held: [.ready, .blocked, .scheduled, .cancelled]
    // By an operator's `retry`, after which a job with unfinished parents waits for them again, or by `discard`.
    case .dead: [.ready, .blocked, .cancelled]
    // Only by an operator's `retry`.
    case .completed: [.ready, .blocked]
    // Likewise; a job that was cancelled before its planned time waits for it again.
    case .cancelled: [.ready, .blocked, .scheduled]
    }
  }

  /// Whether a job may go from this state to `next`.
  public func mayBecome(_ next: JobState) -> Bool {
    successors.contains(next)
  }
}
