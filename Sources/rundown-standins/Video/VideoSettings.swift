/// How the stand-in of Wowza Video behaves.
struct VideoSettings: Codable, Sendable, Equatable {
  /// What becomes of a live stream that was told to start.
  enum StartOutcome: String, Codable, Sendable {
    case started
    /// Falls back to `stopped` after the delay: a failed start.
    case stopped
    /// Stays in `starting`.
    case stuck
  }

  /// The wrapper of the answer to a restream: the specification and the vendor's article differ.
  enum RestreamWrapper: String, Codable, Sendable {
    case one = "live_stream"
    case many = "live_streams"
  }

  /// Seconds from the start to `started`; a real one takes about a minute.
  var startDelay = 3.0
  /// Seconds in `stopping`; 0 shows `stopped` at once.
  var stopDelay = 0.0
  var startOutcome = StartOutcome.started
  var restreamWrapper = RestreamWrapper.one
  /// Live streams that may be created within the window.
  var liveStreamLimit = 10
  /// Seconds of that window.
  var liveStreamWindow = 10_800.0
  /// Seconds for which a GET may show an older answer; 1 at the real service, 0 for none.
  var cacheSeconds = 0.0
}
