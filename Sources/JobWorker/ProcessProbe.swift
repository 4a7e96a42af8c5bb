public import JobQueue

/// Tells whether the process of a worker on the same host still lives.
public protocol ProcessProbe: Sendable {
  /// What tells this host, and this view of its processes, from any other.
  var host: String { get }
  /// The number of this process.
  var processID: Int32 { get }
  /// When this process was started, in the host's own count.
  var processStart: String { get }
  /// Whether the worker's process lives. Asked only about workers of the same ``host``. When in doubt, true: a job that
  /// is taken from a living worker runs twice, one of a dead worker merely waits for its lease to end.
  func isAlive(_ worker: WorkerRecord) -> Bool
}
