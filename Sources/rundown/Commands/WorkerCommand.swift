import ArgumentParser
import Connections
import Glibc
import JobQueue
import JobWorker
import Logging
import Presentation
import SQLiteJobStore
import Secrets
import Settings
import StreamingJobs
import UnixSignals

/// `rundown worker`.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run the jobs in the queue; any number of workers may share one queue file.",
    discussion: """
      EXAMPLES:
        rundown worker                       # until SIGTERM or Ctrl-C
        rundown worker --queues uploads=2    # two uploads at once and nothing else
        rundown worker --once                # until nothing is left to run

      On the first SIGTERM or Ctrl-C, running jobs may finish within the grace time,
      and are then handed back to the queue; a second one stops the worker at once.
      Nothing is lost either way. SIGHUP reloads the secrets; if the worker's terminal
      was closed, it counts as SIGTERM.

      With --once, the worker says at the end what it did, and exits with 3 if jobs
      died or were held.
      """)

  @Option(help: "Serve only these queues, each with an optional number of parallel jobs: engines,uploads=2.")
  var queues: String?

  @Option(help: "Parallel jobs in each queue that has no number of its own.")
  var concurrency: Int?

  @Option(help: "The format of log lines; auto: text, with priorities when standard error is the journal.")
  var logFormat = LogFormat.auto

  @Flag(help: "Exit when no job is ready or running.")
  var once = false

  @Flag(help: "With --once: also wait for scheduled jobs.")
  var waitForScheduled = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    guard once || !waitForScheduled else {
      throw CommandError.input(
        "RD0301", "--wait-for-scheduled needs --once; without it a worker runs until it is stopped",
        flag: "--wait-for-scheduled", help: "add --once")
    }
    let hangUp = HangUp.atStart()
    let settings = try ProcessContext.settings(options)
    ProcessContext.pointOutSecrets(settings)
    let logger = StandardErrorLog.logger("rundown.worker", level: settings.loggingLevel.value, format: logFormat)
    let clients = LiveClients(settings, environment: ProcessContext.environment)
    var configuration = try configuration(settings)
    configuration.budgets = await clients.budgets()
    configuration.around = { context, run in
      await clients.readSecrets()
      return try await ExchangeNotes.told(in: context, secrets: clients.knownSecrets, run)
    }
    logger.info("opening the queue file", metadata: ["path": "\(settings.database.value)"])
    let report = { @Sendable (error: JobStoreError) in
      logger.error(
        "the queue file needs attention", metadata: ["code": "\(error.code.rawValue)", "cause": "\(error)"])
    }
    let stopped = StoppedJobs()
    let served = configuration
    let left = try await Queue.with(settings, mustExist: false, report: report) { store in
      let waiting = OnceReport(store: store, queues: Set(served.queues.keys), logger: logger)
      let registry = JobKinds.streaming.registry(
        clients: clients, queue: store, uploadRoots: settings.uploadRoots.value)
      let pruner = BatchPruner(store: store, retention: .seconds(settings.retentionDays.value * 86_400))
      let scheduler = Scheduler(SchedulePass(store, zone: ScheduleZones.rules), logger: logger)
      let duties: [any Duty] = [pruner, scheduler] + (once ? [waiting] : [])
      let worker = Worker(
        store: store, registry: registry, configuration: served, faults: try DeathInjector.fromEnvironment(),
        logger: logger, duties: duties, events: { stopped.note($0) })
      try await Self.run(worker, hangUp, logger) { await Self.rereadSecrets(clients, logger) }
      return once ? try await store.status() : nil
    }
    await clients.shutdown()
    if let left {
      log(stopped.summary(left, queues: Set(served.queues.keys)), logger)
      try stopped.check()
    }
  }

  private func configuration(_ settings: Settings) throws -> WorkerConfiguration {
    let known = JobKinds.streaming.queues.sorted()
    var configuration = WorkerConfiguration(queues: try QueueChoice(queues, concurrency, settings, known: known).limits)
    configuration.terms = LeaseTerms(jobsBackWithin: .seconds(settings.leaseSeconds.value))
    configuration.grace = .seconds(settings.shutdownGraceSeconds.value)
    configuration.retention = .seconds(settings.retentionDays.value * 86_400)
    configuration.timeouts = settings.jobTimeoutSeconds.mapValues { .seconds($0.value) }
    for (name, engine) in settings.connections.engines {
      configuration.concurrency[ProviderGate.engine(name)] = engine.value.limits.concurrentWrites
    }
    configuration.exit = once ? .whenIdle(waitForScheduled: waitForScheduled) : .never
    return configuration
  }

  /// Reports at the end what was done: a sentence for people, facts for a log that programs read.
  private func log(_ summary: WorkSummary, _ logger: Logger) {
    switch logFormat.decided {
    case .auto, .text:
      Output.sentence(summary.sentence)
      if let next = summary.next { Output.sentence("next: \(next)") }
    case .json, .journal:
      let facts = summary.facts.map { ($0.name, Logger.MetadataValue.string($0.value)) }
      logger.notice("done", metadata: Dictionary(facts, uniquingKeysWith: { first, _ in first }))
    }
  }

  private static func rereadSecrets(_ clients: LiveClients, _ logger: Logger) async {
    let (references, unreadable) = await clients.rereadSecrets()
    for error in unreadable {
      logger.warning(
        "cannot read a secret",
        metadata: ["reference": "\(error.reference)", "cause": "\(error.cause)", "hint": "\(error.hint)"])
    }
    logger.info(
      "secrets reloaded", metadata: ["references": "\(references)", "unreadable": "\(unreadable.count)"])
  }

  /// The first signal lets running jobs finish, the second one stops the worker; SIGHUP counts as one of them, or asks
  /// for a reload.
  private static func run(
    _ worker: Worker, _ hangUp: HangUp, _ logger: Logger, reload: @escaping @Sendable () async -> Void
  ) async throws {
    let service = WorkerService(worker, logger)
    let trapped: [UnixSignal] = hangUp == .nothing ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup]
    let signals = await UnixSignalsSequence(trapping: trapped)
    // Runs beside the signal handling: a secret's file that is slow to read must not keep the worker from stopping.
    let (reloads, askToReload) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await service.run()
        return true
      }
      group.addTask {
        var count = 0
        var isHungUp = false
        for await signal in signals {
          if signal == .sighup {
            guard hangUp == .end else {
              askToReload.yield()
              continue
            }
            // The kernel and the shell both send SIGHUP when a terminal closes.
            guard !isHungUp else { continue }
            isHungUp = true
          }
          count += 1
          guard count == 1 else { break }
          logger.info(
            "stopping: running jobs may finish; send the signal again to stop now", metadata: ["signal": "\(signal)"])
          await service.endGracefully()
        }
        return false
      }
      group.addTask {
        for await _ in reloads { await reload() }
        return false
      }
      defer { group.cancelAll() }
      if try await group.next() == false {
        logger.notice("stopping now; running jobs are handed back")
        group.cancelAll()
        while let ended = await group.nextResult() { if case .success(true) = ended { return } }
        throw CommandError.silent(.interrupted)
      }
    }
  }
}
