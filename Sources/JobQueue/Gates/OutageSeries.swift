/// Failures that may be one job's own or everybody's, such as a 500 or a hanging server. A single one proves nothing,
/// but a series of them while no job gets through is an outage.
///
/// It is kept with the gate, so that all workers count together. Each job appears in it once: its second failure in a
/// row closes the gate, and so does the third failure of several jobs within ``window``. So an outage costs a job one
/// failure at most.
///
/// A failure that closes the gate at once, such as a gateway's page, is not part of a series: ``SelectiveAnswers``
/// finds out which jobs alone meet it.
public struct OutageSeries: Sendable, Hashable, Codable {
  /// A failure that was counted against its job.
  public struct Met: Sendable, Hashable, Codable {
    /// The job.
    public var job: JobID
    /// When its attempt ended.
    public var at: Timestamp
  }

  /// The failure of a probe, which counts as its job's own if the next probe gets through.
  public struct Suspect: Sendable, Hashable, Codable {
    /// The job.
    public var job: JobID
    /// The lease of the probe: the failure counts only if the job has not run since.
    public var token: Int64
    /// What it met.
    public var failure: Failure
  }

  /// This many failures of several jobs are a series, ...
  public static let enough = 3
  /// ... if they come within this time.
  public static let window: Duration = .seconds(60)
  /// How many failures are remembered.
  private static let mostKept = 32
  /// How many probes are remembered; at one a minute that is eight hours.
  private static let mostProbes = 500

  /// The failures since a job last got through, oldest first.
  public private(set) var failures: [Met] = []
  /// Whether the series closed the gate.
  public var hasClosed = false
  /// The newest probe that met it again.
  public var suspect: Suspect?
  /// The jobs that met what closes the gate at once.
  public internal(set) var selective = SelectiveAnswers()
  /// The jobs that met the outage as the probe since every waiting job had a turn.
  public private(set) var probes: [JobID] = []

  /// Creates one without failures.
  public init() {}

  /// Also reads what an older version wrote, with fewer fields.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    failures = try fields.decode([Met].self, forKey: .failures)
    hasClosed = try fields.decode(Bool.self, forKey: .hasClosed)
    suspect = try fields.decodeIfPresent(Suspect.self, forKey: .suspect)
    selective = try fields.decodeIfPresent(SelectiveAnswers.self, forKey: .selective) ?? SelectiveAnswers()
    probes = try fields.decodeIfPresent([JobID].self, forKey: .probes) ?? []
  }

  /// Whether there is nothing to remember.
  public var isEmpty: Bool { self == OutageSeries() }

  /// Adds the failure of a job behind an open gate.
  /// - Returns: whether that makes a series; if not, it counts against the job.
  mutating func meet(_ job: JobID, at now: Timestamp) -> Bool {
    if failures.contains(where: { $0.job == job }) { return true }
    // A clock that was set back does not make them older.
    let recent = failures.count { now - $0.at <= Self.window }
    if recent + 1 >= Self.enough { return true }
    failures = failures.suffix(Self.mostKept - 1) + [Met(job: job, at: now)]
    return false
  }

  /// A job got through behind an open gate.
  mutating func breakOff(_ job: JobID, _ passage: Passage, at now: Timestamp) {
    failures = []
    selective.getThrough(job, passage, at: now)
  }

  /// What is remembered once the gate is open.
  func outlived(by job: JobID, _ passage: Passage, at now: Timestamp) -> OutageSeries {
    var next = OutageSeries()
    next.selective = selective.outlived(by: job, passage, at: now)
    return next
  }

  /// Adds a job that met the outage as the probe; its second turn starts a new round.
  mutating func rest(_ job: JobID) {
    if probes.contains(job) || probes.count >= Self.mostProbes { probes = [] }
    probes.append(job)
  }
}
