/// What a job found that means that nobody else will get through either.
public struct GateClosure: Sendable, Hashable, Codable {
  /// The longest wait between two probes, unless the other side asks for more.
  public static let cap: Duration = .seconds(60)

  /// The wait until the first probe; it doubles with each probe that fails.
  public var base: Duration
  /// The wait that the other side asked for; it wins.
  public var requested: Duration?
  /// What was met, in a sentence.
  public var why: String
  /// For a suspected outage: whether a single failure closes the gate, without a series. That is so if someone else
  /// answered in the other side's place, unless other jobs get through.
  public var closesAtOnce: Bool
  /// Whether it was the answer of a gateway or proxy, in the other side's place. That may come for some requests only, so
  /// a gate tries more jobs than one to find out.
  public var isByIntermediary: Bool
  /// Whether it speaks of the moment in which it was met, such as a wish for a slower pace, and not of what was asked for.
  /// Though others get past it, it never counts as a failure of its job.
  public var isMomentary: Bool
  /// What was asked for when it was met; nil where that says nothing of the cause. Who answers so at random meets now this
  /// request of a job and now that one; who filters, the same one each time.
  public var request: String?

  /// Creates a closure.
  /// - Parameters:
  ///   - base: the wait until the first probe.
  ///   - requested: the wait that the other side asked for.
  ///   - why: what was met, in a sentence.
  ///   - closesAtOnce: whether one such failure closes the gate, of a suspected outage.
  ///   - isByIntermediary: whether a gateway or proxy answered in the other side's place.
  ///   - isMomentary: whether it says nothing of what was asked for.
  ///   - request: what was asked for.
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

  /// The wait when the gate is closed for the `closures`th time in a row. There is no jitter: a single probe follows.
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
