/// What happened in one run: to see that the storm was one.
public struct SimulationSummary: Sendable, Hashable {
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
  /// Handlers that ignored that they should stop, and were left to themselves.
  public var leftHandlers = 0
  /// Jobs and gates whose moment came, and which a worker's promoter let go on.
  public var promoted = 0
  /// Jobs that a worker's reaper took back, or gave up for one crash too many.
  public var takenBack = 0
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
  /// Failures that close a gate at once, of jobs past whom nobody is known to get.
  public var turnedAway = 0
  /// Failures like these that counted, because others had got past them.
  public var outdone = 0
  /// Failures like these that counted for nothing, because nobody had got through since the last one.
  public var alone = 0
  /// Failures of probes that counted after all, because the next probe got through.
  public var charged = 0
  /// Probes that ended without an answer, and made room for the next.
  public var unanswered = 0
  /// Units of a budget that were taken.
  public var grants = 0
  /// Verbs of the store that were done and whose callers were not told.
  public var lostAnswers = 0
  /// Records that were there at the end.
  public var records = 0
  /// Records that were to be new, were there, and stayed as they were.
  public var keptRecords = 0
  /// Enqueues that did not happen because of a record.
  public var refusedEnqueues = 0
  /// Stopped jobs that a person put aside.
  public var discarded = 0
  /// How often a job was made to wait for a unit.
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
