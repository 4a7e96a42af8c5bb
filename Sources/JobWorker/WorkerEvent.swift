public import JobQueue

/// Something that a worker did; for progress lines and tests.
///
/// Jobs are large, so events that carry one are indirect: they pass through several hands, several times for each job.
public enum WorkerEvent: Sendable, Hashable {
  /// It registered itself and starts to lease.
  case started(WorkerID)
  /// It leased a job.
  indirect case leased(LeasedJob)
  /// An attempt's end is recorded with this outcome; the job is now in `state`.
  indirect case recorded(LeasedJob, Outcome, state: JobState, took: Duration)
  /// An attempt's end is not recorded, because the lease was lost.
  indirect case dropped(LeasedJob)
  /// It extended its leases.
  case extended(Int)
  /// Scheduled jobs that were due are ready.
  case promoted(Int)
  /// Jobs were taken back from lost workers.
  case reaped([JobID: JobState])
  /// Old finished jobs were removed.
  case pruned(Int)
  /// The store does not answer; reported once until it does again.
  case storeFailed
  /// The store answers again.
  case storeRecovered
  /// It has stopped leasing and waits for its running jobs.
  case draining(running: Int)
  /// It ended; `left` jobs could not be handed back and return when their leases run out.
  case stopped(left: Int)
}
