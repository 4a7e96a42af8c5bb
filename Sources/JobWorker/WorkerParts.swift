package import JobQueue
package import Logging

/// The parts of one worker, connected to each other: ``WorkerRun`` starts them, and the simulator drives them step by
/// step.
package struct WorkerParts: Sendable {
  package let worker: WorkerID
  package let held: HeldLeases
  package let leasedJobs: LeasedJobs
  package let completer: Completer
  package let executor: Executor
  package let leaseLoop: LeaseLoop
  package let registration: WorkerRegistration
  package let heartbeat: Heartbeat
  package let deadlines: DeadlineWatcher
  package let promoter: Promoter
  package let reaper: Reaper
  let pruner: Pruner?
  let unserved: UnservedQueues
  let health: StoreHealth
  let clock: any QueueClock
  let logger: Logger
  let events: @Sendable (WorkerEvent) -> Void

  /// The duties of every worker; a new one is added here.
  var duties: [any Duty] {
    let all: [(any Duty)?] = [registration, heartbeat, deadlines, promoter, reaper, pruner]
    return all.compactMap { $0 }
  }

  /// Runs the duties.
  package var dutyLoop: DutyLoop { DutyLoop(clock: clock, health: health) }

  /// The signals to give when the store reports a change.
  var wakeSignals: [WakeSignal] { [leaseLoop.signal] + [promoter.wake].compactMap { $0 } }

  package init(
    worker: WorkerID, store: any WorkerStore, registry: HandlerRegistry, configuration: WorkerConfiguration,
    clock: any QueueClock, random: any RandomSource, faults: any FaultInjector, processes: any ProcessProbe,
    logger: Logger = Logger(label: "silent", factory: { _ in SwiftLogNoOpLogHandler() }),
    events: @escaping @Sendable (WorkerEvent) -> Void = { _ in }
  ) {
    let terms = configuration.terms
    let (slotFreed, rescheduled, deadlineSignal) = (WakeSignal(), WakeSignal(), WakeSignal())
    self.worker = worker
    self.clock = clock
    self.logger = logger
    self.events = events
    health = StoreHealth(logger: logger, clock: clock, events: events)
    held = HeldLeases(limits: configuration.queues, watch: deadlineSignal)
    completer = Completer(store: store, clock: clock, health: health)
    let runner = AttemptRunner(
      store: store, registry: registry, clock: clock, random: random, faults: faults, timeouts: configuration.timeouts,
      around: configuration.around, schedules: store)
    executor = Executor(
      runner: runner, clock: clock, faults: faults, held: held, completer: completer, slotFreed: slotFreed,
      rescheduled: rescheduled, gates: GateLog(logger: logger), logger: logger, events: events)
    leasedJobs = LeasedJobs(
      worker: worker, clock: clock, configuration: configuration, held: held, runner: runner, events: events)
    leaseLoop = LeaseLoop(
      store: store, clock: clock, held: held, signal: slotFreed, leasedJobs: leasedJobs, executor: executor,
      idle: IdleCheck(store: store, configuration: configuration), health: health)
    let now = clock.now()
    let record = WorkerRecord(
      id: worker, host: processes.host, pid: processes.processID, processStart: processes.processStart, startedAt: now,
      seenAt: now, queues: configuration.queues.keys.sorted())
    registration = WorkerRegistration(store: store, record: record, budgets: configuration.budgets, terms: terms)
    unserved = UnservedQueues(
      store: store, registered: registry.queues, served: Set(configuration.queues.keys),
      liveness: WorkerLiveness(processes: processes), logger: logger)
    heartbeat = Heartbeat(store: store, held: held, terms: terms, events: events)
    deadlines = DeadlineWatcher(held: held, terms: terms, wake: deadlineSignal)
    promoter = Promoter(wake: rescheduled, store: store, leaseSignal: slotFreed, events: events)
    reaper = Reaper(
      store: store, worker: worker, processes: processes, terms: terms, leaseSignal: slotFreed, logger: logger,
      events: events)
    pruner = configuration.retention.map { Pruner(store: store, retention: $0, events: events) }
  }
}
