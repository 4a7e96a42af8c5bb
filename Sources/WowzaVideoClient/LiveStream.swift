/// A live stream of an account.
public struct LiveStream: Sendable, Hashable {
  /// The server's id, also that of its transcoder.
  public var id: String
  /// Its name; the server picks it for a restream.
  public var name: String?
  /// The asset that it restreams; nil if not reported. Lists and the answer to a restream do not report it; whether the
  /// stream itself does differs among the vendor's pages.
  public var assetID: String?
  /// Its state, reported from 2.0 on; 1.x only has ``WowzaVideoClient/liveStreamState(_:)``.
  public var state: LiveStreamState?
  /// The HLS playback URL.
  public var playbackURL: String?
  /// Seconds since 1970.
  public var createdAt: Int64?
  /// Seconds since 1970.
  public var updatedAt: Int64?

  /// Reads an answer; nil without an id. Publishing credentials in it are not read.
  init?(_ value: VideoValue) {
    guard let id = value["id"]?.text, !id.isEmpty else { return nil }
    self.id = id
    name = value["name"]?.text
    assetID = value["asset_id"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    state = value["state"]?.text.map { LiveStreamState(told: $0) }
    playbackURL = value["player_hls_playback_url"]?.text
    createdAt = value["created_at"]?.instant
    updatedAt = value["updated_at"]?.instant
  }
}

/// What a live stream does; an open set of words.
///
///     stopped --start--> starting --(about a minute)--> started --stop--> stopping --> stopped
///     started --reset--> resetting --> started
///
/// A start that falls back to ``stopped`` has failed.
public struct LiveStreamState: RawRepresentable, Sendable, Hashable {
  /// The server's word.
  public let rawValue: String
  /// Wraps a word.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// The word as the service wrote it: its other records have their states in capitals. An unknown word stays as it is:
  /// after a change of case, a secret echoed in it would not be recognised.
  init(told word: String) {
    let known = [Self.stopped, .starting, .started, .stopping, .resetting]
    self = known.first { $0.rawValue == word.lowercased() } ?? Self(rawValue: word)
  }
  /// Costs nothing.
  public static let stopped = LiveStreamState(rawValue: "stopped")
  /// On the way to ``started``.
  public static let starting = LiveStreamState(rawValue: "starting")
  /// Live.
  public static let started = LiveStreamState(rawValue: "started")
  /// On the way to ``stopped``.
  public static let stopping = LiveStreamState(rawValue: "stopping")
  /// On the way back to ``started``.
  public static let resetting = LiveStreamState(rawValue: "resetting")
}

/// A live stream's state at one moment.
public struct LiveStreamStatus: Sendable, Hashable {
  /// The state.
  public var state: LiveStreamState
  /// The address of its machine; 0.0.0.0 unless started.
  public var ipAddress: String?
}
