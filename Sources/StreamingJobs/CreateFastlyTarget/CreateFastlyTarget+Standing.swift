import JobQueue
import WowzaVideoClient

extension CreateFastlyTarget {
  /// The target's standing in the account, found by its name and origin as the job does it. Only the job checks that no
  /// target with another name serves the same origin: that takes a request per target.
  func standing(_ look: ProviderLook) async throws -> Standing {
    let video = try await look.clients.wowzaVideo(connection)
    let listed = try await look.once("stream-targets:\(connection)") { try await video.streamTargets() }
    var found: [StreamTarget] = []
    for target in listed where target.name == targetName || target.name == nil {
      guard var whole = try await video.streamTarget(target.id) else { continue }
      whole.name = whole.name ?? target.name
      if whole.name == targetName, whole.state?.lowercased() != "archived" { found.append(whole) }
    }
    let same = found.filter { $0.originURL.map { Origin.same($0, origin) } ?? true }
    guard let ours = same.first else {
      guard let other = found.first else { return .missing }
      return .blocked(
        "the name is taken by target \(other.id): its origin is \(other.originURL ?? "none"), not \(origin)")
    }
    guard same.count == 1 else {
      return .blocked("\(same.count) targets have this name and origin: \(same.map(\.id).joined(separator: ", "))")
    }
    let differences = regionWord.map { self.differences(of: ours, region: $0) } ?? []
    let unread = ours.originURL == nil ? ["originURL"] : []
    return differences.isEmpty ? .asAsked(id: ours.id, unread: unread) : .refuses(differences)
  }

  /// Roughly how many requests the job makes: reading the account's list and the target itself, and creating it.
  func requests(toward standing: Standing) -> Int {
    switch standing {
    case .missing: 3
    case .asAsked, .changes, .refuses, .blocked: 2
    }
  }

  /// The fields of a target that differ from the request. Only fields that are reported can differ: the records in the
  /// vendor's guide have neither origin nor region.
  func differences(of target: StreamTarget, region: String) -> [FieldDifference] {
    var differences: [FieldDifference] = []
    if let told = target.originURL, !Origin.same(told, origin) {
      differences.append(FieldDifference(field: "custom_origin_url", found: told, wanted: origin))
    }
    // Kept exactly as received: with different capitalization, a secret echoed by the service would no longer be
    // recognized.
    if let told = target.originRegion, told.lowercased() != region.lowercased() {
      differences.append(FieldDifference(field: "custom_origin_region", found: told, wanted: region))
    }
    if let asked = forceSSL, let told = target.forceSSLPlayback, told != asked {
      differences.append(FieldDifference(field: "force_ssl_playback", found: "\(told)", wanted: "\(asked)"))
    }
    return differences
  }
}
