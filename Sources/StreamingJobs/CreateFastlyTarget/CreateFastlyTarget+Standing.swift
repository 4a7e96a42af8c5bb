import JobQueue
import WowzaVideoClient

extension CreateFastlyTarget {
  /// How the account stands to this target: by its name and origin, as the job looks for it. That no target of another name
  /// serves the same origin is looked at by the job only: it takes a request for each.
  func standing(_ look: ProviderLook) async throws -> Standing {
    let video = try await look.clients.wowzaVideo(connection)
    let gate = ProviderGate.wowzaVideo(connection)
    let listed = try await look.list("stream-targets:\(connection)", gate: gate) { try await video.streamTargets() }
    var found: [StreamTarget] = []
    for target in listed where target.name == targetName || target.name == nil {
      await look.note(gate)
      guard var whole = try await video.streamTarget(target.id) else { continue }
      whole.name = whole.name ?? target.name
      if whole.name == targetName, whole.state?.lowercased() != "archived" { found.append(whole) }
    }
    let same = found.filter { $0.originURL.map { Origin.same($0, origin) } ?? true }
    guard let ours = same.first else {
      guard let other = found.first else { return .missing }
      return .refuses([
        "the name is taken by target \(other.id): its origin is \(other.originURL ?? "none"), not \(origin)"
      ])
    }
    guard same.count == 1 else {
      return .refuses(["\(same.count) targets have this name and origin: \(same.map(\.id).joined(separator: ", "))"])
    }
    let differences = regionWord.map { self.differences(of: ours, region: $0) } ?? []
    let unread = ours.originURL == nil ? ["originURL"] : []
    return differences.isEmpty ? .asAsked(id: ours.id, unread: unread) : .refuses(differences)
  }

  /// What a target tells that is not as asked. Only what is told can differ: the record of the vendor's guide tells neither
  /// origin nor region.
  func differences(of target: StreamTarget, region: String) -> [String] {
    var differences: [String] = []
    if let told = target.originURL, !Origin.same(told, origin) {
      differences.append("custom_origin_url is \(told), not \(origin)")
    }
    // Told as it came: a word in other letters would no longer be known as a secret that somebody echoes.
    if let told = target.originRegion, told.lowercased() != region.lowercased() {
      differences.append("custom_origin_region is \(told), not \(region)")
    }
    if let asked = forceSSL, let told = target.forceSSLPlayback, told != asked {
      differences.append("force_ssl_playback is \(told), not \(asked)")
    }
    return differences
  }
}
