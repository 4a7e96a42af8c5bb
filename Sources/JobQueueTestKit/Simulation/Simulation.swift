public import JobQueue

/// A storm of everything that can go wrong, on a virtual clock, determined by a seed.
///
/// A run has one store whose answers get lost now and then; a few workers that crash, stall past their leases, come
/// back and are told to stop; a provider that loses answers and has a budget; gates that jobs and an operator close;
/// concurrency keys; a few jobs that are always refused; callers that race for unique keys; an operator who cancels and
/// retries; and in some seeds a wall clock that is set forward and back. The workers consist of the parts of real ones:
/// lease loop, attempt runner, outcome rules, completer with its common commits, held leases, deadline watcher, and
/// heartbeat, promoter, reaper and registration in their loops; the run decides when each of them runs, and on which of
/// two hosts a process runs. Some handlers ignore that they should stop, are abandoned, and go on beside whoever runs
/// their jobs by then. After every verb of the store, `Oracle` compares what changed with what that verb may change; it
/// counts gates, running keys, units and records by itself, and a record must exist exactly if its commit was done. At
/// the end the storm is over: everything must come to rest, and the provider must have each effect exactly once.
///
/// A create request that leaves a worker after its lease was taken over is the one thing that a queue cannot undo at a
/// provider without idempotency keys. Such requests are counted, and exactly that many extra things are tolerated, for
/// exactly that job.
public struct Simulation: Sendable {
  /// What happened.
  public typealias Summary = SimulationSummary

  private let seed: UInt64
  private let steps: Int
  private let store: any JobStore
  private let defect: WorkerDefect?

  /// Prepares a run.
  /// - Parameters:
  ///   - seed: equal seeds give equal runs.
  ///   - steps: how long the storm lasts.
  ///   - store: the store under test. It may be used for one run after another, not for two at once: each run leaves it
  ///     as empty as before, except for jobs that hold their unique keys for good, so make the same run only once in a
  ///     store.
  ///   - defect: a fault to plant in the workers.
  public init(seed: UInt64, steps: Int = 80, store: any JobStore, planting defect: WorkerDefect? = nil) {
    self.seed = seed
    self.steps = steps
    self.store = store
    self.defect = defect
  }

  /// Makes the run.
  /// - Throws: ``SimulationFailure``.
  public func run() async throws -> Summary {
    let world = World(seed: seed, store: store, defect: defect)
    do {
      for _ in 0..<steps { try await world.step() }
      try await world.comeToRest()
      await world.end()
      return world.summary
    } catch {
      await world.end()
      let what = (error as? InvariantViolation)?.what ?? "a verb threw \(error)"
      throw SimulationFailure(seed: seed, what: what, steps: world.trace)
    }
  }
}
