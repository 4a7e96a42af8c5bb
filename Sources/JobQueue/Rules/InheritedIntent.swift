/// An intent without a result that outlives its job.
///
/// A job that was cancelled, or given up, may have asked for something that the provider makes later. The next job of the
/// same unique key takes over what is unresolved: its effects of these names look first, and the time in which the
/// provider may still act counts from the former request, as after an earlier attempt of its own.
public struct InheritedIntent: Sendable, Hashable {
  /// The effect's name inside its job.
  public var name: String
  /// When it was first intended.
  public var firstIntendedAt: Timestamp
  /// When a request for it may have left last.
  public var touchedAt: Timestamp
  /// How many times it was intended.
  public var intents: Int
  /// How many of these have an end that nobody knows.
  public var unsettled: Int

  /// How long beyond its retention a finished job with such an intent is kept, for the next job of its key: longer than
  /// providers are at work on a request.
  public static let retention: Duration = .seconds(3600)

  /// Creates an intent; used by stores.
  ///
  /// It includes the job's `attempts`, because a request may be sent as late as the end of the attempt that intended
  /// it.
  public init(
    name: String, firstIntendedAt: Timestamp, touchedAt: Timestamp, intents: Int, unsettled: Int,
    attempts: [(startedAt: Timestamp, endedAt: Timestamp?)] = []
  ) {
    self.name = name
    self.firstIntendedAt = firstIntendedAt
    let end = attempts.last { $0.startedAt <= touchedAt && $0.endedAt != nil }?.endedAt
    self.touchedAt = max(touchedAt, end ?? touchedAt)
    self.intents = intents
    self.unsettled = unsettled
  }

  /// What is known of the effect by it.
  public var record: EffectRecord {
    EffectRecord(name: name, firstIntendedAt: firstIntendedAt, touchedAt: touchedAt, intents: intents)
  }

  /// Together with what a job intended itself.
  public func merged(with own: InheritedIntent?) -> InheritedIntent {
    guard let own else { return self }
    var both = self
    both.firstIntendedAt = min(firstIntendedAt, own.firstIntendedAt)
    both.touchedAt = max(touchedAt, own.touchedAt)
    both.intents += own.intents
    both.unsettled += own.unsettled
    return both
  }

  /// Whether a checkpoint belongs to the effect and goes with its intent: those below the effect's name, as in
  /// `restream/asked-after`.
  public func owns(checkpoint key: String) -> Bool { key.hasPrefix("\(name)/") }
}
