public import JobQueue

/// A storm of everything that can go wrong, on a virtual clock, told by a seed.
///
/// One store, a few workers that crash, stall past their leases and come back, a provider that loses answers and has a
/// budget, gates that jobs and a person close, concurrency keys, callers that race for unique keys, a person who cancels
/// and retries, and in some seeds a wall clock that is set forward and back. After every verb of the store ``Ledger``
/// compares what changed with what that verb may change; gates, running keys and units it counts by itself. At the end
/// the storm is over: everything must come to rest, and the provider must hold each effect exactly once.
///
/// A request to create that leaves a worker after its lease was taken over is the one thing that a queue cannot undo at
/// a provider without idempotency keys. Such requests are counted, and only as many things too many are forgiven, to
/// just that job.
public struct Simulation: Sendable {
  /// What happened in one story: to see that the storm was one.
  public struct Summary: Sendable, Hashable {
    /// Jobs that were acknowledged.
    public var jobs = 0
    /// Attempts that were begun.
    public var attempts = 0
    /// Workers that died.
    public var crashes = 0
    /// Losses that turned out to be crashes later.
    public var lateCrashes = 0
    /// Jobs that were enqueued while a cancelled one of their key still ran.
    public var successors = 0
    /// Verbs of zombies that were refused.
    public var refusals = 0
    /// Things that the provider holds.
    public var things = 0
    /// Requests that left a zombie.
    public var lateRequests = 0
    /// Jobs that a worker was given by the same call that recorded its ends.
    public var relays = 0
    /// How often a gate was closed, by a job or a person.
    public var closures = 0
    /// Jobs that were leased through a half-open gate.
    public var probes = 0
    /// Gates that a series of failures closed.
    public var series = 0
    /// Failures that closed a gate at once, each for the first time.
    public var turnedAway = 0
    /// Failures like these that counted, because others had got past them.
    public var outdone = 0
    /// Probes that ended without an answer, and made room for the next.
    public var unanswered = 0
    /// Units of a budget that were taken.
    public var grants = 0
    /// How often a job was made to wait for a unit.
    public var waits = 0

    /// Adds another story's numbers.
    public static func += (sum: inout Summary, other: Summary) {
      sum.jobs += other.jobs
      sum.attempts += other.attempts
      sum.crashes += other.crashes
      sum.lateCrashes += other.lateCrashes
      sum.successors += other.successors
      sum.refusals += other.refusals
      sum.things += other.things
      sum.lateRequests += other.lateRequests
      sum.relays += other.relays
      sum.closures += other.closures
      sum.probes += other.probes
      sum.series += other.series
      sum.turnedAway += other.turnedAway
      sum.outdone += other.outdone
      sum.unanswered += other.unanswered
      sum.grants += other.grants
      sum.waits += other.waits
    }
  }

  private let seed: UInt64
  private let steps: Int
  private let store: any JobStore

  /// Prepares a story.
  /// - Parameters:
  ///   - seed: equal seeds tell equal stories.
  ///   - steps: how long the storm lasts.
  ///   - store: the store under test. It may be used for one story after another, not for two at once: each leaves it
  ///     as empty as it was.
  public init(seed: UInt64, steps: Int = 80, store: any JobStore) {
    self.seed = seed
    self.steps = steps
    self.store = store
  }

  /// Tells the story.
  /// - Throws: ``SimulationFailure``.
  public func run() async throws -> Summary {
    let world = World(seed: seed, store: store)
    do {
      for _ in 0..<steps { try await world.step() }
      try await world.comeToRest()
      await world.end()
      return world.summary
    } catch {
      await world.end()
      let what = (error as? Breach)?.what ?? "a verb threw \(error)"
      throw SimulationFailure(seed: seed, what: what, steps: world.story)
    }
  }
}
