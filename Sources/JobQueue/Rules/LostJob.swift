/// A running job that is taken from its worker, and what follows.
///
/// The crash limit counts processes that died while running a job. A lease that ran out does not prove that: its worker
/// may have been paused or cut off, and still live. So a job whose lease merely ran out is ready again at once and
/// nothing is counted yet; its loss stays *open*. An open loss becomes a crash if the worker's process turns out to be
/// gone or, if that cannot be seen, if the worker is silent for one more lease. It is dropped if the worker is heard
/// from, if the job records progress, if it ends, or if an operator retries it.
public struct LostJob: Sendable, Hashable {
  /// The job.
  public var id: JobID
  /// Who ran it.
  public var owner: WorkerID
  /// The attempt that ends with this.
  public var attempt: Int64
  /// The crashes that were counted so far.
  public var crashes: Int
  /// An operator's request that the job stops.
  public var cancel: CancelRequest?

  /// What becomes of the job.
  public struct Verdict: Sendable, Hashable {
    /// The state that follows.
    public var state: JobState
    /// The crashes that are counted now.
    public var crashes: Int
    /// Set while it is not yet known whether this was a crash.
    public var openLoss: OpenLoss?
    /// A sentence for the job and its attempt.
    public var why: String
    /// Why it is dead, if it is.
    public var failure: Failure?

    fileprivate init(
      state: JobState, crashes: Int, openLoss: OpenLoss? = nil, why: String, failure: Failure? = nil
    ) {
      self.state = state
      self.crashes = crashes
      self.openLoss = openLoss
      self.why = why
      self.failure = failure
    }
  }

  /// Creates a lost job; used by stores.
  public init(
    id: JobID, owner: WorkerID, attempt: Int64, crashes: Int, cancel: CancelRequest?
  ) {
    self.id = id
    self.owner = owner
    self.attempt = attempt
    self.crashes = crashes
    self.cancel = cancel
  }

  /// Whether the job is to be taken back: its lease has run out, or the process of its worker is gone.
  public static func isLost(owner: WorkerID, leaseEnd: Timestamp, _ sightings: WorkerSightings, at now: Timestamp)
    -> Bool
  {
    leaseEnd <= now || sightings.gone.contains(owner)
  }

  /// What becomes of the job when it is taken back.
  /// - Parameters:
  ///   - sightings: whether the worker's process is known to be gone.
  ///   - terms: how many crashes end a job, and how long to wait for a silent worker.
  ///   - now: the time of the change.
  public func takenBack(_ sightings: WorkerSightings, terms: LeaseTerms, at now: Timestamp) -> Verdict {
    let processIsGone = sightings.gone.contains(owner)
    let count = crashes + (processIsGone ? 1 : 0)
    if let cancel {
      return Verdict(state: .cancelled, crashes: count, why: cancel.reason ?? CancelRequest.unexplained)
    }
    if count >= terms.crashLimit { return Self.quarantined(crashes: count) }
    guard processIsGone else {
      return Verdict(
        state: .ready, crashes: count,
        openLoss: OpenLoss(job: id, attempt: attempt, worker: owner, due: now + terms.duration),
        why: "its lease expired; this counts as a crash once its worker turns out to be gone")
    }
    return Verdict(
      state: .ready, crashes: count, why: "its worker was lost; crash \(count) of \(terms.crashLimit)")
  }

  /// What becomes of the job if an operator holds all unfinished jobs. Nothing is counted, because its worker was not
  /// reported lost.
  public func held(why: String) -> Verdict {
    guard let cancel else { return Verdict(state: .held, crashes: crashes, why: why) }
    return Verdict(state: .cancelled, crashes: crashes, why: cancel.reason ?? CancelRequest.unexplained)
  }

  fileprivate static func quarantined(crashes: Int) -> Verdict {
    let times = crashes == 1 ? "once" : "\(crashes) times"
    return Verdict(
      state: .dead, crashes: crashes, why: "its worker was lost \(times)",
      failure: Failure(
        code: "crash-limit", message: "its worker was lost \(times) while running it",
        hint: "check the workers' logs for what kills them, then retry the job"))
  }
}

/// A loss that may or may not have been a crash.
public struct OpenLoss: Sendable, Hashable {
  /// The job.
  public var job: JobID
  /// The attempt that was lost.
  public var attempt: Int64
  /// Who ran it.
  public var worker: WorkerID
  /// When it counts as a crash, if nothing is heard from the worker.
  public var due: Timestamp

  /// What happens to a job when its loss turns out to have been a crash.
  public enum Consequence: Sendable, Hashable {
    /// Nothing: the job no longer exists, or has ended.
    case nothing
    /// The job's new number of crashes; it stays in its state.
    case counted(crashes: Int)
    /// The job is given up.
    case ended(LostJob.Verdict)
  }

  /// Creates an open loss; used by stores.
  public init(job: JobID, attempt: Int64, worker: WorkerID, due: Timestamp) {
    self.job = job
    self.attempt = attempt
    self.worker = worker
    self.due = due
  }

  /// Whether it was a crash: the worker's process is gone, or it was silent for too long and is not seen alive.
  public func isCrash(_ sightings: WorkerSightings, at now: Timestamp) -> Bool {
    sightings.gone.contains(worker) || due <= now && !sightings.alive.contains(worker)
  }

  /// What becomes of the job once this turned out to have been a crash. It stays in its state, unless it would be
  /// handed to the next worker now.
  /// - Parameters:
  ///   - state: the job's current state; nil if the job no longer exists.
  ///   - crashes: the crashes that were counted so far.
  ///   - limit: the number of crashes that ends a job.
  public static func crashed(in state: JobState?, crashes: Int, limit: Int) -> Consequence {
    guard let state, !state.isFinished else { return .nothing }
    let count = crashes + 1
    return state == .ready && count >= limit ? .ended(LostJob.quarantined(crashes: count)) : .counted(crashes: count)
  }
}
