/// An intent without a result that outlives its job.
///
/// A job that was cancelled, or given up, may have requested something that the provider creates later. The next job
/// with the same unique key takes over what is unresolved: its effects with these names look first, and the time in
/// which the provider may still act counts from the earlier request, as after an earlier attempt of its own.
public struct InheritedIntent: Sendable, Hashable {
  /// The effect's name inside its job.
  public var name: String
  /// When it was first intended.
  public var firstIntendedAt: Timestamp
  /// The latest time at which a request for it may have been sent.
  public var touchedAt: Timestamp
  /// How many times it was intended.
  public var intents: Int
  /// How many of these have an unknown outcome.
  public var unsettled: Int

  /// How long beyond its retention a finished job with such an intent is kept, for the next job with its key: longer
  /// than providers work on a request.
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

  /// The effect's record that follows from it.
  public var record: EffectRecord {
    EffectRecord(name: name, firstIntendedAt: firstIntendedAt, touchedAt: touchedAt, intents: intents)
  }

  /// Combines it with a job's own intent.
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
