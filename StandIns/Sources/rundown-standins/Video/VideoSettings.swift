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

  /// How a live stream tells its asset: the specification has the field, the vendor's guide does not show it.
  enum AssetTelling: String, Codable, Sendable {
    case told, missing, null
  }

  /// Where `created_at` of a live stream stands.
  enum CreationTelling: String, Codable, Sendable {
    case everywhere
    /// Not in lists.
    case record
    case nowhere
  }

  /// Which fields a CDN target has: all of the specification, or those of the guide's sample answer.
  enum TargetFields: String, Codable, Sendable {
    case all, guide
  }

  /// What becomes of a start of a stream that is starting or started.
  enum RepeatedStart: String, Codable, Sendable {
    case refused, accepted
  }

  /// What becomes of a stop of a stream that is still starting: no vendor's page says.
  enum EarlyStop: String, Codable, Sendable {
    case accepted, refused
  }

  /// What `pagination` of a list holds.
  enum Pagination: String, Codable, Sendable {
    case full
    /// Page and page size only.
    case noTotals
    case empty, null, missing
    /// Every number is 0.
    case zero
    /// Totals of 1, however many there are.
    case tooSmall
    /// Totals of one record and one page more than there are.
    case tooLarge
    /// Totals of one page and of the records on it.
    case ownPage
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
  var liveStreamAsset = AssetTelling.told
  var liveStreamCreation = CreationTelling.everywhere
  /// Seconds by which `created_at` of a live stream is ahead of the clock that stands in `Date`.
  var creationShift = 0.0
  /// Seconds for which a new live stream or target is in the lists and is answered with 404 by its id.
  var hiddenSeconds = 0.0
  /// Seconds by which the state of a live stream lags behind what it does.
  var stateLag = 0.0
  var repeatedStart = RepeatedStart.refused
  var earlyStop = EarlyStop.accepted
  var targetFields = TargetFields.all
  var pagination = Pagination.full
  /// Records of a page at most, whatever is asked for.
  var mostPerPage = 1000
  /// Whether `per_page` in `pagination` repeats what was asked for and not what is used.
  var echoesPerPage = false
  /// Whether each page is the first one.
  var ignoresPage = false
  /// Whether everything is one page, whatever is asked for.
  var ignoresPerPage = false
  /// Whether a page behind the last is answered with 404.
  var refusesPagesBehind = false
  /// Whether a page behind the last is the last one again.
  var repeatsLastPage = false
}
