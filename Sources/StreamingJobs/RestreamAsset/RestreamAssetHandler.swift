import HTTPTransport
public import JobQueue
import WowzaVideoClient

/// Waits for the asset, creates its live stream exactly once, starts it and waits until it is `started`.
///
/// While it waits, it occupies no worker: each look ends the attempt with a snooze, and the next attempt continues
/// where it stopped.
public struct RestreamAssetHandler: JobHandler {
  static let effect = "restream"

  private let clients: any ClientDirectory

  /// Creates a handler that finds its clients by the names of their connections.
  public init(clients: any ClientDirectory) {
    self.clients = clients
  }

  /// Puts the asset on air.
  public func run(_ parameters: RestreamAsset, context: JobContext) async throws -> RestreamResult {
    let video = try await clients.wowzaVideo(parameters.connection)
    let wait = AssetWait(video: video, parameters: parameters, context: context)
    let budget = await clients.liveStreamBudget(parameters.connection)
    // Checked before anything is requested: with the budget used up, the request would be in vain.
    if parameters.liveStreamID == nil { try await context.waitForTurn(budget, for: Self.effect) }
    let asset = try await wait.id()
    let stream =
      if let given = parameters.liveStreamID {
        try await takeOver(given, asset, wait)
      } else {
        try await whenKnown(asset, wait) { try await liveStream(of: asset, wait, budget) }
      }
    let state: String
    if parameters.start ?? RestreamAsset.Defaults.start {
      state = try await LiveStreamStart(
        video: video, id: stream,
        limit: .seconds(parameters.startTimeoutSeconds ?? RestreamAsset.Defaults.startTimeoutSeconds), context: context
      ).started()
    } else {
      state = try await NewLiveStream(id: stream, context: context).whenSeen {
        try await video.liveStreamState(stream).state.rawValue
      }
    }
    return RestreamResult(
      connection: parameters.connection, assetID: asset, liveStreamID: stream, state: state,
      playbackURL: try await playbackURL(of: stream, video))
  }

  /// Also nil if the service does not show the stream, which plays all the same.
  private func playbackURL(of stream: String, _ video: WowzaVideoClient) async throws -> String? {
    guard case .seen(let whole) = try await video.sightOfLiveStream(stream) else { return nil }
    return whole.playbackURL
  }

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }

  /// The provider picks the name and stores no key of ours, so after a lost response the stream can only be found by
  /// what is new.
  private func liveStream(of asset: String, _ wait: AssetWait, _ budget: BudgetDemand) async throws -> String {
    let connection = wait.parameters.connection
    let lateEffectWindow = await clients.lateEffectWindow(connection)
    let search = LiveStreamSearch(
      video: wait.video, connection: connection, asset: asset, lateEffectWindow: lateEffectWindow, context: wait.context
    )
    return try await wait.context.effect(
      Self.effect, readDelay: .seconds(5), lateEffectWindow: lateEffectWindow, budget: budget,
      claim: { Self.claim(connection, $0) },
      find: { earlier in
        // Nothing was ever requested, so nothing there can be ours.
        if let earlier, let ours = try await search.found(since: earlier) { return .found(ours) }
        // Only now, because an existing live stream does not need its asset to be checked.
        let date = try await wait.untilCompleted(asset)
        if earlier == nil { try await BeforeAsking.write(at: date, wait.video, in: wait.context) }
        return .absent
      },
      perform: { try await wait.video.restream(asset: asset).id }
    ).value
  }

  /// As `make` does. The asset was seen a moment ago, so a restream that does not find it was answered by a part of the
  /// service that does not know it yet.
  private func whenKnown<Value>(_ asset: String, _ wait: AssetWait, _ make: () async throws -> Value) async throws
    -> Value
  {
    let missing = MissingSince(checkpoint: "asset-missing-since", context: wait.context)
    do {
      let value = try await make()
      try await missing.clear()
      return value
    } catch let error as ProviderError where error.code == "ERR-404-RecordNotFound" {
      guard let pause = try await missing.pause() else { throw error }
      throw Verdict.snooze(for: pause, why: "asset \(asset) exists but cannot be restreamed yet: \(error.message)")
    } catch let error as ProviderError where error.code == "ERR-422-NotAvailable" {
      throw try await wait.pending(asset, "not available yet, according to the service")
    }
  }

  /// An existing live stream that the user named, which the job is to put on air.
  private func takeOver(_ id: String, _ asset: String, _ wait: AssetWait) async throws -> String {
    let connection = wait.parameters.connection
    let adopted = try await wait.context.adopt(
      Self.effect, claim: { Self.claim(connection, $0) },
      find: { _ -> String? in
        guard let stream = try await wait.video.liveStream(id) else { return nil }
        if let told = stream.assetID, told != asset {
          throw Self.dead("differs", "live stream \(id) restreams asset \(told), not \(asset)")
        }
        if let holder = try await wait.context.claimant(of: Self.claim(connection, id)) {
          throw Self.dead("claimed", "live stream \(id) was created by job \(holder)")
        }
        return id
      })
    guard let adopted else { throw Self.dead("no-live-stream", "live stream \(id) does not exist or was deleted") }
    return adopted.value
  }

  private static func dead(_ code: String, _ message: String) -> Verdict {
    .dead(Failure(code: code, message: message, hint: "check the account's live streams"))
  }

  static func claim(_ connection: String, _ stream: String) -> String { "live-stream:\(connection):\(stream)" }
}
