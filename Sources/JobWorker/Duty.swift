public import JobQueue

/// Something that a worker does again and again beside running jobs: it extends leases, makes due jobs ready, takes jobs
/// back from lost workers, removes old ones.
///
/// A new duty is a file with a type that conforms, and a line in the list that the worker is made with: one of the engine
/// in `WorkerParts`, one of the application in ``Worker/init(id:store:registry:configuration:clock:random:faults:logger:processes:duties:events:)``.
/// Only ``name``, ``period`` and ``runOnce(now:)`` must be said.
public protocol Duty: Sendable {
  /// Its name in logs.
  var name: String { get }
  /// From the beginning of one turn to the beginning of the next, at most.
  var period: Duration { get }
  /// The same after a turn that failed.
  var periodAfterFailure: Duration { get }
  /// From the worker's start to the first turn.
  var delay: Duration { get }
  /// How long the worker goes on with it.
  var phase: DutyPhase { get }
  /// Signalled when a turn is due before the period is over; nil when that never happens.
  var wake: WakeSignal? { get }

  /// One turn.
  /// - Returns: when the next turn is due, if that is before the period is over.
  /// - Throws: what the store threw. The turn is repeated, and the outage told once for all duties.
  @discardableResult
  func runOnce(now: Timestamp) async throws -> Timestamp?
}

/// How long a worker goes on with a duty.
public enum DutyPhase: Sendable, Hashable {
  /// Until it leases no more: what finds work.
  case untilDraining
  /// Until its last job has ended: what running jobs need.
  case untilStopped
}

extension Duty {
  /// The period, or five seconds when that is sooner.
  public var periodAfterFailure: Duration { min(period, .seconds(5)) }
  /// At once.
  public var delay: Duration { .zero }
  /// Until the worker leases no more.
  public var phase: DutyPhase { .untilDraining }
  /// Never woken before its time.
  public var wake: WakeSignal? { nil }
}
