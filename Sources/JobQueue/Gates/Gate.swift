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
/// A probe that ends without either, because it asked nobody or nobody can know, makes room for the next one.
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
  /// When the next probe may run; nil while it stays closed until a person opens it, and while it is not closed.
  public var until: Timestamp?
  /// Why it was last closed, in a sentence.
  public var reason: String
  /// Whether a person closed it.
  public var isByPerson: Bool
  /// How often in a row it was closed: 1, and one more for each probe that failed.
  public var closures: Int
  /// The lease of the probe; it counts while that job runs under it.
  public var probe: Lease?

  /// Creates a gate that was never closed.
  public init(key: String) {
    self.key = key
    state = .open
    reason = ""
    isByPerson = false
    closures = 0
  }
}

extension Gate {
  /// A job met the outage.
  ///
  /// Only the first one and a probe make the wait longer: what was on its way when the gate closed says nothing new but
  /// the time that the provider asks for. A person's closure keeps its reason, and a later end.
  public mutating func close(_ closure: GateClosure, lease: Lease, at now: Timestamp) {
    switch state {
    case .open:
      closures = 1
      isByPerson = false
      shut(until: now + closure.duration(afterClosures: 1), closure.why, at: now)
    case .halfOpen where probe == lease:
      closures += 1
      isByPerson = false
      shut(until: now + closure.duration(afterClosures: closures), closure.why, at: now)
    case .halfOpen, .closed:
      if let requested = closure.requested, let end = until { until = max(end, now + requested) }
    }
  }

  /// A person closes it.
  /// - Parameter end: when the next probe may run; nil to leave it closed until a person opens it.
  public mutating func close(until end: Timestamp?, reason: String, at now: Timestamp) {
    closures = 1
    isByPerson = true
    shut(until: end, reason, at: now)
  }

  /// All may pass.
  public mutating func open() {
    state = .open
    until = nil
    probe = nil
    closures = 0
  }

  /// The time is over: the next job that is leased is the probe.
  public mutating func letProbe() {
    state = .halfOpen
    until = nil
    probe = nil
  }

  private mutating func shut(until end: Timestamp?, _ why: String, at now: Timestamp) {
    state = .closed
    closedAt = now
    until = end
    reason = why
    probe = nil
  }
}

/// A gate and who waits behind it.
public struct GateStatus: Sendable, Hashable, Codable {
  /// No store counts further than this.
  public static let mostCounted = 10_000

  /// The gate.
  public var gate: Gate
  /// How many ready jobs wait behind it; ``mostCounted`` stands for "so many or more".
  public var waiting: Int

  /// Creates a status; used by stores.
  public init(gate: Gate, waiting: Int) {
    self.gate = gate
    self.waiting = waiting
  }
}
