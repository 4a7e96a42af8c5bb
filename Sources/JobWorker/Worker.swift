public import JobQueue
public import Logging
public import ServiceLifecycle

/// Runs the jobs of a store.
///
/// It leases jobs as long as it has free slots, runs each with the handler of its kind, extends the leases while they
/// run, and records how they ended. Beside that it does the duties of every worker: it makes due jobs ready, takes jobs
/// back from workers that were lost, and removes old finished ones.
///
/// It does not listen to signals. Run it in a service group: a graceful shutdown lets running jobs finish within
/// ``WorkerConfiguration/grace`` and hands the others back; a cancelled task hands everything back and ends.
public struct Worker: Service {
  private let id: WorkerID
  private let store: any JobStore
  private let registry: HandlerRegistry
  private let configuration: WorkerConfiguration
  private let clock: any QueueClock
  private let random: any RandomSource
  private let faults: any FaultInjector
  private let logger: Logger
  private let processes: any ProcessProbe
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
  ///   - events: told what the worker does, in the worker's own tasks: return quickly.
  public init(
    id: WorkerID? = nil, store: any JobStore, registry: HandlerRegistry, configuration: WorkerConfiguration,
    clock: any QueueClock = SystemClock(), random: any RandomSource = SystemRandom(),
    faults: any FaultInjector = NoFaults(), logger: Logger, processes: any ProcessProbe = LinuxProcessProbe(),
    events: (@Sendable (WorkerEvent) -> Void)? = nil
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
    self.events = events ?? { _ in }
  }

  /// Works until a graceful shutdown, until the task is cancelled, or as ``WorkerConfiguration/exit`` says.
  /// - Throws: `CancellationError` when the task was cancelled; a `JobStoreError` `replaced` when the store is gone for
  ///   good. A store that merely fails does not end a worker; it tries again.
  public func run() async throws {
    let shift = makeShift()
    try await withTaskCancellationHandler {
      try await withGracefulShutdownHandler {
        try await shift.run()
      } onGracefulShutdown: {
        Task { await shift.endGracefully() }
      }
    } onCancel: {
      Task { await shift.endNow() }
    }
    try Task.checkCancellation()
  }

  private func makeShift() -> Shift {
    let terms = configuration.terms
    let ending = Latch<Shift.Ending>()
    let outages = OutageLog(logger: logger, clock: clock, ending: ending, events: events)
    let watchBell = Bell()
    let book = LeaseBook(limits: configuration.queues, watch: watchBell)
    let completer = Completer(store: store, clock: clock, outages: outages)
    let bell = Bell()
    let promoterBell = Bell()
    let executor = Executor(
      store: store, registry: registry, configuration: configuration, clock: clock,
      rule: OutcomeRule(clock: clock, random: random), faults: faults, book: book, completer: completer,
      slotFreed: bell, rescheduled: promoterBell, gates: GateLog(logger: logger), logger: logger, events: events)
    let intake = Intake(
      worker: id, clock: clock, terms: terms, concurrency: configuration.concurrency, book: book, executor: executor,
      events: events)
    let leaseLoop = LeaseLoop(
      store: store, clock: clock, book: book, bell: bell, intake: intake, idle: idleCheck, outages: outages)
    return Shift(
      worker: id, clock: clock, grace: configuration.grace, book: book, leaseLoop: leaseLoop,
      wakeUps: WakeUpRelay(store: store, clock: clock, bells: [bell, promoterBell]),
      promoter: Promoter(
        store: store, clock: clock, bell: promoterBell, leaseBell: bell, outages: outages, events: events),
      completer: completer, timeWatch: TimeWatch(book: book, clock: clock, terms: terms, bell: watchBell),
      announcer: Announcer(store: store, record: record, budgets: configuration.budgets, terms: terms),
      heartbeat: Heartbeat(store: store, book: book, terms: terms, events: events),
      reaper: Reaper(
        store: store, worker: id, processes: processes, terms: terms, leaseBell: bell, logger: logger,
        events: events),
      pruner: configuration.retention.map { Pruner(store: store, retention: $0, events: events) },
      outages: outages, logger: logger, events: events, ending: ending)
  }

  private var idleCheck: IdleCheck? {
    guard case .whenIdle(let waitForScheduled) = configuration.exit else { return nil }
    return IdleCheck(store: store, queues: Set(configuration.queues.keys), waitForScheduled: waitForScheduled)
  }

  private var record: WorkerRecord {
    let now = clock.now()
    return WorkerRecord(
      id: id, host: processes.host, pid: processes.processID, processStart: processes.processStart, startedAt: now,
      seenAt: now, queues: configuration.queues.keys.sorted())
  }
}
