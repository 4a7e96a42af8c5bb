import JobWorker
import Logging
import ServiceLifecycle

/// A worker in a service group, which asks it to stop gracefully.
struct WorkerService: Sendable {
  private let group: ServiceGroup

  init(_ worker: Worker, _ logger: Logger) {
    var quiet = logger
    // The group's own messages add nothing to those of the worker.
    quiet.logLevel = .error
    group = ServiceGroup(
      configuration: .init(
        services: [
          .init(
            service: worker, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .cancelGroup)
        ], logger: quiet))
  }

  func run() async throws { try await group.run() }

  func endGracefully() async { await group.triggerGracefulShutdown() }
}
