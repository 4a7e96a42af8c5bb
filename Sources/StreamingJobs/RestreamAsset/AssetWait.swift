import JobQueue
import WowzaVideoClient

/// Finds the asset and waits until it can be restreamed.
struct AssetWait {
  let video: WowzaVideoClient
  let parameters: RestreamAsset
  let context: JobContext

  private static let waitingSince = "asset-waiting-since"
  private static let chosen = "asset"

  /// The id of the asset, once it is completed.
  func asset() async throws -> String {
    let found = try await find()
    switch found.state?.rawValue {
    // An answer without a state is no reason to refuse; the restream itself says what is wrong.
    case "completed", nil: return found.id
    case "failed":
      throw dead("asset-failed", "asset \(found.id) failed at the provider" + (found.reason.map { ": \($0)" } ?? ""))
    case let state?: throw try await wait(found, state)
    }
  }

  private func find() async throws -> Asset {
    if let id = try await known() {
      guard let asset = try await video.asset(id) else {
        throw dead("no-asset", "there is no asset \(id), or no longer")
      }
      return asset
    }
    let name = parameters.assetName ?? ""
    let named = try await video.assets(named: name)
    guard let asset = named.first else { throw dead("no-asset", "no asset is named '\(name)'") }
    guard named.count == 1 else {
      throw dead(
        "ambiguous", "\(named.count) assets are named '\(name)': \(named.map(\.id).joined(separator: ", "))")
    }
    // A later attempt must not pick another asset that was given this name in between.
    try await context.checkpoint(Self.chosen, asset.id)
    return asset
  }

  private func known() async throws -> String? {
    if let id = parameters.assetID { return id }
    return try await context.checkpoint(Self.chosen, as: String.self)
  }

  private func wait(_ asset: Asset, _ state: String) async throws -> JobSignal {
    let now = context.clock.now()
    let since: Timestamp
    if let earlier = try await context.checkpoint(Self.waitingSince, as: Timestamp.self) {
      since = earlier
    } else {
      since = now
      try await context.checkpoint(Self.waitingSince, now)
    }
    let limit = Duration.seconds(parameters.assetTimeoutSeconds ?? 6 * 3600)
    guard now - since < limit else {
      return dead("asset-timeout", "asset \(asset.id) is still \(state) after \(limit.components.seconds) s")
    }
    let progress = asset.processingPercentage.map { ", \(Int($0.rounded())) %" } ?? ""
    return .snooze(for: .seconds(10), why: "asset \(asset.id) is \(state)\(progress)")
  }

  private func dead(_ code: String, _ message: String) -> JobSignal {
    .dead(Failure(code: code, message: message, hint: "look at the account's assets"))
  }
}
