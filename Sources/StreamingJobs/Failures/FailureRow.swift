import HTTPTransport

/// One row of a table of failures: which failures it matches, what they mean for a job, and how they are described.
struct FailureRow: Sendable {
  /// Listed among the statuses for a response that was not received completely.
  static let noAnswer = 0

  /// A name for tests and for the providers page.
  let id: String
  /// Whether it only matches responses that someone else gave in the provider's place.
  var isForeign = false
  /// HTTP statuses, or ``noAnswer``; empty for all.
  var statuses: [Int] = []
  /// The provider's codes, or those of the transport; empty for any or none.
  var codes: [String] = []
  /// What the provider's clock must say about ours; nil if it does not matter.
  var clock: ClockReading?
  /// At which stage the request may have failed.
  var broke: Set<Delivery> = [.refused]
  /// What it means for the job.
  let means: FailureMeaning
  /// The cause, in words that precede the provider's own.
  let words: String

  /// Whether the row matches this failure.
  func takes(_ error: ProviderError) -> Bool {
    (!isForeign || !error.isFromProvider) && broke.contains(error.delivery)
      && (statuses.isEmpty || statuses.contains(error.status ?? Self.noAnswer))
      && (codes.isEmpty || error.code.map(codes.contains) == true)
      && clock?.fits(error.clockSkew) != false
  }
}

/// What the two clocks say about the cause of a refused signature.
enum ClockReading: Sendable, Hashable {
  /// They differ by more than is allowed.
  case off(by: Duration)
  /// They are known to differ by no more than this.
  case agrees(within: Duration)

  func fits(_ skew: Duration?) -> Bool {
    guard let skew else { return false }
    let distance = skew < .zero ? .zero - skew : skew
    return switch self {
    case .off(let allowed): distance > allowed
    case .agrees(let allowed): distance <= allowed
    }
  }
}

/// What a failure means for a job.
enum FailureMeaning: Sendable, Hashable {
  /// Retry; counts as a failure of the job. Possible effects of the request are looked for first.
  case retry
  /// Try again; but a series of them, of several jobs or of one, is an outage: it closes the gate, and nothing counts.
  case suspectOutage
  /// Nobody who needs the same account or host gets through; a probe after `base` opens the way again.
  case closeGate(base: Duration)
  /// The same, but it may be one job's own: one past whom others get right after fails with it the next time, as with
  /// ``suspectOutage``. So a filter on the way, or a signature that one request alone gets wrong, holds up nobody else.
  case closeGateUnlessAlone(base: Duration)
  /// The same, but it never counts: one past whom others get waits alone, ever longer. What is said of the pace or the
  /// moment is said to whoever asks just then.
  case closeGateOrWait(base: Duration)
  /// Only this job must wait; counts for nothing.
  case snooze(Duration)
  /// The account may make no more of this kind for now. An effect with a budget waits for its turn; any other job comes
  /// back after `wait`.
  case budgetSpent(wait: Duration)
  /// A person must change something first.
  case hold
  /// It will never work as it stands.
  case dead
}
