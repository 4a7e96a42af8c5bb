import FoundationEssentials

/// The assets of the account.
struct AssetStore: Sendable {
  private var assets: [String: Asset] = [:]
  private var order: [String] = []
  private var deleted: Set<String> = []

  /// Oldest first.
  var inOrder: [Asset] {
    order.compactMap { assets[$0] }
  }

  func get(_ id: String) throws(VideoError) -> Asset {
    if deleted.contains(id) { throw .deleted }
    guard let asset = assets[id] else { throw .notFound }
    return asset
  }

  /// Adds an asset, or replaces the one with the same id.
  mutating func put(_ asset: Asset) {
    if assets.updateValue(asset, forKey: asset.id) == nil { order.append(asset.id) }
    deleted.remove(asset.id)
  }

  mutating func delete(_ id: String, now: Date) throws(VideoError) {
    guard try get(id).state(at: now) != .processing else { throw .notAvailable }
    assets[id] = nil
    order.removeAll { $0 == id }
    deleted.insert(id)
  }
}
