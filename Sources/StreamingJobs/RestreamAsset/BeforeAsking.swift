import HTTPTransport
import JobQueue
import WowzaVideoClient

/// What existed before a job first requested its live stream: none of it can be the job's.
///
/// A stream that exists later and was not listed then may be the job's, whatever its date says: `created_at` may be in
/// another time zone, or from another clock than the one that the service's responses use. The ids cost nothing extra,
/// since the list is read anyway; the date keeps them few, and decides alone only if the list could not be read.
struct BeforeAsking: Codable, Sendable {
  /// By the provider's clock; seconds since 1970. Nil if it did not report its time.
  var date: Int64?
  /// The ids of the live streams created since ``earliest``, as far as their dates say so. Nil if they could not be
  /// listed.
  var streams: Set<String>?
  /// Where the list that was read starts; nil in records of earlier versions.
  private var since: Int64?

  /// Below the effect's name, so that it passes with the intent to the next job of the key (``InheritedIntent``).
  private static let checkpoint = "\(OnAirRecord.effect)/before-asking"
  /// The maximum number of seconds by which `created_at` of a stream of ours may be behind the provider's clock: a day,
  /// which is more than any time zone's difference.
  private static let farthest: Int64 = 86_400
  /// The number of seconds by which it may usually lag behind or lead that clock.
  private static let usual: Int64 = 90
  /// The maximum number of ids kept; the store accepts no checkpoint of more than a mebibyte.
  private static let mostStreams = 20_000

  init(date: Int64?) {
    self.date = date
    since = date.map { $0 - Self.farthest }
  }

  /// A stream whose own date is before this time is certainly not ours; nil if there is no such time.
  var earliest: Int64? { since ?? date.map { $0 - Self.usual } }

  /// Whether a stream of the job's asset that was not listed before is the job's. If nothing could be listed, only its
  /// date distinguishes it from one that someone created earlier that day; without a date, nothing does.
  func speaksForOurs(_ stream: LiveStream) -> Bool {
    guard streams == nil else { return true }
    guard let date, let made = stream.createdAt else { return false }
    return made >= date - Self.usual
  }

  /// What the job recorded before its first request.
  static func written(in context: JobContext) async throws -> BeforeAsking {
    try await context.checkpoint(checkpoint, as: BeforeAsking.self) ?? BeforeAsking(date: nil)
  }

  /// What another job recorded before its first request.
  static func written(in journal: Journal) throws -> BeforeAsking {
    try journal.checkpoints[checkpoint].map { try JSONText.decode(BeforeAsking.self, from: $0) }
      ?? BeforeAsking(date: nil)
  }

  /// Looks, and records what exists.
  ///
  /// It is only evidence for after a lost response: an account that cannot list creates the live stream all the same.
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
