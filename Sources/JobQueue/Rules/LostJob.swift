/// A running job that is taken from its worker, and what follows from that.
///
/// The crash limit counts processes that are gone while they ran a job. A lease that ran out proves no such thing: its
/// worker may have stood still, or been cut off, and live. So a job whose lease merely ran out is ready again at once and
/// nothing is counted yet; its loss stays *open*. An open loss becomes a crash when the worker's process turns out to be
/// gone, or, where that cannot be seen, when nothing was heard of the worker for one lease more. It comes to nothing when
/// the worker is heard of, when the job records progress, when it ends, and when an operator retries it.
public struct LostJob: Sendable, Hashable {
  /// The job.
  public var id: JobID
  /// Who ran it.
  public var owner: WorkerID
  /// The attempt that ends here.
  public var attempt: Int64
  /// The crashes that were counted so far.
  public var crashes: Int
  /// Whether an operator asked the job to stop.
  public var cancelRequested: Bool
  /// The operator's reason, when there is one.
  public var waitReason: String?

  /// What becomes of the job.
  public struct Verdict: Sendable, Hashable {
    /// The state that follows.
    public var state: JobState
    /// The crashes that are counted now.
    public var crashes: Int
    /// Whether it is still to be found out if this was a crash.
    public var isOpen: Bool
    /// A sentence for the job and its attempt.
    public var why: String
    /// Why it is dead, when it is.
    public var failure: Failure?
  }

  /// Creates a lost job; used by stores.
  public init(
    id: JobID, owner: WorkerID, attempt: Int64, crashes: Int, cancelRequested: Bool, waitReason: String?
  ) {
    self.id = id
    self.owner = owner
    self.attempt = attempt
    self.crashes = crashes
    self.cancelRequested = cancelRequested
    self.waitReason = waitReason
  }

  /// What becomes of the job when it is taken back.
  /// - Parameters:
  ///   - processIsGone: whether the worker's process is known to be gone.
  ///   - limit: so many crashes end a job.
  public func takenBack(processIsGone: Bool, limit: Int) -> Verdict {
    let count = crashes + (processIsGone ? 1 : 0)
    if cancelRequested {
      return Verdict(
        state: .cancelled, crashes: count, isOpen: false, why: waitReason ?? "called off while it was running")
    }
    if count >= limit { return Self.quarantined(crashes: count) }
    let why =
      processIsGone
      ? "its worker was lost; crash \(count) of \(limit)"
      : "its lease ran out; that counts as a crash once its worker turns out to be gone"
    return Verdict(state: .ready, crashes: count, isOpen: !processIsGone, why: why)
  }

  /// What becomes of a job when an open loss turns out to have been a crash. Where it stands it stays, unless it would
  /// be handed to the next worker now.
  /// - Parameters:
  ///   - state: where the job is by now; not finished.
  ///   - crashes: those that were counted so far.
  ///   - limit: how many end a job.
  /// - Returns: nil when only the count changes, to `crashes + 1`.
  public static func crashedAfterAll(in state: JobState, crashes: Int, limit: Int) -> Verdict? {
    state == .ready && crashes + 1 >= limit ? quarantined(crashes: crashes + 1) : nil
  }

  private static func quarantined(crashes: Int) -> Verdict {
    Verdict(
      state: .dead, crashes: crashes, isOpen: false, why: "its worker was lost \(crashes) times",
      failure: Failure(
        code: "crash-limit", message: "its worker was lost \(crashes) times while running it",
        hint: "look at the workers' logs for what kills them, then retry the job"))
  }
}

/// What a worker that looks for lost ones knows of the processes of its own host.
public struct WorkerSightings: Sendable, Hashable {
  /// Workers whose process is proven to be gone.
  public var gone: [WorkerID]
  /// Workers whose process lives, however long nothing was heard of them.
  public var alive: [WorkerID]

  /// Creates sightings.
  public init(gone: [WorkerID] = [], alive: [WorkerID] = []) {
    self.gone = gone
    self.alive = alive
  }
}
