public import JobQueue

/// Which queues a worker serves, and how.
public struct WorkerConfiguration: Sendable {
  /// The queues it serves, and how many jobs of each it runs in parallel.
  public var queues: [String: Int]
  /// How many jobs with one concurrency key run in parallel, by the key's scope; one if the scope is not listed.
  public var concurrency: [String: Int] = [:]
  /// The sizes and windows of budgets, written to the store when the worker starts, so that waiting jobs learn of a
  /// change.
  public var budgets: [BudgetDemand] = []
  /// How long leases last and how often they are extended.
  public var terms: LeaseTerms = .standard
  /// How long running jobs may go on after a graceful shutdown has started.
  public var grace: Duration = .seconds(30)
  /// Whether the worker ends by itself.
  public var exit: Exit = .never
  /// How long finished jobs are kept; nil to keep them forever.
  public var retention: Duration? = .seconds(30 * 86_400)
  /// The time limits of attempts by kind, in place of those in the type's policy.
  public var timeouts: [String: Duration] = [:]
  /// Wraps each run of a handler, for example to record its requests and responses as notes of the job.
  public var around: Around

  /// Runs a handler and returns its result.
  public typealias Around = @Sendable (JobContext, @Sendable () async throws -> String) async throws -> String

  /// When a worker ends by itself.
  public enum Exit: Sendable, Hashable {
    /// It serves until it is asked to stop.
    case never
    /// When no job of its queues is ready or running and, with `waitForScheduled`, none is scheduled either. Jobs that
    /// are held, or blocked by parents that will not complete, do not count.
    case whenIdle(waitForScheduled: Bool)
  }

  /// Creates a configuration with default values.
  public init(queues: [String: Int]) {
    self.queues = queues
    around = { _, run in try await run() }
  }
}
