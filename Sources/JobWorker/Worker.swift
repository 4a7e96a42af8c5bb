public import JobQueue
public import Logging
public import ServiceLifecycle

/// Runs the jobs of a store.
///
/// It leases jobs as long as it has free slots, runs each with the handler of its kind, extends the leases while they
/// run, and records how they ended. It also has the duties of every worker: it makes due jobs ready, takes jobs back
/// from workers that were lost, and removes old finished ones.
///
/// It does not handle signals. Run it in a service group: a graceful shutdown lets running jobs finish within
/// ``WorkerConfiguration/grace`` and hands the others back; cancelling the task hands everything back and ends the
/// worker.
public struct Worker: Service {
  private let id: WorkerID
  private let store: any WorkerStore
  private let registry: HandlerRegistry
  private let configuration: WorkerConfiguration
  private let clock: any QueueClock
  private let random: any RandomSource
  private let faults: any FaultInjector
  private let logger: Logger
  private let processes: any ProcessProbe
  private let duties: [any Duty]
  private let events: @Sendable (WorkerEvent) -> Void

  /// Creates a worker; it does nothing until ``run()``.
  ///
  /// - Parameters:
  ///   - id: its name, which no other worker may ever have had; nil to make one up.
  ///   - store: whose jobs it runs.
  ///   - registry: the handlers by kind.
  ///   - configuration: which queues it serves, and how.
  ///   - clock: what it goes by; this and the next two are for tests.
  ///   - random: where jitter and names come from.
  ///   - faults: where a test stops it.
  ///   - logger: what it tells people.
  ///   - processes: how it notices that another worker's process is gone.
  ///   - duties: what it does from time to time beside those of every worker.
  ///   - events: told what the worker does, in the worker's own tasks: return quickly.
  public init(
    id: WorkerID? = nil, store: any WorkerStore, registry: HandlerRegistry, configuration: WorkerConfiguration,
    clock: any QueueClock = SystemClock(), random: any RandomSource = SystemRandom(),
    faults: any FaultInjector = NoFaults(), logger: Logger, processes: any ProcessProbe = LinuxProcessProbe(),
    duties: [any Duty] = [], events: (@Sendable (WorkerEvent) -> Void)? = nil
  ) {
    self.id = id ?? .unique(processID: processes.processID, random: random)
    self.store = store
    self.registry = registry
    self.configuration = configuration
    self.clock = clock
    self.random = random
    self.faults = faults
    self.logger = logger
    self.processes = processes
    self.duties = duties
    self.events = events ?? { _ in }
  }

  /// Works until a graceful shutdown, until the task is cancelled, or as ``WorkerConfiguration/exit`` says.
  /// - Throws: `CancellationError` if the task was cancelled; a `JobStoreError` `replaced` if the store is gone for
  ///   good. A store that merely fails does not end a worker, which tries again.
  public func run() async throws {
    let run = makeRun()
    try await withTaskCancellationHandler {
      try await withGracefulShutdownHandler {
        try await run.run()
      } onGracefulShutdown: {
        Task { await run.endGracefully() }
      }
    } onCancel: {
      Task { await run.endNow() }
    }
    try Task.checkCancellation()
  }

  private func makeRun() -> WorkerRun {
    let parts = WorkerParts(
      worker: id, store: store, registry: registry, configuration: configuration, clock: clock, random: random,
      faults: faults, processes: processes, logger: logger, events: events)
    return WorkerRun(
      parts: parts, grace: configuration.grace, duties: parts.duties + duties,
      wakeUps: WakeUpRelay(store: store, clock: clock, signals: parts.wakeSignals))
  }
}

/// What a worker needs from a store: all of its roles except those for enqueuing and for operators. Each part of the
/// worker takes the one role that it uses.
public typealias WorkerStore = LeaseStore & JournalStore & MaintenanceStore & QueryStore
