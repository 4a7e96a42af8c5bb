/// What happened in one run, to verify that it really was a storm.
public struct SimulationSummary: Sendable, Hashable {
  /// Jobs that were acknowledged.
  public var jobs = 0
  /// Attempts that were started.
  public var attempts = 0
  /// Workers that died.
  public var crashes = 0
  /// Losses that turned out to be crashes later.
  public var lateCrashes = 0
  /// Jobs that were enqueued while a cancelled job with their key still ran.
  public var successors = 0
  /// Verbs of zombies that were refused.
  public var refusals = 0
  /// Handlers that ignored that they should stop, and were abandoned.
  public var leftHandlers = 0
  /// Jobs and gates that became due and that a worker's promoter released.
  public var promoted = 0
  /// Jobs that a worker's reaper took back, or gave up for one crash too many.
  public var takenBack = 0
  /// Things that the provider has.
  public var things = 0
  /// Requests that were sent by a zombie.
  public var lateRequests = 0
  /// Jobs that a worker got from the same call that recorded its ends.
  public var relays = 0
  /// How often a gate was closed, by a job or an operator.
  public var closures = 0
  /// Jobs that were leased through a half-open gate.
  public var probes = 0
  /// Gates that were closed by a series of failures.
  public var series = 0
  /// Failures that close a gate at once, of jobs that are not doubted.
  public var turnedAway = 0
  /// Failures like these that counted, because others had got through.
  public var outdone = 0
  /// Failures like these that did not count, because no job had got through since the last one.
  public var alone = 0
  /// Failures of probes that counted after all, because the next probe got through.
  public var charged = 0
  /// Probes that ended without an answer, and made room for the next.
  public var unanswered = 0
  /// Units of a budget that were taken.
  public var grants = 0
  /// Verbs of the store that were done without their callers getting the answer.
  public var lostAnswers = 0
  /// Records that existed at the end.
  public var records = 0
  /// Records that were to be new, already existed, and stayed unchanged.
  public var keptRecords = 0
  /// Enqueues that were refused because of a record.
  public var refusedEnqueues = 0
  /// Stopped jobs that an operator discarded.
  public var discarded = 0
  /// How often a job had to wait for a unit.
  public var waits = 0

  /// Adds another run's numbers.
  public static func += (sum: inout SimulationSummary, other: SimulationSummary) {
    sum.jobs += other.jobs
    sum.attempts += other.attempts
    sum.crashes += other.crashes
    sum.lateCrashes += other.lateCrashes
    sum.successors += other.successors
    sum.refusals += other.refusals
    sum.leftHandlers += other.leftHandlers
    sum.promoted += other.promoted
    sum.takenBack += other.takenBack
    sum.things += other.things
    sum.lateRequests += other.lateRequests
    sum.relays += other.relays
    sum.closures += other.closures
    sum.probes += other.probes
    sum.series += other.series
    sum.turnedAway += other.turnedAway
    sum.outdone += other.outdone
    sum.alone += other.alone
    sum.charged += other.charged
    sum.unanswered += other.unanswered
    sum.grants += other.grants
    sum.lostAnswers += other.lostAnswers
    sum.records += other.records
    sum.keptRecords += other.keptRecords
    sum.refusedEnqueues += other.refusedEnqueues
    sum.discarded += other.discarded
    sum.waits += other.waits
  }
}
