import HTTPTransport

extension WowzaVideoClient {
  /// One asset; nil if it does not exist or was deleted.
  public func asset(_ id: String) async throws -> Asset? {
    let call = VideoCall(path: ["assets", id], target: id, operation: "GET assets")
    try checkAssets(call)
    return try await find(call) { answer, date in
      var asset = answer["asset"].flatMap { Asset($0) }
      asset?.answeredAt = date
      return asset
    }
  }

  /// All assets of a name, in full, oldest first: names are not unique.
  public func assets(named name: String) async throws -> [Asset] {
    let call = VideoCall(path: ["assets"], target: name, operation: "GET assets")
    try checkAssets(call)
    let matches = try await list(
      call, names: ["assets"], id: \.id, where: { $0.name == nil || $0.name == name }
    ) { Asset($0) }
    guard matches.count <= Self.mostDetails else {
      throw tooLong(call, "more than \(Self.mostDetails) assets may have this name")
    }
    var assets: [Asset] = []
    for match in matches {
      // A list of complete records saves the calls.
      let whole = match.state == nil || match.name == nil ? try await asset(match.id) : match
      if let whole, whole.name ?? match.name == name { assets.append(whole) }
    }
    return assets
  }

  /// Creates a new, stopped live stream from a completed asset; the answer has only id and name.
  ///
  /// Every call creates another one, and the server picks the name, so nothing marks it as ours: after an unknown
  /// outcome ``liveStreams(createdSince:named:)`` shows which streams exist.
  public func restream(asset id: String) async throws -> LiveStream {
    let call = VideoCall(
      method: "POST", path: ["assets", id, "live_streams"], target: id, operation: "POST assets/live_streams")
    try checkAssets(call)
    return try await send(call) { answer in
      // The specification and the vendor's article have different wrappers.
      guard let made = answer["live_stream"] ?? answer["live_streams"] else { return nil }
      guard let several = made.elements else { return LiveStream(made) }
      return several.count == 1 ? LiveStream(several[0]) : nil
    }
  }

  private func checkAssets(_ call: VideoCall) throws {
    guard version.hasAssets else {
      throw invalid(
        call, "\(version) has no assets", code: "unsupported-version", hint: "use v1.8 or later for this connection")
    }
  }
}
