public import JobQueue
import WowzaVideoClient

/// Waits for the asset, makes its live stream once ever, starts it and sees it through to `started`.
///
/// While it waits it holds no worker: each look ends the attempt with a snooze and the next begins where it stopped.
public struct RestreamAssetHandler: JobHandler {
  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by their connections' names.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Brings the asset on air.
  public func run(_ parameters: RestreamAsset, context: JobContext) async throws -> RestreamResult {
    let video = try await clients.wowzaVideo(parameters.connection)
    let asset = try await AssetWait(video: video, parameters: parameters, context: context).asset()
    let stream = try await liveStream(of: asset, video, parameters, context)
    let state: String
    if parameters.start ?? true {
      state = try await LiveStreamStart(
        video: video, id: stream, limit: .seconds(parameters.startTimeoutSeconds ?? 300), context: context
      ).started()
    } else {
      state = try await video.liveStreamState(stream).state.rawValue
    }
    return RestreamResult(
      connection: parameters.connection, assetID: asset, liveStreamID: stream, state: state,
      playbackURL: try await video.liveStream(stream)?.playbackURL)
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }

  /// The provider picks the name and keeps no key of ours, so an answer that was lost can only be found by what is new:
  /// live streams of this asset, made after the first intent, that no other job holds.
  private func liveStream(
    of asset: String, _ video: WowzaVideoClient, _ parameters: RestreamAsset, _ context: JobContext
  ) async throws -> String {
    try await context.effect(
      "restream", settle: .seconds(5), claim: { Self.claim(parameters.connection, $0) },
      find: { earlier in
        // Never asked, so nothing there can be ours.
        guard let earlier else { return nil }
        let candidates = try await candidates(of: asset, since: earlier.firstIntendedAt, video, parameters, context)
        guard candidates.count < 2 else {
          throw JobSignal.hold(
            why: "live streams \(candidates.joined(separator: ", ")) of asset \(asset) may all be ours;"
              + " remove all but one, then retry the job")
        }
        return candidates.first
      },
      perform: { try await video.restream(asset: asset).id }
    ).value
  }

  private func candidates(
    of asset: String, since: Timestamp, _ video: WowzaVideoClient, _ parameters: RestreamAsset, _ context: JobContext
  ) async throws -> [String] {
    let earliest = (since - Self.clockAllowance).milliseconds / 1000
    var candidates: [String] = []
    for stream in try await video.liveStreams(ofAsset: asset, createdSince: earliest) {
      if try await context.claimant(of: Self.claim(parameters.connection, stream.id)) == nil {
        candidates.append(stream.id)
      }
    }
    return candidates
  }

  /// How far the provider's clock may be behind ours.
  private static let clockAllowance: Duration = .seconds(60)

  private static func claim(_ connection: String, _ stream: String) -> String { "live-stream:\(connection):\(stream)" }
}
