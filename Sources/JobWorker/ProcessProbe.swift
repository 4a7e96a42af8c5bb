public import JobQueue

/// Finds out whether the process of a worker on the same host is still alive.
public protocol ProcessProbe: Sendable {
  /// Identifies this host and this view of its processes.
  var host: String { get }
  /// The number of this process.
  var processID: Int32 { get }
  /// When this process was started, in the host's own units.
  var processStart: String { get }
  /// Whether the worker's process is alive. Asked only about workers of the same ``host``. If in doubt, true: a job
  /// that is taken from a living worker runs twice, one of a dead worker merely waits for its lease to end.
  func isAlive(_ worker: WorkerRecord) -> Bool
}
