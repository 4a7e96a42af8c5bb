public import JobQueue

/// What is known of a restream whatever becomes of its job: which job began it, and which live stream that made. Only the
/// jobs that restream write it.
public struct OnAirRecord: Codable, Sendable, Hashable {
  /// The collection of restreams that have an occurrence; keys are `<connection>/<occurrence>`.
  public static let collection = "on-air"
  /// The collection of those without one; keys are `<connection>/<asset>/<run>`.
  public static let runs = "restreams"

  /// How far it got.
  public enum State: String, Codable, Sendable {
    /// A live stream may have been asked for.
    case begun
    /// There is a live stream.
    case made
  }

  /// How far it got.
  public var state: State
  /// The job that began it last.
  public var job: JobID
  /// How many jobs have begun it, this one included: the number in that job's claim.
  public var number: Int
  /// When that job began.
  public var since: Timestamp
  /// The asset.
  public var assetID: String
  /// The live stream, once it is known. It is written in the commit of the effect's result, and so before the stream is
  /// first asked to start.
  public var liveStreamID: String?
}

extension OnAirRecord {
  /// The effect by which a job makes its live stream, or takes one over.
  static let effect = "restream"

  /// The claim of the effect that has a live stream.
  static func claim(_ connection: String, _ stream: String) -> String { "live-stream:\(connection):\(stream)" }
}

/// That a live stream is to stop. Only the jobs that stop write it, before they look at anything.
public struct OffAirRecord: Codable, Sendable, Hashable {
  /// The collection of stops of an occurrence; keys are `<connection>/<occurrence>`.
  public static let collection = "off-air"
  /// The collection of stops of a stream that was named by its id; keys are `<connection>/<id>`.
  public static let streams = "off-air-streams"

  /// How far it got.
  public enum State: String, Codable, Sendable {
    /// From now on nobody starts it.
    case stopping
    /// It is stopped, or there is nothing to stop.
    case stopped
  }

  /// How far it got.
  public var state: State
  /// The job that stops it.
  public var job: JobID
  /// Since when nobody is to start it.
  public var since: Timestamp
  /// The live stream; nil when none is known.
  public var liveStreamID: String?
}
