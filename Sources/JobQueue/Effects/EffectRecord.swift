/// What the store knows about one effect of a job.
public struct EffectRecord: Sendable, Hashable, Codable {
  /// The effect's name inside its job.
  public var name: String
  /// When it was first intended: nothing that we created can be older.
  public var firstIntendedAt: Timestamp
  /// When it was last intended, or last ended without a known result.
  public var touchedAt: Timestamp
  /// How many times it was intended.
  public var intents: Int
  /// The result as JSON text; nil means *unknown*: it may or may not have happened.
  public var result: String?
  /// How the result was obtained.
  public var origin: EffectOrigin?

  /// Creates a record; used by stores.
  public init(
    name: String, firstIntendedAt: Timestamp, touchedAt: Timestamp, intents: Int, result: String? = nil,
    origin: EffectOrigin? = nil
  ) {
    self.name = name
    self.firstIntendedAt = firstIntendedAt
    self.touchedAt = touchedAt
    self.intents = intents
    self.result = result
    self.origin = origin
  }
}

/// How an effect's result was obtained.
public enum EffectOrigin: String, Sendable, Hashable, Codable {
  /// We created it.
  case performed
  /// It was there when we looked, and is ours by its natural key.
  case adopted
}

/// An effect that happened, and how.
public struct EffectResult<Result: Sendable>: Sendable {
  /// What the provider holds.
  public var value: Result
  /// How it was obtained.
  public var origin: EffectOrigin

  /// Creates an effect that happened.
  public init(value: Result, origin: EffectOrigin) {
    self.value = value
    self.origin = origin
  }
}

extension EffectResult: Equatable where Result: Equatable {}

/// An error that knows whether the request behind it may have taken effect. Any other error counts as "may have".
public protocol EffectCertainty: Error {
  /// Whether the other side may have done what was asked.
  var mayHaveTakenEffect: Bool { get }
}

/// An error that knows whether it is the other side's answer, and not an outage. Any other error proves nothing.
public protocol ReachabilityEvidence: Error {
  /// Whether the other side is there and answers.
  var isAnAnswer: Bool { get }
}
