/// A place in the engine where a crash would be most awkward. The test kit cuts the process at each.
public struct FaultPoint: RawRepresentable, Sendable, Hashable {
  /// The point's stable word.
  public let rawValue: String

  /// Creates a point from its word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Looked, found nothing, intent not written yet.
  public static let beforeIntent = FaultPoint(rawValue: "before-intent")
  /// Intent written, nothing sent yet.
  public static let intentWritten = FaultPoint(rawValue: "intent-written")
  /// The provider answered, result not written yet.
  public static let effectPerformed = FaultPoint(rawValue: "effect-performed")
  /// Result written, job not completed yet.
  public static let resultRecorded = FaultPoint(rawValue: "result-recorded")
  /// A checkpoint was written.
  public static let checkpointWritten = FaultPoint(rawValue: "checkpoint-written")
  /// The job was leased, the handler not started yet.
  public static let leased = FaultPoint(rawValue: "leased")
  /// The handler returned, its completion not written yet.
  public static let beforeCompletion = FaultPoint(rawValue: "before-completion")
  /// The completion is written.
  public static let completed = FaultPoint(rawValue: "completed")

  /// Every point, in the order of a job's walk.
  public static let all: [FaultPoint] = [
    .leased, .beforeIntent, .intentWritten, .effectPerformed, .resultRecorded, .checkpointWritten, .beforeCompletion,
    .completed,
  ]
}

/// Decides what happens at a fault point.
public protocol FaultInjector: Sendable {
  /// Called when a fault point is reached. Returns, throws, or ends the process.
  func reached(_ point: FaultPoint) async throws
}

/// Production: nothing happens.
public struct NoFaults: FaultInjector {
  /// Creates it.
  public init() {}
  /// Does nothing.
  public func reached(_ point: FaultPoint) async throws {}
}
