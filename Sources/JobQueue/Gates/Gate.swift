/// The way to one provider account or host, for all jobs that name it. While it is closed, none of them is leased, so
/// an outage costs no job an attempt; a single probe opens it again.
///
/// ```
///          a job met the outage,            the time is over
///          or an operator closed it
///   open ----------------------> closed ----------------------> half-open: one job may run, the probe
///    ^                             ^                              |     |
///    |                             +--- the probe met it again ---+     |
///    +------------------------------ the probe met an answer -----------+
/// ```
///
/// A probe that ends without either, because it sent no request or the outcome is unknown, makes room for the next one.
/// After a probe that met the outage, the next one is another job if one waits behind the gate, preferably one that did
/// not meet it yet and requests something else (``ProbePreference``): what only some jobs meet does not hold up the
/// others.
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
  /// When it was last closed; nil if it never was.
  public var closedAt: Timestamp?
  /// When the next probe may run; nil while it stays closed until an operator opens it, and while it is not closed.
  public var until: Timestamp?
  /// Why it was last closed, in a sentence.
  public var reason: String
  /// Whether an operator closed it.
  public var closedManually: Bool
  /// How often in a row it was closed: 1, plus one for each failed probe.
  public var closures: Int
  /// The lease of the probe; it counts while the job runs under it.
  public var probe: Lease?
  /// The job that met the outage last and has waited behind the gate since then: others go first.
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

/// A gate and how many jobs wait behind it.
public struct GateStatus: Sendable, Hashable, Codable {
  /// The number at which every store stops counting.
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
