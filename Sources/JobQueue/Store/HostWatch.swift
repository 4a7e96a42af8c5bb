/// What a worker that looks for lost workers sees of its own host.
public struct HostWatch: Sendable {
  /// The host, as workers announce it.
  public var host: String
  /// The worker that looks; it is alive.
  public var worker: WorkerID
  /// A worker of another host that was not heard from for this long is forgotten; its leases ended long before.
  public var forgetAfter: Duration
  /// Whether a worker of this host still has its process.
  public var isAlive: @Sendable (WorkerRecord) -> Bool

  /// Creates a watch.
  public init(
    host: String, worker: WorkerID, forgetAfter: Duration = .seconds(86_400),
    isAlive: @escaping @Sendable (WorkerRecord) -> Bool
  ) {
    self.host = host
    self.worker = worker
    self.forgetAfter = forgetAfter
    self.isAlive = isAlive
  }

  /// What can be seen of the workers that a store knows. Processes of other hosts cannot be seen.
  public func sightings(of workers: [WorkerRecord]) -> WorkerSightings {
    var sightings = WorkerSightings(alive: [worker])
    for other in workers where other.host == host && other.id != worker {
      if isAlive(other) { sightings.alive.append(other.id) } else { sightings.gone.append(other.id) }
    }
    return sightings
  }

  /// Workers of other hosts that will not be heard from again.
  public func forgotten(of workers: [WorkerRecord], at now: Timestamp) -> [WorkerID] {
    workers.filter { $0.host != host && $0.seenAt + forgetAfter < now }.map(\.id)
  }
}

/// The result of a look for lost workers.
public struct Reaped: Sendable, Hashable {
  /// The jobs that were taken back or given up, with their new states.
  public var jobs: [JobID: JobState]
  /// The workers that were forgotten.
  public var workers: [WorkerID]

  /// Creates one.
  public init(jobs: [JobID: JobState] = [:], workers: [WorkerID] = []) {
    self.jobs = jobs
    self.workers = workers
  }
}
