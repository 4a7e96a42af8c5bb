/// Which jobs to show. All given conditions must hold; an empty list means "any".
public struct JobQuery: Sendable, Hashable {
  /// The order in which jobs are shown.
  public enum Order: Sendable, Hashable {
    /// The largest number first.
    case newestFirst
    /// Scheduled jobs only, the one that runs next first. ``JobQuery/before`` is ignored.
    case nextFirst
  }

  /// In one of these states.
  public var states: [JobState]
  /// Of one of these kinds.
  public var kinds: [String]
  /// In one of these queues.
  public var queues: [String]
  /// With all of these labels.
  public var labels: [String: String]
  /// Whose newest failure has this code.
  public var failureCode: String?
  /// Created at this time or later.
  public var createdSince: Timestamp?
  /// Finished at this time or later.
  public var finishedSince: Timestamp?
  /// Dead or held since this time or later.
  public var stoppedSince: Timestamp?
  /// Whose payload contains this text.
  public var payloadContains: String?
  /// Only these.
  public var ids: [JobID]
  /// Only jobs with a smaller number; for paging, the last number of the previous page.
  public var before: JobID?
  /// The maximum number of jobs.
  public var limit: Int
  /// The order.
  public var order: Order

  /// Creates a query; by default the newest 100 of all.
  public init(
    states: [JobState] = [], kinds: [String] = [], queues: [String] = [], labels: [String: String] = [:],
    failureCode: String? = nil, createdSince: Timestamp? = nil, finishedSince: Timestamp? = nil,
    stoppedSince: Timestamp? = nil, payloadContains: String? = nil, ids: [JobID] = [], before: JobID? = nil,
    limit: Int = 100, order: Order = .newestFirst
  ) {
    self.states = states
    self.kinds = kinds
    self.queues = queues
    self.labels = labels
    self.failureCode = failureCode
    self.createdSince = createdSince
    self.finishedSince = finishedSince
    self.stoppedSince = stoppedSince
    self.payloadContains = payloadContains
    self.ids = ids
    self.before = before
    self.limit = limit
    self.order = order
  }

  /// The states in which all conditions can hold; nil for any. Empty if two conditions contradict each other.
  public var possibleStates: Set<JobState>? {
    var possible: Set<JobState>? = states.isEmpty ? nil : Set(states)
    func only(_ states: [JobState]) { possible = possible.map { $0.intersection(states) } ?? Set(states) }
    if finishedSince != nil { only(JobState.allCases.filter(\.isFinished)) }
    if stoppedSince != nil { only([.dead, .held]) }
    if order == .nextFirst { only([.scheduled]) }
    return possible
  }
}
