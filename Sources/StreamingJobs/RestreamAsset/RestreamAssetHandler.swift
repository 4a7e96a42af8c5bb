public import JobQueue
import WowzaVideoClient

/// Waits for the asset, makes its live stream once ever, starts it and sees it through to `started`.
///
/// While it waits it holds no worker: each look ends the attempt with a snooze and the next begins where it stopped.
public struct RestreamAssetHandler: JobHandler {
  private static let effect = "restream"
  /// Where the job keeps a moment before it first asked, by the provider's clock.
  private static let askedAfter = "asked-after"

  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by their connections' names.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Brings the asset on air.
  public func run(_ parameters: RestreamAsset, context: JobContext) async throws -> RestreamResult {
    let video = try await clients.wowzaVideo(parameters.connection)
    let wait = AssetWait(video: video, parameters: parameters, context: context)
    let budget = await clients.liveStreamBudget(parameters.connection)
    // Before anything is asked: with the budget spent, it would be asked in vain.
    try await context.waitForTurn(budget, for: Self.effect)
    let asset = try await wait.id()
    let stream = try await liveStream(of: asset, wait, budget)
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
  private func liveStream(of asset: String, _ wait: AssetWait, _ budget: BudgetDemand) async throws -> String {
    let connection = wait.parameters.connection
    return try await wait.context.effect(
      Self.effect, settle: .seconds(5), lateness: await clients.lateness(connection), budget: budget,
      claim: { Self.claim(connection, $0) },
      find: { earlier in
        // Never asked, so nothing there can be ours.
        if let earlier, let ours = try await madeEarlier(of: asset, since: earlier.firstIntendedAt, wait) {
          return ours
        }
        // Only now, since a live stream that is there needs no look at its asset.
        let date = try await wait.untilCompleted(asset)
        if earlier == nil, let date { try await wait.context.checkpoint(Self.askedAfter, date) }
        return nil
      },
      perform: { try await wait.video.restream(asset: asset).id }
    ).value
  }

  private func madeEarlier(of asset: String, since: Timestamp, _ wait: AssetWait) async throws -> String? {
    // By the provider's clock where it told its time: a worker's clock that is ahead would hide what is ours.
    let asked = try await wait.context.checkpoint(Self.askedAfter, as: Int64.self)
    let earliest = asked.map { $0 - Self.serverAllowance } ?? (since - Self.clockAllowance).milliseconds / 1000
    let candidates = try await wait.video.liveStreams(ofAsset: asset, createdSince: earliest) { id in
      try await wait.context.claimant(of: Self.claim(wait.parameters.connection, id)) != nil
    }.map(\.id)
    guard candidates.count < 2 else {
      throw JobSignal.hold(
        why: "live streams \(candidates.joined(separator: ", ")) of asset \(asset) may all be ours;"
          + " remove all but one, then retry the job")
    }
    return candidates.first
  }

  /// Seconds by which the clocks of the provider's own servers may differ.
  private static let serverAllowance: Int64 = 10
  /// How far the provider's clock may be behind ours, where it does not tell its time.
  private static let clockAllowance: Duration = .seconds(60)

  private static func claim(_ connection: String, _ stream: String) -> String { "live-stream:\(connection):\(stream)" }
}
