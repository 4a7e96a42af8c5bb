/// How an attempt ended and what follows, with all delays computed.
public enum Outcome: Sendable, Hashable {
  /// The work is done; `output` is JSON text.
  case done(output: String)
  /// The job failed; it runs again at the given time. Counts as a failure.
  case retry(at: Timestamp, Failure, why: String)
  /// Not yet: it runs again at the given time. Counts for nothing.
  case snooze(until: Timestamp, why: String)
  /// It met something that nobody behind its gate will get past: the gate is closed, and the job is ready behind it.
  /// Counts for nothing. A store accepts it only for a job with a gate.
  case closeGate(GateClosure)
  /// It met what may be an outage or a problem of its own: the gate decides, considering what other jobs met. The store
  /// records ``closeGate(_:)``, the consequence of the failure, or a ``snooze(until:why:)`` that counts for nothing,
  /// and the receipt says which.
  case suspectsOutage(GateClosure, otherwise: CountedFailure)
  /// It waits for something outside, until an operator releases it. Counts for nothing.
  case hold(why: String)
  /// The job failed for good.
  case dead(Failure)
  /// An operator cancelled it, or its handler found that it is no longer wanted.
  case cancelled(why: String)
  /// The worker stops before the job could end; it is ready again at once. Counts for nothing.
  case handBack(why: String)

  /// The job's next state, at `now`.
  public func nextState(at now: Timestamp) -> JobState {
    switch self {
    case .done: .completed
    case .retry(let moment, _, _), .snooze(let moment, _): moment <= now ? .ready : .scheduled
    case .hold: .held
    case .dead: .dead
    case .cancelled: .cancelled
    case .closeGate, .handBack: .ready
    case .suspectsOutage(_, let otherwise): otherwise.outcome.nextState(at: now)
    }
  }

  /// The word stored in the attempt's row.
  public var word: AttemptOutcome {
    switch self {
    case .done: .completed
    case .retry: .failed
    case .suspectsOutage(_, let otherwise): otherwise.outcome.word
    case .snooze, .closeGate: .snoozed
    case .hold: .held
    case .dead: .dead
    case .cancelled: .cancelled
    case .handBack: .handedBack
    }
  }

  /// Whether the attempt counts against the job's policy.
  public var countsAsFailure: Bool {
    switch self {
    case .retry, .dead, .suspectsOutage: true
    case .done, .snooze, .closeGate, .hold, .cancelled, .handBack: false
    }
  }
}

/// A failure that counts against its job, and what follows.
public struct CountedFailure: Sendable, Hashable {
  /// What the job met.
  public var failure: Failure
  /// When and why the job runs again; nil if this failure is its last.
  public var again: Again?

  /// The next run.
  public struct Again: Sendable, Hashable {
    /// When.
    public var at: Timestamp
    /// Why at that time.
    public var why: String

    /// Creates one.
    public init(at: Timestamp, why: String) {
      self.at = at
      self.why = why
    }
  }

  /// Creates one.
  public init(failure: Failure, again: Again?) {
    self.failure = failure
    self.again = again
  }

  /// The outcome for this failure.
  public var outcome: Outcome { again.map { .retry(at: $0.at, failure, why: $0.why) } ?? .dead(failure) }
}

/// How an attempt ended, in one word.
public enum AttemptOutcome: String, Sendable, Hashable, Codable, CaseIterable {
  /// The work is done.
  case completed
  /// Failed, to be tried again.
  case failed
  /// Not yet; nothing counted.
  case snoozed
  /// Waits for something outside.
  case held
  /// Failed for good.
  case dead
  /// Cancelled.
  case cancelled
  /// The worker stopped before the job ended.
  case handedBack = "handed-back"
  /// The worker was lost: its lease ran out or its process died.
  case lost
}

/// The end of an attempt, to be recorded.
public struct Completion: Sendable, Hashable {
  /// The lease under which the job ran.
  public var lease: Lease
  /// How it ended.
  public var outcome: Outcome
  /// What remains to be reported about the attempt.
  public var notes: [Note]
  /// Whether the other side answered the attempt with something other than an outage.
  public var isAnswered: Bool
  /// Records that outlive the job, written whatever the outcome.
  public var records: [RecordWrite]

  /// Creates a completion.
  public init(
    lease: Lease, outcome: Outcome, notes: [Note] = [], isAnswered: Bool = false, records: [RecordWrite] = []
  ) {
    self.lease = lease
    self.outcome = outcome
    self.notes = notes
    self.isAnswered = isAnswered
    self.records = records
  }

  /// Whether the attempt shows that the other side can be reached, which is the purpose of a gate's probe. Most ends do
  /// not show it: a job may fail, wait or give up before it sends any request.
  public var provesAnAnswer: Bool {
    switch outcome {
    case .done: true
    case .closeGate, .suspectsOutage: false
    case .retry, .snooze, .hold, .dead, .cancelled, .handBack: isAnswered
    }
  }
}

/// What became of a completion.
public enum CompletionReceipt: Sendable, Hashable {
  /// Recorded as the worker reported; the job is in this state now.
  case recorded(JobState)
  /// Recorded as this outcome, which the job's gate or an operator's request put in the place of the reported one; the
  /// job is in this state now.
  case decided(Outcome, JobState)
  /// The lease is no longer the job's newest one: nothing was changed.
  case leaseLost

  /// The job's state now; nil if nothing was changed.
  public var state: JobState? {
    switch self {
    case .recorded(let state), .decided(_, let state): state
    case .leaseLost: nil
    }
  }

  /// What the store recorded; nil if nothing was changed.
  /// - Parameter outcome: what the worker reported.
  public func recorded(_ outcome: Outcome) -> Outcome? {
    switch self {
    case .recorded: outcome
    case .decided(let decided, _): decided
    case .leaseLost: nil
    }
  }
}
