/// A worker process as the store knows it.
public struct WorkerRecord: Sendable, Hashable, Codable {
  /// Its name.
  public var id: WorkerID
  /// Identifies a host: only on the same host can a process be looked up by its number.
  public var host: String
  /// Its process number there.
  public var pid: Int32
  /// When that process was started, in the host's own units, so that a process that reuses the number is not mistaken
  /// for it.
  public var processStart: String
  /// When it announced itself.
  public var startedAt: Timestamp
  /// When it was last heard from.
  public var seenAt: Timestamp
  /// The queues it serves.
  public var queues: [String]

  /// Creates a record.
  public init(
    id: WorkerID, host: String, pid: Int32, processStart: String, startedAt: Timestamp, seenAt: Timestamp,
    queues: [String]
  ) {
    self.id = id
    self.host = host
    self.pid = pid
    self.processStart = processStart
    self.startedAt = startedAt
    self.seenAt = seenAt
    self.queues = queues
  }
}
