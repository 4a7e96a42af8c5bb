import HTTPTransport
import JobQueue
import WowzaVideoClient

/// Looks in the account for what a start may have left on air that is gone and wrote down no live stream.
struct AccountLook {
  let video: WowzaVideoClient
  let connection: String
  let start: OnAirRecord
  /// What was there before the start asked.
  let before: BeforeAsking
  let context: JobContext

  private static let mostLooks = 200

  /// Names what is on air and may be the start's; nil for nothing.
  ///
  /// It may be what is new since the start asked, restreams its asset or does not tell which, and is no other job's.
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

  /// Nil when it was removed in between.
  private func state(of stream: LiveStream) async throws -> LiveStreamState? {
    if let state = stream.state { return state }
    do {
      return try await video.liveStreamState(stream.id).state
    } catch let error as ProviderError where error.isFromProvider && [404, 410].contains(error.status) {
      return nil
    }
  }
}
