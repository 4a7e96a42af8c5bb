/// Which jobs to show. Every condition that is given must hold; an empty list means "any".
public struct JobQuery: Sendable, Hashable {
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
  /// Created at this moment or later.
  public var createdSince: Timestamp?
  /// Whose payload contains this text.
  public var payloadContains: String?
  /// Only these.
  public var ids: [JobID]
  /// Only jobs with a smaller number: the last one of the page before.
  public var before: JobID?
  /// At most so many, newest first.
  public var limit: Int

  /// Creates a query; by default the newest 100 of all.
  public init(
    states: [JobState] = [], kinds: [String] = [], queues: [String] = [], labels: [String: String] = [:],
    failureCode: String? = nil, createdSince: Timestamp? = nil, payloadContains: String? = nil, ids: [JobID] = [],
    before: JobID? = nil, limit: Int = 100
  ) {
    self.states = states
    self.kinds = kinds
    self.queues = queues
    self.labels = labels
    self.failureCode = failureCode
    self.createdSince = createdSince
    self.payloadContains = payloadContains
    self.ids = ids
    self.before = before
    self.limit = limit
  }
}
