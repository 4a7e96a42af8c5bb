import HTTPTransport

extension WowzaVideoClient {
  /// All live streams of the account; the list tells ids, names and moments only.
  public func liveStreams() async throws -> [LiveStream] {
    try await list(LiveStream.self, ["live_streams"], wrappers: ["live_streams"], operation: "GET live_streams")
  }

  /// A live stream; nil when there is none of this id.
  public func liveStream(_ id: String) async throws -> LiveStream? {
    let answer = try await send("GET", ["live_streams", id], operation: "GET live_streams", target: id)
    if answer.response.status == 404 || answer.response.status == 410 { return nil }
    return try unwrapped(answer, ["live_stream"])
  }

  /// What a live stream does now.
  public func liveStreamState(_ id: String) async throws -> LiveStreamStatus {
    let answer = try await send("GET", ["live_streams", id, "state"], operation: "GET live_streams/state", target: id)
    return try unwrapped(answer, ["live_stream"])
  }

  /// Starts a live stream; `ERR-422-InvalidStateChange` when it is not stopped.
  public func startLiveStream(_ id: String) async throws {
    let answer = try await send("PUT", ["live_streams", id, "start"], operation: "PUT live_streams/start", target: id)
    try answer.accepted()
  }

  /// Stops a live stream; `ERR-422-InvalidStateChange` when it is stopped.
  public func stopLiveStream(_ id: String) async throws {
    let answer = try await send("PUT", ["live_streams", id, "stop"], operation: "PUT live_streams/stop", target: id)
    try answer.accepted()
  }
}
