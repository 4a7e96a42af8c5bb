import ArgumentParser
import Glibc
import JobQueue
import JobWorker
import Logging
import SQLiteJobStore
import ServiceLifecycle
import UnixSignals

/// `rundown-bench work`: a worker as users run it, with a job type that does nothing.
struct WorkBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Runs jobs, by default until none is left.",
    discussion: "The time counts from the first lease to the last recorded end.")

  @Option(help: "The queue file.") var database: String
  @Option(help: "Jobs at once.") var slots = 100
  @Option(help: "End after so many jobs, though there are more.") var jobs: Int?
  @Flag(help: "Go on until SIGTERM; print a line when it begins.") var serve = false
  @Flag(help: "Print when each job's handler was entered.") var entries = false

  func run() async throws {
    let store = try await SQLiteJobStore.open(at: database)
    let tally = Tally(until: jobs, withEntries: entries)
    let group = group(of: worker(on: store, telling: tally))
    async let service: Void = group.run()
    for await news in tally.news {
      switch news {
      case .started: if serve { announce() }
      case .complete: await group.triggerGracefulShutdown()
      }
    }
    try await service
    try Figure.show(tally.report)
    await store.close()
  }
}

extension WorkBench {
  private func worker(on store: SQLiteJobStore, telling tally: Tally) -> Worker {
    var registry = HandlerRegistry()
    let entries = entries
    registry.register(NoOpHandler { if entries { tally.entered($0.number) } })
    var configuration = WorkerConfiguration(queues: [NoOp.queue: slots])
    configuration.exit = serve || jobs != nil ? .never : .whenIdle(waitForScheduled: false)
    return Worker(store: store, registry: registry, configuration: configuration, logger: quiet) { event in
      switch event {
      case .started: tally.started()
      case .leased: tally.leased()
      case .recorded: tally.recorded()
      case .stopped: tally.stopped()
      default: break
      }
    }
  }

  private func group(of worker: Worker) -> ServiceGroup {
    ServiceGroup(
      configuration: .init(
        services: [.init(service: worker, successTerminationBehavior: .gracefullyShutdownGroup)],
        gracefulShutdownSignals: [.sigterm], logger: quiet))
  }

  private var quiet: Logger { Logger(label: "rundown-bench") { _ in SwiftLogNoOpLogHandler() } }

  private func announce() {
    print("started")
    fflush(nil)
  }
}
