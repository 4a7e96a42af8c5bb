public import JobQueue

/// Something that a worker does again and again besides running jobs: it extends leases, makes due jobs ready, takes
/// jobs back from lost workers, removes old ones.
///
/// A new duty is a file with a type that conforms, and an entry in the list that the worker is created with: for a duty
/// of the engine in `WorkerParts`, for one of the application in
/// ``Worker/init(id:store:registry:configuration:clock:random:faults:logger:processes:duties:events:)``. Only ``name``,
/// ``period`` and ``runOnce(now:)`` are required.
public protocol Duty: Sendable {
  /// Its name in logs.
  var name: String { get }
  /// The maximum time from the start of one run to the start of the next.
  var period: Duration { get }
  /// The same after a run that failed.
  var periodAfterFailure: Duration { get }
  /// From the worker's start to the first run.
  var delay: Duration { get }
  /// How long the worker keeps doing it.
  var phase: DutyPhase { get }
  /// Signalled if a run is due before the period is over; nil if that never happens.
  var wake: WakeSignal? { get }

  /// Runs the duty once.
  /// - Returns: when the next run is due, if that is before the period is over.
  /// - Throws: the store's error. The run is repeated, and the outage is reported once for all duties.
  @discardableResult
  func runOnce(now: Timestamp) async throws -> Timestamp?
}

/// How long a worker keeps doing a duty.
public enum DutyPhase: Sendable, Hashable {
  /// Until it stops leasing: for duties that find work.
  case untilDraining
  /// Until its last job has ended: for duties that running jobs need.
  case untilStopped
}

extension Duty {
  /// The period, or five seconds if that is shorter.
  public var periodAfterFailure: Duration { min(period, .seconds(5)) }
  /// At once.
  public var delay: Duration { .zero }
  /// Until the worker stops leasing.
  public var phase: DutyPhase { .untilDraining }
  /// Never woken early.
  public var wake: WakeSignal? { nil }
}
