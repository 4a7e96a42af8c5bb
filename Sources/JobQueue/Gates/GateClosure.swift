/// What a job found that means that nobody else will get through either.
public struct GateClosure: Sendable, Hashable, Codable {
  /// The longest wait between two probes, unless the other side asks for more.
  public static let cap: Duration = .seconds(60)

  /// The wait until the first probe; it doubles with each failed probe.
  public var base: Duration
  /// The wait that the other side asked for; it takes precedence.
  public var requested: Duration?
  /// What the job met, in a sentence.
  public var why: String
  /// For a suspected outage: whether a single failure closes the gate, without a series. That is so if someone else
  /// answered in the other side's place, unless other jobs get through.
  public var closesAtOnce: Bool
  /// Whether a gateway or proxy answered in the other side's place. That may affect only some requests, so a gate tries
  /// more than one job to find out.
  public var isByIntermediary: Bool
  /// Whether it concerns only the time at which it was met, such as a wish for a slower pace, and not the request. Even
  /// if others get through, it never counts as a failure of its job.
  public var isMomentary: Bool
  /// The request that met it; nil if that does not point to the cause. If such answers come at random, different
  /// requests of a job meet them; if they come from a filter, the same request meets them each time.
  public var request: String?

  /// Creates a closure.
  /// - Parameters:
  ///   - base: the wait until the first probe.
  ///   - requested: the wait that the other side asked for.
  ///   - why: what the job met, in a sentence.
  ///   - closesAtOnce: for a suspected outage, whether one such failure closes the gate.
  ///   - isByIntermediary: whether a gateway or proxy answered in the other side's place.
  ///   - isMomentary: whether it has nothing to do with the request.
  ///   - request: the request that met it.
  public init(
    base: Duration, requested: Duration? = nil, why: String, closesAtOnce: Bool = false, isByIntermediary: Bool = false,
    isMomentary: Bool = false, request: String? = nil
  ) {
    self.base = base
    self.requested = requested
    self.why = why
    self.closesAtOnce = closesAtOnce
    self.isByIntermediary = isByIntermediary
    self.isMomentary = isMomentary
    self.request = request
  }

  /// The wait if the gate is closed for the `closures`th time in a row. It has no jitter, because only a single probe
  /// follows.
  public func duration(afterClosures closures: Int) -> Duration {
    if let requested { return max(requested, .zero) }
    var wait = base
    var left = max(0, closures - 1)
    while left > 0, wait < Self.cap {
      wait = wait * 2
      left -= 1
    }
    return max(min(wait, Self.cap), base)
  }
}
