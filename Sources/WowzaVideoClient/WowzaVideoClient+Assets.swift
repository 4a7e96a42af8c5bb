import HTTPTransport

extension WowzaVideoClient {
  /// An asset; nil when there is none of this id, or no longer.
  public func asset(_ id: String) async throws -> Asset? {
    try requireAssets("GET assets", id)
    let answer = try await send("GET", ["assets", id], operation: "GET assets", target: id)
    if answer.response.status == 404 || answer.response.status == 410 { return nil }
    return try unwrapped(answer, ["asset"])
  }

  /// The assets of exactly this name.
  public func assets(named name: String) async throws -> [Asset] {
    try requireAssets("GET assets", name)
    let all = try await list(Asset.self, ["assets"], wrappers: ["assets"], operation: "GET assets")
    return all.filter { $0.name == name }
  }

  /// Makes a live stream that plays an asset. The provider makes another one each time it is asked.
  public func restream(asset id: String) async throws -> LiveStream {
    let operation = "POST assets/live_streams"
    try requireAssets(operation, id)
    let answer = try await send("POST", ["assets", id, "live_streams"], operation: operation, target: id)
    // The vendor's texts show both wrappers.
    return try unwrapped(answer, ["live_stream", "live_streams"])
  }

  private func requireAssets(_ operation: String, _ target: String) throws {
    guard version.hasAssets else {
      throw notSent(
        operation, target, code: "version", "version \(version) has no assets; they came with v1.8",
        "set another version for this connection")
    }
  }
}
