/// The state of a store at one time.
public struct QueueStatus: Sendable, Hashable, Codable {
  /// How many jobs each queue has in each state; states without jobs are left out.
  public var counts: [String: [String: Int]]
  /// Since when the oldest ready job has waited.
  public var oldestReady: Timestamp?
  /// When the next scheduled job is due.
  public var nextDue: Timestamp?
  /// The workers that announced themselves and did not retire.
  public var workers: [WorkerRecord]

  /// Creates a status; used by stores.
  public init(
    counts: [String: [String: Int]], oldestReady: Timestamp?, nextDue: Timestamp?, workers: [WorkerRecord]
  ) {
    self.counts = counts
    self.oldestReady = oldestReady
    self.nextDue = nextDue
    self.workers = workers
  }

  /// How many jobs are in a state, in all queues.
  public func count(_ state: JobState) -> Int {
    counts.values.reduce(0) { $0 + ($1[state.rawValue] ?? 0) }
  }
}
