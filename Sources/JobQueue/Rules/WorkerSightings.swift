/// What a worker that looks for lost workers knows about the processes of its own host.
public struct WorkerSightings: Sendable, Hashable {
  /// Workers whose process is proven to be gone.
  public var gone: [WorkerID]
  /// Workers whose process is alive, no matter how long nothing was heard from them.
  public var alive: [WorkerID]

  /// Creates sightings.
  public init(gone: [WorkerID] = [], alive: [WorkerID] = []) {
    self.gone = gone
    self.alive = alive
  }
}
