import HTTPTransport
import JobQueue
import WowzaVideoClient

/// What was there before a job first asked for its live stream: none of it can be the job's.
///
/// What is there later and was not listed then may be the job's, whatever its date says: `created_at` may be told in another
/// zone's time, or by another clock than the one that the service answers with. The ids cost nothing more, since the list
/// is read anyway; the date keeps them few, and speaks alone only where the list could not be read.
struct BeforeAsking: Codable, Sendable {
  /// By the provider's clock; seconds since 1970. Nil when it did not tell its time.
  var date: Int64?
  /// The ids of the live streams made since ``earliest``, as far as their dates say so. Nil when they could not be listed.
  var streams: Set<String>?
  /// Where the list began that was looked at; nil in what earlier versions wrote.
  private var since: Int64?

  /// Below the effect's name, so that it goes with the intent to the next job of the key (``InheritedIntent``).
  private static let checkpoint = "\(RestreamAssetHandler.effect)/before-asking"
  /// Seconds by which `created_at` of a stream of ours is behind the provider's clock at the very most: a day, which no
  /// zone's time differs by.
  private static let farthest: Int64 = 86_400
  /// Seconds by which it may usually lag behind or lead that clock.
  private static let usual: Int64 = 90
  /// Ids that are kept at most; the store takes no checkpoint of more than a mebibyte.
  private static let mostStreams = 20_000

  init(date: Int64?) {
    self.date = date
    since = date.map { $0 - Self.farthest }
  }

  /// The moment of which what was made earlier, by its own word, is surely not ours; nil when no moment says so.
  var earliest: Int64? { since ?? date.map { $0 - Self.usual } }

  /// Whether a stream of the job's asset that was not listed before is the job's: where nothing could be listed, only its
  /// date tells it from one that somebody made earlier that day, and without one nothing does.
  func speaksForOurs(_ stream: LiveStream) -> Bool {
    guard streams == nil else { return true }
    guard let date, let made = stream.createdAt else { return false }
    return made >= date - Self.usual
  }

  /// What the job wrote down before it first asked.
  static func written(in context: JobContext) async throws -> BeforeAsking {
    try await context.checkpoint(checkpoint, as: BeforeAsking.self) ?? BeforeAsking(date: nil)
  }

  /// Looks, and writes down what is there.
  ///
  /// It is evidence for after a lost answer and nothing else: an account that cannot list makes the live stream all the
  /// same.
  static func write(at date: Int64?, _ video: WowzaVideoClient, in context: JobContext) async throws {
    var before = BeforeAsking(date: date)
    do {
      let streams = try await video.liveStreams(createdSince: before.earliest)
      if streams.count <= mostStreams { before.streams = Set(streams.map(\.id)) }
    } catch let error as ProviderError where isUseless(error) {
      context.note("the existing live streams could not be listed: \(error.message)")
    }
    try await context.checkpoint(checkpoint, before)
  }

  private static func isUseless(_ error: ProviderError) -> Bool {
    [ListFailure.incomplete, ListFailure.tooLong, "undecodable-answer"].contains(error.code)
      || FailureClassifier.row(for: error).means == .dead
  }
}
