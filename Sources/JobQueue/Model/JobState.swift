/// Where a job is in its life. The words are stored and shown as they are.
public enum JobState: String, Sendable, Hashable, Codable, CaseIterable {
  /// Waits for its parents to complete.
  case blocked
  /// Waits for a moment in the future.
  case scheduled
  /// May be leased now.
  case ready
  /// Leased by a worker.
  case running
  /// Waits for something outside; the wait reason says for what and what releases it.
  case held
  /// Done; its output is kept.
  case completed
  /// Given up; an operator may retry it.
  case dead
  /// Called off, or given up and put aside by an operator.
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

  /// The states that still stand for work to come; a unique key is unique among jobs in these.
  public static let unfinished: [JobState] = allCases.filter { !$0.isFinished }

  /// The states to which a job may go from this one. Every store enforces exactly this table.
  public var successors: Set<JobState> {
    switch self {
    // Held when an operator holds all that is unfinished, as in a restored backup.
    case .blocked: [.ready, .scheduled, .held, .cancelled]
    case .scheduled: [.ready, .held, .cancelled]
    // Dead when a worker that had run it turns out to be gone, and was one too many.
    case .ready: [.running, .held, .cancelled, .dead]
    case .running: [.completed, .dead, .cancelled, .ready, .scheduled, .held]
    // Back to where it waited, when it was held there.
    case .held: [.ready, .blocked, .scheduled, .cancelled]
    // By an operator's `retry`, after which a job with unfinished parents waits for them again, or by `discard`.
    case .dead: [.ready, .blocked, .cancelled]
    // Only by an operator's `retry`.
    case .completed: [.ready, .blocked]
    // Likewise; one that was cancelled before its moment came waits for it again.
    case .cancelled: [.ready, .blocked, .scheduled]
    }
  }

  /// Whether a job may go from this state to `next`.
  public func mayBecome(_ next: JobState) -> Bool {
    successors.contains(next)
  }
}
