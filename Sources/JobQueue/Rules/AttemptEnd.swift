/// How the end of an attempt is recorded: what becomes of its job, what goes into the attempt's row, what its gate
/// learns.
///
/// A worker reports how an attempt ended. Two things may change that before it is recorded: an operator's request to
/// stop, by ``CancelRequest``, and, if an outage is suspected, the job's gate.
public struct AttemptEnd: Sendable, Hashable {
  /// What an end shows about the job's gate.
  public enum GateReport: Sendable, Hashable {
    /// Nothing.
    case nothing
    /// The other side answered: ``Gate/getThrough(_:_:at:)``.
    case answered
    /// It met what may be an outage: ``settle(with:of:at:)``.
    case outage
  }

  /// The lease under which the attempt ran.
  public let lease: Lease
  /// How it ended, as it is to be recorded.
  public private(set) var outcome: Outcome
  /// What to report to the job's gate before the end is recorded.
  public let gateReport: GateReport
  /// What the worker reported.
  private let reported: Outcome

  /// Starts from a worker's report.
  /// - Parameters:
  ///   - completion: the report.
  ///   - hasGate: whether the job has a gate.
  ///   - cancel: an operator's request to stop the job.
  public init(_ completion: Completion, hasGate: Bool, cancel: CancelRequest?) {
    lease = completion.lease
    reported = completion.outcome
    var outcome = cancel?.applied(to: completion.outcome) ?? completion.outcome
    // Without a gate nobody else can be affected by the outage: the failure is the job's own.
    if !hasGate, case .suspectsOutage(_, let otherwise) = outcome { outcome = otherwise.outcome }
    self.outcome = outcome
    gateReport = hasGate ? Self.report(completion, recordedAs: outcome) : .nothing
  }

  /// A cancelled job closes no gate, but an answer that it got on the way still counts.
  private static func report(_ completion: Completion, recordedAs outcome: Outcome) -> GateReport {
    if completion.provesAnAnswer { return .answered }
    switch outcome {
    case .closeGate, .suspectsOutage: return .outage
    case .done, .retry, .snooze, .hold, .dead, .cancelled, .handBack: return .nothing
    }
  }

  /// How its job got through, if the other side answered.
  public var passage: Passage { output == nil ? .end : .result }

  /// Lets the job's gate decide about an outage.
  /// - Parameters:
  ///   - gate: the gate of the job, which may close or open.
  ///   - traits: the job's traits.
  ///   - now: the time of the attempt's end.
  public mutating func settle(with gate: inout Gate, of traits: JobTraits, at now: Timestamp) {
    outcome = gate.decide(outcome, lease: lease, of: traits, at: now)
  }
}

// MARK: What is written down

extension AttemptEnd {
  /// The job's next state.
  public func state(at now: Timestamp) -> JobState { outcome.nextState(at: now) }

  /// What to report to the worker once it is recorded.
  public func receipt(at now: Timestamp) -> CompletionReceipt {
    let state = state(at: now)
    return outcome == reported ? .recorded(state) : .decided(outcome, state)
  }

  /// The word stored in the attempt's row.
  public var word: AttemptOutcome { outcome.word }

  /// How many failures it adds to the job's count.
  public var failures: Int { outcome.countsAsFailure ? 1 : 0 }

  /// The newest failure, for the job and the attempt; nil leaves the job's unchanged.
  public var failure: Failure? {
    switch outcome {
    case .retry(_, let failure, _), .dead(let failure): failure
    case .suspectsOutage(_, let otherwise): otherwise.failure
    case .done, .snooze, .closeGate, .hold, .cancelled, .handBack: nil
    }
  }

  /// When the job runs next; nil leaves its time unchanged.
  public var nextRun: Timestamp? {
    switch outcome {
    case .retry(let moment, _, _), .snooze(let moment, _): moment
    case .suspectsOutage(_, let otherwise): otherwise.again?.at
    case .done, .closeGate, .hold, .dead, .cancelled, .handBack: nil
    }
  }

  /// The reason stored with the job and the attempt; nil clears the job's.
  public var why: String? {
    switch outcome {
    case .retry(_, _, let why), .snooze(_, let why), .hold(let why), .cancelled(let why), .handBack(let why): why
    case .closeGate(let closure): closure.why
    case .suspectsOutage(_, let otherwise): otherwise.again?.why
    case .done, .dead: nil
    }
  }

  /// The job's output, if it is completed.
  public var output: String? {
    if case .done(let output) = outcome { output } else { nil }
  }
}
