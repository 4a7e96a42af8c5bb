/// How the stand-in for Wowza Video behaves.
struct VideoSettings: Codable, Sendable, Equatable {
  /// What happens to a live stream after a start.
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

  /// How a live stream reports its asset: the specification has the field, the vendor's guide does not show it.
  enum AssetTelling: String, Codable, Sendable {
    case told, missing, null
  }

  /// Where `created_at` of a live stream is shown.
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

  /// What happens at a start of a stream that is starting or started.
  enum RepeatedStart: String, Codable, Sendable {
    case refused, accepted
  }

  /// What happens at a stop of a stream that is still starting: no vendor's page says so.
  enum EarlyStop: String, Codable, Sendable {
    case accepted, refused
  }

  /// What `pagination` of a list contains.
  enum Pagination: String, Codable, Sendable {
    case full
    /// Page and page size only.
    case noTotals
    case empty, null, missing
    /// Every number is 0.
    case zero
    /// Totals of 1, whatever the real ones.
    case tooSmall
    /// Totals that are one record and one page too large.
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
  /// For how many seconds a GET may show an older answer; 1 at the real service, 0 for none.
  var cacheSeconds = 0.0
  var liveStreamAsset = AssetTelling.told
  var liveStreamCreation = CreationTelling.everywhere
  /// By how many seconds `created_at` of a live stream is ahead of the clock in `Date`.
  var creationShift = 0.0
  /// For how many seconds a new live stream or target is in the lists but answered with 404 by its id.
  var hiddenSeconds = 0.0
  /// By how many seconds the reported state of a live stream lags behind.
  var stateLag = 0.0
  var repeatedStart = RepeatedStart.refused
  var earlyStop = EarlyStop.accepted
  var targetFields = TargetFields.all
  var pagination = Pagination.full
  /// The maximum number of records per page, whatever is requested.
  var mostPerPage = 1000
  /// Whether `per_page` in `pagination` repeats the requested value instead of the one that is used.
  var echoesPerPage = false
  /// Whether each page is the first one.
  var ignoresPage = false
  /// Whether everything is on one page, whatever is requested.
  var ignoresPerPage = false
  /// Whether a page after the last is answered with 404.
  var refusesPagesBehind = false
  /// Whether a page after the last is the last one again.
  var repeatsLastPage = false
}
