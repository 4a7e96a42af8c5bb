import FoundationEssentials

/// An asset as the control API accepts it.
struct AssetSeed: Decodable, Sendable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, name, state, completeAfterSeconds, failAfterSeconds
  }

  let id: String?
  let name: String?
  /// Default: `completed`, or `processing` if a transition is requested.
  let state: Asset.State?
  let completeAfterSeconds: Double?
  let failAfterSeconds: Double?

  static func read(_ request: Request) throws(ControlError) -> AssetSeed {
    let members = try ControlBody.members(request, allowed: CodingKeys.allCases.map(\.rawValue))
    let seed: AssetSeed = try ControlBody.decode(members)
    guard seed.completeAfterSeconds == nil || seed.failAfterSeconds == nil else {
      throw .bad("an asset either completes or fails: use one of completeAfterSeconds and failAfterSeconds")
    }
    return seed
  }

  func asset(id made: String, now: Date) -> Asset {
    let id = id ?? made
    var next: (state: Asset.State, at: Date)?
    if let completeAfterSeconds { next = (.completed, now.addingTimeInterval(completeAfterSeconds)) }
    if let failAfterSeconds { next = (.failed, now.addingTimeInterval(failAfterSeconds)) }
    return Asset(
      id: id, name: name ?? "asset-" + id, createdAt: now,
      initial: state ?? (next == nil ? .completed : .processing), next: next)
  }
}
