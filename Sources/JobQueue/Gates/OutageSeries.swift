/// Failures that may be one job's own or everybody's, such as a 500 or a hanging server: of one nobody knows, a series of
/// them with nobody getting through in between is an outage.
///
/// It is kept with the gate, so that all workers count together. Each job stands in it once: its second failure in a row
/// closes the gate, and so does the third of several jobs within ``window``. So an outage costs a job one failure at most.
///
/// A failure that closes the gate at once, such as a gateway's page, stands in no series: ``SelectiveAnswers`` says who met
/// it alone.
public struct OutageSeries: Sendable, Hashable, Codable {
  /// A failure that was counted against its job.
  public struct Met: Sendable, Hashable, Codable {
    /// The job.
    public var job: JobID
    /// When its attempt ended.
    public var at: Timestamp
  }

  /// The failure of a probe, which is its job's own when the next one gets through.
  public struct Suspect: Sendable, Hashable, Codable {
    /// The job.
    public var job: JobID
    /// The lease of the probe: the job must not have run since.
    public var token: Int64
    /// What it met.
    public var failure: Failure
  }

  /// So many failures of several jobs are a series, ...
  public static let enough = 3
  /// ... when they come within this time.
  public static let window: Duration = .seconds(60)
  /// How many are remembered.
  private static let mostKept = 32
  /// So many probes are remembered; with one a minute that is eight hours.
  private static let mostProbes = 500

  /// The failures since a job last got through, oldest first.
  public private(set) var failures: [Met] = []
  /// Whether the gate was closed by it.
  public var hasClosed = false
  /// The newest probe that met it again.
  public var suspect: Suspect?
  /// Who met what closes the gate at once.
  public internal(set) var selective = SelectiveAnswers()
  /// Who met the outage since all who wait had a turn as the probe.
  public private(set) var probes: [JobID] = []

  /// Creates one without failures.
  public init() {}

  /// Reads what a version may have written that knew less.
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

  /// Takes in the failure of a job behind an open gate.
  /// - Returns: whether that makes a series; if not, it counts against the job.
  mutating func meet(_ job: JobID, at now: Timestamp) -> Bool {
    if failures.contains(where: { $0.job == job }) { return true }
    // A clock that was set back makes them no older.
    let recent = failures.count { now - $0.at <= Self.window }
    if recent + 1 >= Self.enough { return true }
    failures = failures.suffix(Self.mostKept - 1) + [Met(job: job, at: now)]
    return false
  }

  /// Somebody got through behind an open gate.
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

  /// Takes in a job that met the outage as the probe; with its second turn a new round begins.
  mutating func rest(_ job: JobID) {
    if probes.contains(job) || probes.count >= Self.mostProbes { probes = [] }
    probes.append(job)
  }
}
