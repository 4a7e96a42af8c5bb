public import JobQueue

/// The result of `stop-live-stream`.
public struct StopResult: Codable, Sendable, Hashable {
  /// What became of the live stream.
  public enum State: String, Codable, Sendable {
    /// It is stopped.
    case stopped
    /// It was deleted.
    case gone
    /// There is none.
    case absent = "none"
  }

  /// The Wowza Video account's connection.
  public var connection: String
  /// The occurrence, if it was given.
  public var occurrence: String?
  /// The live stream.
  public var liveStreamID: String?
  /// What became of it.
  public var state: State
  /// Whether nothing was requested because it was already so.
  public var unchanged: Bool
  /// Why there is no live stream.
  public var reason: String?
  /// The job that started it, if this queue knows it.
  public var startJob: JobID?
}
