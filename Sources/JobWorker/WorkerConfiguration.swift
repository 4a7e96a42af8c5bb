public import JobQueue

/// What a worker serves, and how.
public struct WorkerConfiguration: Sendable {
  /// The queues it serves, and how many jobs of each it runs at once.
  public var queues: [String: Int]
  /// How many jobs with one concurrency key run at once, by the key's scope; one of a scope that is not named.
  public var concurrency: [String: Int] = [:]
  /// The sizes and windows of budgets: taken over when the worker starts, so that who waits hears of a change.
  public var budgets: [BudgetDemand] = []
  /// How long leases last and how often they are extended.
  public var terms: LeaseTerms = .standard
  /// How long running jobs may go on after a graceful shutdown began.
  public var grace: Duration = .seconds(30)
  /// When the worker ends by itself.
  public var exit: Exit = .never
  /// How long finished jobs are kept; nil to keep them for ever.
  public var retention: Duration? = .seconds(30 * 86_400)
  /// How long one attempt may take, by kind, instead of what the type's policy says.
  public var timeouts: [String: Duration] = [:]
  /// Wraps each run of a handler, for example to tell what it asked and was answered as notes of the job.
  public var around: Around

  /// Runs a handler, and gives what it gave.
  public typealias Around = @Sendable (JobContext, @Sendable () async throws -> String) async throws -> String

  /// When a worker ends by itself.
  public enum Exit: Sendable, Hashable {
    /// It serves until it is told to stop.
    case never
    /// When no job of its queues is ready or running, and with `waitForScheduled` none is scheduled either. Jobs that
    /// are held, or blocked by parents that will not complete, are not work.
    case whenIdle(waitForScheduled: Bool)
  }

  /// Creates a configuration with standard numbers.
  public init(queues: [String: Int]) {
    self.queues = queues
    around = { _, run in try await run() }
  }
}
