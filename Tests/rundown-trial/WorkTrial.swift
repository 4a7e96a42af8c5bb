import JobQueue
import JobWorker
import Logging
import SQLiteJobStore
import ServiceLifecycle
import UnixSignals

/// `work FILE tally=PATH [slots=N] [lease=MS] [clock=PATH] [idle=yes] [begin=MS lasts=MS]`: works until SIGTERM, until
/// nothing is left, or for a time that begins at the same moment in several processes.
struct WorkTrial {
  private let arguments: TrialArguments
  private let clock: any QueueClock
  private let meter = Meter()

  init(_ arguments: TrialArguments) throws {
    self.arguments = arguments
    clock = try arguments.clock()
  }

  func run() async throws -> TrialReport {
    var registry = HandlerRegistry()
    registry.register(TallyHandler(lines: try LineFile(path: try arguments.text("tally")), clock: clock))
    let store = try await SQLiteJobStore.open(at: arguments.database)
    var logger = Logger(label: "trial", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .notice
    let worker = Worker(
      store: MeasuredStore(base: store, meter: meter), registry: registry, configuration: try configuration(),
      clock: clock, logger: logger)
    if arguments.isGiven("begin") {
      try await clock.sleep(until: Timestamp(milliseconds: Int64(try arguments.number("begin", or: 0))))
    }
    do {
      try await serve(worker, logger)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
    return await meter.report
  }

  private func configuration() throws -> WorkerConfiguration {
    var configuration = WorkerConfiguration(queues: [Tally.queue: try arguments.number("slots", or: 4)])
    configuration.terms.duration = try arguments.milliseconds("lease", or: 30_000)
    configuration.terms.heartbeat = configuration.terms.duration / 3
    // Trials lose workers on purpose, far more often than a job survives.
    configuration.terms.crashLimit = 10_000
    configuration.retention = nil
    configuration.exit = arguments.isGiven("idle") ? .whenIdle(waitForScheduled: true) : .never
    return configuration
  }

  private func serve(_ worker: Worker, _ logger: Logger) async throws {
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(
            service: worker, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .cancelGroup)
        ], gracefulShutdownSignals: [.sigterm], logger: logger))
    let lasts = arguments.isGiven("lasts") ? try arguments.milliseconds("lasts", or: 0) : nil
    let end = Task { [clock] in
      guard let lasts, (try? await clock.sleep(for: lasts)) != nil else { return }
      await group.triggerGracefulShutdown()
    }
    defer { end.cancel() }
    try await group.run()
  }
}
