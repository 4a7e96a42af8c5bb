import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Searches the account for what a start may have left on air if the start is gone and recorded no live stream.
struct AccountLook {
  let video: WowzaVideoClient
  let connection: String
  let start: OnAirRecord
  /// What existed before the start requested anything.
  let before: BeforeAsking
  let context: JobContext

  private static let mostLooks = 200

  /// Names the streams on air that may be the start's; nil if there are none.
  ///
  /// A stream may be the start's if it is new since the start's request, restreams the start's asset or does not report
  /// its asset, and belongs to no other job.
  func onAir() async throws -> String? {
    let listed = try await WholeList(context: context).look {
      try await video.liveStreams(createdSince: before.earliest)
    }
    var named: [String] = []
    for stream in listed.suffix(Self.mostLooks) where before.streams?.contains(stream.id) != true {
      guard try await context.claimant(of: OnAirRecord.claim(connection, stream.id)) == nil else { continue }
      guard case .seen(let whole) = try await video.sightOfLiveStream(stream.id) else { continue }
      guard whole.assetID == nil || whole.assetID == start.assetID else { continue }
      guard let state = try await state(of: whole), state != .stopped else { continue }
      named.append("\(stream.id) (\(state.rawValue))")
    }
    return named.isEmpty ? nil : named.joined(separator: ", ")
  }

  /// Nil if it was removed in between.
  private func state(of stream: LiveStream) async throws -> LiveStreamState? {
    if let state = stream.state { return state }
    do {
      return try await video.liveStreamState(stream.id).state
    } catch let error as ProviderError where error.isFromProvider && [404, 410].contains(error.status) {
      return nil
    }
  }
}
