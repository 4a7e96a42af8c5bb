public import JobQueue

/// What is known about a restream, whatever becomes of its job: which job started it, and which live stream that job
/// created. Only jobs that restream write it.
public struct OnAirRecord: Codable, Sendable, Hashable {
  /// The collection of restreams that have an occurrence; keys are `<connection>/<occurrence>`.
  public static let collection = "on-air"
  /// The collection of restreams without an occurrence; keys are `<connection>/<asset>/<run>`.
  public static let runs = "restreams"

  /// How far it got.
  public enum State: String, Codable, Sendable {
    /// A live stream may have been requested.
    case begun
    /// There is a live stream.
    case made
  }

  /// How far it got.
  public var state: State
  /// The last job that started it.
  public var job: JobID
  /// How many jobs have started it, including this one: the number in that job's claim.
  public var number: Int
  /// When that job started.
  public var since: Timestamp
  /// The asset.
  public var assetID: String
  /// The live stream, once it is known. It is written in the commit of the effect's result, and so before the stream's
  /// start is first requested.
  public var liveStreamID: String?
}

extension OnAirRecord {
  /// The effect with which a job creates its live stream, or adopts one.
  static let effect = "restream"

  /// The claim of the effect that has the live stream.
  static func claim(_ connection: String, _ stream: String) -> String { "live-stream:\(connection):\(stream)" }
}

/// The record that a live stream is to stop. Only jobs that stop write it, before they look at anything.
public struct OffAirRecord: Codable, Sendable, Hashable {
  /// The collection of stops of an occurrence; keys are `<connection>/<occurrence>`.
  public static let collection = "off-air"
  /// The collection of stops of a stream that was given by its id; keys are `<connection>/<id>`.
  public static let streams = "off-air-streams"

  /// How far it got.
  public enum State: String, Codable, Sendable {
    /// From now on no job starts it.
    case stopping
    /// It is stopped, or there is nothing to stop.
    case stopped
  }

  /// How far it got.
  public var state: State
  /// The job that stops it.
  public var job: JobID
  /// Since when no job may start it.
  public var since: Timestamp
  /// The live stream; nil if none is known.
  public var liveStreamID: String?
}
