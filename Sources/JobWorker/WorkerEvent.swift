public import JobQueue

/// Something that a worker did; for progress lines and tests.
///
/// Jobs are large, so the events that tell of one are indirect: they pass through several hands, several times for each job.
public enum WorkerEvent: Sendable, Hashable {
  /// It announced itself and begins to lease.
  case started(WorkerID)
  /// It leased a job.
  indirect case leased(LeasedJob)
  /// An attempt's end is recorded, as this outcome; the job is in `state` now.
  indirect case recorded(LeasedJob, Outcome, state: JobState, took: Duration)
  /// An attempt's end is not recorded: the lease was lost.
  indirect case dropped(LeasedJob)
  /// It extended its leases.
  case extended(Int)
  /// Scheduled jobs that were due are ready.
  case promoted(Int)
  /// Jobs were taken back from lost workers.
  case reaped([JobID: JobState])
  /// Old finished jobs were removed.
  case pruned(Int)
  /// The store does not answer; told once until it does again.
  case storeFailed
  /// The store answers again.
  case storeRecovered
  /// It leases no more and waits for its running jobs.
  case draining(running: Int)
  /// It ended; `left` jobs could not be handed back and return when their leases run out.
  case stopped(left: Int)
}
