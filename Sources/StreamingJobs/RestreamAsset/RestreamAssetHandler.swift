import HTTPTransport
public import JobQueue
import WowzaVideoClient

/// Waits for the asset, creates its live stream exactly once, starts it and waits until it is `started`.
///
/// While it waits, it occupies no worker: each look ends the attempt with a snooze, and the next attempt continues
/// where it stopped.
public struct RestreamAssetHandler: JobHandler {
  static let effect = OnAirRecord.effect

  private let clients: any ClientDirectory
  private let queue: any QueryStore

  /// Creates a handler that finds its clients by their connections' names, and the other jobs of an occurrence or an
  /// asset in this queue.
  public init(clients: any ClientDirectory, queue: any QueryStore) {
    self.clients = clients
    self.queue = queue
  }

  /// Puts the asset on air.
  public func run(_ parameters: RestreamAsset, context: JobContext) async throws -> RestreamResult {
    let video = try await clients.wowzaVideo(parameters.connection)
    let start = PlannedStart(parameters: parameters, queue: queue, context: context)
    let wait = AssetWait(video: video, parameters: parameters, context: context)
    let known = try await context.recordedEffect(Self.effect, as: String.self)
    let hasAsked = try await context.hasAsked(for: Self.effect)
    if let stop = try await start.stop() {
      // An earlier request is settled first: the stop waits for it.
      if known == nil, hasAsked { try await settle(wait, start) }
      throw PlannedStart.cancelled(by: stop)
    }
    if start.isLate, known == nil, !hasAsked { throw start.tooLate("nothing was asked for") }
    do {
      return try await onAir(wait, start, isOnlyLookedFor: start.isLate && known == nil)
    } catch let taken as RestreamClaim.Taken {
      return RestreamResult(
        connection: parameters.connection, assetID: taken.record.assetID, liveStreamID: taken.record.liveStreamID,
        unchanged: true, firstJob: taken.job)
    }
  }

  /// Creates the live stream, or adopts it, and starts it.
  /// - Parameter isOnlyLookedFor: whether it is too late to create it.
  private func onAir(_ wait: AssetWait, _ start: PlannedStart, isOnlyLookedFor: Bool) async throws -> RestreamResult {
    let (video, parameters, context) = (wait.video, wait.parameters, wait.context)
    let budget = await clients.liveStreamBudget(parameters.connection)
    // Before any request: if the budget is spent, requests are pointless.
    if parameters.liveStreamID == nil, !isOnlyLookedFor { try await context.waitForTurn(budget, for: Self.effect) }
    let asset = try await wait.id()
    let restreamed = await restreamed(asset, wait, start)
    let stream: String
    if isOnlyLookedFor {
      guard let found = try await restreamed.lookedFor() else {
        throw start.tooLate("a live stream was asked for, and there is none")
      }
      stream = found
    } else if let given = parameters.liveStreamID {
      stream = try await restreamed.takenOver(given)
    } else {
      stream = try await whenKnown(asset, wait) { try await restreamed.made(budget) }
    }
    let state: String
    if parameters.start ?? RestreamAsset.Defaults.start {
      state = try await LiveStreamStart(
        video: video, id: stream,
        limit: .seconds(parameters.startTimeoutSeconds ?? RestreamAsset.Defaults.startTimeoutSeconds),
        planned: start, context: context
      ).started()
    } else {
      state = try await NewLiveStream(id: stream, context: context).whenSeen {
        try await video.liveStreamState(stream).state.rawValue
      }
    }
    return RestreamResult(
      connection: parameters.connection, assetID: asset, liveStreamID: stream, state: state,
      playbackURL: try await playbackURL(of: stream, video), unchanged: false)
  }

  private func restreamed(_ asset: String, _ wait: AssetWait, _ start: PlannedStart) async -> RestreamedStream {
    let claim = RestreamClaim(parameters: wait.parameters, asset: asset, queue: queue, context: wait.context)
    return RestreamedStream(
      video: wait.video, wait: wait, claim: claim, start: start,
      lateEffectWindow: await clients.lateEffectWindow(wait.parameters.connection))
  }

  /// Returns once it is known whether the request for a live stream created one, or that only an operator could say
  /// which one it is: this job no longer starts any of them.
  private func settle(_ wait: AssetWait, _ start: PlannedStart) async throws {
    do {
      _ = try await restreamed(try await wait.id(), wait, start).lookedFor()
    } catch is RestreamClaim.Taken {
      wait.context.note("another job restreams the same by now")
    } catch Verdict.hold(let why) {
      wait.context.note(why)
    }
  }

  /// Also nil if the service does not show the stream, which plays all the same.
  private func playbackURL(of stream: String, _ video: WowzaVideoClient) async throws -> String? {
    guard case .seen(let whole) = try await video.sightOfLiveStream(stream) else { return nil }
    return whole.playbackURL
  }

  /// Returns what `make` returns. The asset was seen a moment ago, so a restream that does not find it reached a part
  /// of the service that does not know it yet.
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

  /// What an error means.
  public func classify(_ error: any Error) -> Verdict { FailureClassifier.classify(error) }
}
