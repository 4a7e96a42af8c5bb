import JobQueue
import WowzaVideoClient

/// Finds the asset and waits until it can be restreamed.
struct AssetWait {
  let video: WowzaVideoClient
  let parameters: RestreamAsset
  let context: JobContext

  private static let waitingSince = "asset-waiting-since"
  private static let chosen = "asset"
  private static let lastState = "asset-state"

  /// The asset's id: the one given, or that of the only asset with the name.
  func id() async throws -> String {
    if let id = parameters.assetID { return id }
    if let id = try await context.checkpoint(Self.chosen, as: String.self) { return id }
    let name = parameters.assetName ?? ""
    let named = try await WholeList(context: context).look { try await video.assets(named: name) }
    guard let asset = named.first else { throw dead("no-asset", "no asset is named '\(name)'") }
    guard named.count == 1 else {
      throw dead("ambiguous", "\(named.count) assets are named '\(name)': \(named.map(\.id).joined(separator: ", "))")
    }
    // A later attempt must not pick another asset that has been given this name in between.
    try await context.checkpoint(Self.chosen, asset.id, isProgress: true)
    return asset.id
  }

  /// Returns when the asset is completed; snoozes while it is not.
  /// - Returns: when the provider said so, by its own clock; seconds since 1970.
  func untilCompleted(_ id: String) async throws -> Int64? {
    guard let asset = try await video.asset(id) else {
      throw dead("no-asset", "asset \(id) does not exist or was deleted")
    }
    switch asset.state {
    // A response without a state is no reason to refuse; the restream itself reports what is wrong.
    case .completed, nil: return asset.answeredAt
    case .failed:
      throw dead("asset-failed", "asset \(id) failed at the provider" + (asset.reason.map { ": \($0)" } ?? ""))
    case let state?:
      let progress = asset.processingPercentage.map { ", \(Int($0.rounded())) %" } ?? ""
      throw try await pending(id, state.rawValue, progress)
    }
  }

  /// What happens to the job while its asset is in this state: it looks again until its time for that is over.
  func pending(_ id: String, _ state: String, _ progress: String = "") async throws -> Verdict {
    let now = context.clock.now()
    var time = try await context.checkpoint(Self.waitingSince, as: WatchedTime.self) ?? WatchedTime(at: now)
    let limit = Duration.seconds(parameters.assetTimeoutSeconds ?? RestreamAsset.Defaults.assetTimeoutSeconds)
    guard time.look(at: now) < limit else {
      // After a retry, the wait starts over.
      try await context.removeCheckpoints([Self.waitingSince])
      return dead("asset-timeout", "asset \(id) is still \(state) after \(limit.components.seconds) s")
    }
    try await context.checkpoint(Self.waitingSince, time)
    if try await context.checkpoint(Self.lastState, as: String.self) != state {
      try await context.checkpoint(Self.lastState, state, isProgress: true)
    }
    return .snooze(for: .seconds(10), why: "asset \(id) is \(state)\(progress)")
  }

  private func dead(_ code: String, _ message: String) -> Verdict {
    .dead(Failure(code: code, message: message, hint: "check the account's assets"))
  }
}
