/// A place in the engine where a crash would do most harm. The test kit cuts the process at each.
public struct FaultPoint: RawRepresentable, Sendable, Hashable {
  /// The point's stable word.
  public let rawValue: String

  /// Creates a point from its word.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A look found nothing; the intent is not written yet.
  public static let beforeIntent = FaultPoint(rawValue: "before-intent")
  /// The intent is written; nothing is sent yet.
  public static let intentWritten = FaultPoint(rawValue: "intent-written")
  /// The provider answered; the result is not written yet.
  public static let effectPerformed = FaultPoint(rawValue: "effect-performed")
  /// The result is written; the job is not completed yet.
  public static let resultRecorded = FaultPoint(rawValue: "result-recorded")
  /// A checkpoint was written.
  public static let checkpointWritten = FaultPoint(rawValue: "checkpoint-written")
  /// The job was leased; the handler has not started yet.
  public static let leased = FaultPoint(rawValue: "leased")
  /// The handler returned; its completion is not written yet.
  public static let beforeCompletion = FaultPoint(rawValue: "before-completion")
  /// The completion is written.
  public static let completed = FaultPoint(rawValue: "completed")

  /// Every point, in the order in which a job passes them.
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

/// For production: nothing happens.
public struct NoFaults: FaultInjector {
  /// Creates it.
  public init() {}
  /// Does nothing.
  public func reached(_ point: FaultPoint) async throws {}
}
