import HTTPTransport
import JobQueue
import WowzaVideoClient

/// What was there before a job first asked for its live stream: none of it can be the job's.
struct BeforeAsking: Codable, Sendable {
  /// By the provider's clock; seconds since 1970. Nil when it did not tell its time.
  var date: Int64?
  /// The ids of the live streams that the date alone does not tell apart. Nil when they could not be listed.
  var streams: Set<String>?

  /// Below the effect's name, so that it goes with the intent to the next job of the key (``InheritedIntent``).
  private static let checkpoint = "\(RestreamAssetHandler.effect)/before-asking"
  /// Seconds by which `created_at` may lag behind or lead the clock that the provider answers with.
  private static let tolerance: Int64 = 90
  /// Ids that are kept at most; the store takes no checkpoint of more than a mebibyte.
  private static let mostStreams = 20_000

  /// The moment of which what was made earlier is surely not ours; nil when no moment says so.
  var earliest: Int64? { date.map { $0 - Self.tolerance } }

  /// What the job wrote down before it first asked.
  static func written(in context: JobContext) async throws -> BeforeAsking {
    try await context.checkpoint(checkpoint, as: BeforeAsking.self) ?? BeforeAsking(date: nil, streams: nil)
  }

  /// Looks, and writes down what is there.
  ///
  /// It is evidence for after a lost answer and nothing else: an account that cannot list makes the live stream all the
  /// same.
  static func write(at date: Int64?, _ video: WowzaVideoClient, in context: JobContext) async throws {
    var before = BeforeAsking(date: date, streams: nil)
    do {
      let streams = try await video.liveStreams(createdSince: before.earliest)
      if streams.count <= mostStreams { before.streams = Set(streams.map(\.id)) }
    } catch let error as ProviderError where isUseless(error) {
      context.note("the live streams that are there could not be listed: \(error.message)")
    }
    try await context.checkpoint(checkpoint, before)
  }

  private static func isUseless(_ error: ProviderError) -> Bool {
    [ListFailure.incomplete, ListFailure.tooLong, "undecodable-answer"].contains(error.code)
      || FailureClassifier.row(for: error).means == .dead
  }
}
