/// The way to one provider account or host, for all jobs that name it. While it is closed none of them is leased, so an
/// outage costs no job an attempt; a single probe opens it again.
///
/// ```
///          a job met the outage,            the time is over
///          or a person closed it
///   open ----------------------> closed ----------------------> half-open: one job may run, the probe
///    ^                             ^                              |     |
///    |                             +--- the probe met it again ---+     |
///    +------------------------------ the probe met an answer -----------+
/// ```
///
/// A probe that ends without either, because it asked nobody or nobody can know, makes room for the next one. After a
/// probe that met the outage the next one is another job, when one waits behind the gate, one that did not meet it yet and
/// asks for something else, ``ProbePreference``: what some jobs alone meet does not hold up the others.
public struct Gate: Sendable, Hashable, Codable {
  /// Whether jobs may pass.
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// All may.
    case open
    /// None may.
    case closed
    /// One may, to see whether the others would get through.
    case halfOpen = "half-open"
  }

  /// What it leads to, such as `engine:fra1`.
  public var key: String
  /// Whether jobs may pass.
  public var state: State
  /// When it was last closed; nil when it never was.
  public var closedAt: Timestamp?
  /// When the next probe may run; nil while it stays closed until an operator opens it, and while it is not closed.
  public var until: Timestamp?
  /// Why it was last closed, in a sentence.
  public var reason: String
  /// Whether an operator closed it.
  public var closedManually: Bool
  /// How often in a row it was closed: 1, and one more for each probe that failed.
  public var closures: Int
  /// The lease of the probe; it counts while that job runs under it.
  public var probe: Lease?
  /// The job that met the outage last and waits behind the gate since: others go first.
  public var lastProbe: JobID?
  /// The failures that may be an outage.
  public var series = OutageSeries()

  /// Creates a gate that was never closed.
  public init(key: String) {
    self.key = key
    state = .open
    reason = ""
    closedManually = false
    closures = 0
  }
}

/// A gate and who waits behind it.
public struct GateStatus: Sendable, Hashable, Codable {
  /// No store counts further than this.
  public static let mostCounted = 10_000

  /// The gate.
  public var gate: Gate
  /// How many ready jobs wait behind it; ``mostCounted`` stands for "that many or more".
  public var waiting: Int

  /// Creates a status; used by stores.
  public init(gate: Gate, waiting: Int) {
    self.gate = gate
    self.waiting = waiting
  }
}
