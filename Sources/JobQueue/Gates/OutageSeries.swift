/// Failures that may be one job's own or everybody's, such as a 500 or a hanging server: of one nobody knows, a series of
/// them with nobody getting through in between is an outage.
///
/// It is kept with the gate, so that all workers count together. Each job stands in it once: its second failure in a row
/// closes the gate, and so does the third of several jobs within ``window``. So an outage costs a job one failure at most.
///
/// A failure that closes the gate at once, such as a gateway's page, counts nothing. But a filter on the way may refuse the
/// request of one job only, for ever: when another job gets through right after it, the next such failure of that job is
/// one like others, and counts when it is no series.
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

  /// The failures since somebody got through last, oldest first.
  public private(set) var failures: [Met] = []
  /// Whether the gate was closed by it.
  public var hasClosed = false
  /// The newest probe that met it again.
  public var suspect: Suspect?
  /// Who closed the gate at once since it was open, oldest first.
  public private(set) var turnedAway: [Met] = []
  /// Those past whom another job got right after.
  public private(set) var doubted: [Met] = []
  /// Who met the outage since all who wait had a turn as the probe.
  public private(set) var probes: [JobID] = []

  /// How long it is remembered past whom others got.
  public static let memory: Duration = .seconds(3600)

  /// Creates one without failures.
  public init() {}

  /// Reads what a version may have written that knew less.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    failures = try fields.decode([Met].self, forKey: .failures)
    hasClosed = try fields.decode(Bool.self, forKey: .hasClosed)
    suspect = try fields.decodeIfPresent(Suspect.self, forKey: .suspect)
    turnedAway = try fields.decodeIfPresent([Met].self, forKey: .turnedAway) ?? []
    doubted = try fields.decodeIfPresent([Met].self, forKey: .doubted) ?? []
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

  /// Somebody got through.
  mutating func breakOff(_ job: JobID) {
    failures = []
    doubted.removeAll { $0.job == job }
  }

  /// Whether others got past what this job met, not long ago.
  public func doubts(_ job: JobID, at now: Timestamp) -> Bool {
    doubted.contains { $0.job == job && now - $0.at <= Self.memory }
  }

  /// Takes in a job that closed the gate at once.
  mutating func turnAway(_ job: JobID, at now: Timestamp) {
    turnedAway = (turnedAway.filter { $0.job != job } + [Met(job: job, at: now)]).suffix(Self.mostKept)
  }

  /// What is remembered once the gate is open: past whom this job got. Of those that were turned away that is the newest,
  /// and whoever was within ``window``: before, it may have been the outage.
  func outlived(by job: JobID, at now: Timestamp) -> OutageSeries {
    let newest = turnedAway.last { $0.job != job }
    let passed = turnedAway.filter { $0.job != job && ($0 == newest || now - $0.at <= Self.window) }
    let known = doubted.filter { one in
      one.job != job && now - one.at <= Self.memory && !passed.contains { $0.job == one.job }
    }
    var next = OutageSeries()
    next.doubted = (known + passed.map { Met(job: $0.job, at: now) }).suffix(Self.mostKept)
    return next
  }

  /// Takes in a job that met the outage as the probe; with its second turn a new round begins.
  mutating func rest(_ job: JobID) {
    if probes.contains(job) || probes.count >= Self.mostProbes { probes = [] }
    probes.append(job)
  }
}
