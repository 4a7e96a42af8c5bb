import JobQueue
import JobQueueTestKit
import JobWorker
import Logging
import ServiceLifecycle

/// A store, a clock that only the test moves, and a worker to be started on them.
struct Given {
  static let worker = WorkerID("worker-1")
  static let other = WorkerID("worker-2")

  let time: VirtualClock
  let clock: ProbedClock
  let base: InMemoryJobStore
  let tap = Tap()
  let log = EventLog()
  var registry = HandlerRegistry()
  var configuration = WorkerConfiguration(queues: ["work": 2])
  var processes = PaperProcesses()
  var storeWakes = true
  /// What the store tells of new work, in place of its own words.
  var told: AsyncStream<Void>?
  var faults: any FaultInjector = NoFaults()
  /// What the worker does beside the duties of every worker.
  var duties: [any Duty] = []

  init() {
    time = VirtualClock()
    clock = ProbedClock(base: time)
    base = InMemoryJobStore()
    start = time.now()
  }

  /// The moment at which the test began.
  let start: Timestamp
  var store: TappedStore { TappedStore(base: base, tap: tap, wakes: storeWakes, told: told) }

  /// The moment that many seconds after the test began.
  func at(_ seconds: Double) -> Timestamp { start + .milliseconds(Int64(seconds * 1000)) }

  /// Jobs of kind `work` do this.
  mutating func work(_ body: @escaping @Sendable (JobContext) async throws -> String) {
    registry.register(Doing<Work>(body: { _, context in try await body(context) }))
  }

  var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  mutating func log(to lines: LogLines) {
    logger = Logger(label: "test", factory: { _ in LogLines.Handler(lines: lines) })
  }

  func makeWorker() -> Worker {
    Worker(
      id: Self.worker, store: store, registry: registry, configuration: configuration, clock: clock, random: HalfWay(),
      faults: faults, logger: logger, processes: processes, duties: duties,
      events: log.listener())
  }

  /// Starts the worker; cancel the task to end it at once.
  func startWorker() -> Task<Void, any Error> {
    let worker = makeWorker()
    return Task { try await worker.run() }
  }

  /// Starts the worker in a service group, which can end it gracefully.
  func startGroup() -> (group: ServiceGroup, task: Task<Void, any Error>) {
    let group = ServiceGroup(
      configuration: .init(services: [.init(service: makeWorker())], gracefulShutdownSignals: [], logger: logger))
    return (group, Task { try await group.run() })
  }

  func enqueue(_ jobs: NewJob...) async throws -> [JobID] {
    try await base.enqueue(jobs, at: clock.now()).map(\.id)
  }

  func enqueueWork(_ count: Int = 1) async throws -> [JobID] {
    try await base.enqueue(Array(repeating: try Work().newJob(), count: count), at: clock.now()).map(\.id)
  }

  func job(_ id: JobID) async throws -> Job? {
    try await base.jobs(JobQuery(ids: [id])).first
  }

  /// Moves time to a moment that somebody sleeps until.
  func advance(to moment: Timestamp, sleepers: Int = 1) async {
    await clock.log.wait(for: moment, count: sleepers)
    time.advance(by: moment - time.now())
  }

  /// Waits for a worker that ends by itself.
  func idle(_ task: Task<Void, any Error>) async throws {
    try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  /// Ends a worker and waits for it. Its last waits need time to pass only when something hangs.
  func end(_ task: Task<Void, any Error>) async {
    task.cancel()
    let mover = Task {
      while !Task.isCancelled {
        time.advance(by: .seconds(1))
        await Task.yield()
      }
    }
    _ = await task.result
    mover.cancel()
  }
}

/// Processes on paper.
struct PaperProcesses: ProcessProbe {
  var host = "here"
  var processID: Int32 = 1
  var processStart = "100"
  /// The numbers of processes that are gone.
  var gone: Set<Int32> = []

  func isAlive(_ worker: WorkerRecord) -> Bool { !gone.contains(worker.pid) }
}
