import HTTPTransport

extension WowzaVideoClient {
  /// One live stream; nil if it does not exist or was deleted.
  public func liveStream(_ id: String) async throws -> LiveStream? {
    try await find(call("GET", id), stream)
  }

  /// The live streams of the account, oldest first, with what a list contains: id, name, dates.
  /// - Parameters:
  ///   - createdSince: seconds since 1970 by the server's clock; allow for a difference from ours. Streams without a
  ///     date are included.
  ///   - name: only streams with this name; nil for any.
  public func liveStreams(createdSince: Int64? = nil, named name: String? = nil) async throws -> [LiveStream] {
    let call = VideoCall(path: ["live_streams"], target: name ?? "all", operation: "GET live_streams")
    return try await list(
      call, names: ["live_streams"], id: \.id,
      where: { stream in
        let isYoung = createdSince.map { since in stream.createdAt.map { $0 >= since } ?? true } ?? true
        return isYoung && (name == nil || stream.name == name)
      }
    ) { LiveStream($0) }
  }

  /// What can be seen of one live stream that is in a list.
  public func sightOfLiveStream(_ id: String) async throws -> RecordSight<LiveStream> {
    try await sight(call("GET", id), stream)
  }

  /// Requests the start of a live stream, which takes about a minute.
  ///
  /// For a stream that is started or starting, the request is refused with `ERR-422-InvalidStateChange`: read the
  /// state, then decide.
  /// - Returns: the state in the server's answer, usually ``LiveStreamState/starting``.
  public func startLiveStream(_ id: String) async throws -> LiveStreamState {
    try await send(call("PUT", id, "start")) { status($0)?.state }
  }

  /// Requests the stop of a live stream, which may be ``LiveStreamState/stopping`` for a while.
  ///
  /// For a stream that is stopped, or in a state that allows no stop, the request is refused with
  /// `ERR-422-InvalidStateChange`: read the state, then decide.
  /// - Returns: the state in the server's answer, usually ``LiveStreamState/stopped``, whatever the stream still does.
  public func stopLiveStream(_ id: String) async throws -> LiveStreamState {
    try await send(call("PUT", id, "stop")) { status($0)?.state }
  }

  /// What a live stream currently does. The server's answer may be one second old.
  public func liveStreamState(_ id: String) async throws -> LiveStreamStatus {
    try await send(call("GET", id, "state"), status)
  }

  /// A live stream is its transcoder under another name, and the vendor's pages also have different wrappers in other
  /// places.
  private static let wrappers = ["live_stream", "live_streams", "transcoder"]

  private func stream(_ value: VideoValue) -> LiveStream? {
    Self.wrappers.lazy.compactMap { value[$0] }.first.flatMap { LiveStream($0) }
  }

  private func status(_ value: VideoValue) -> LiveStreamStatus? {
    guard let stream = Self.wrappers.lazy.compactMap({ value[$0] }).first, let state = stream["state"]?.text,
      !state.isEmpty
    else { return nil }
    return LiveStreamStatus(state: LiveStreamState(told: state), ipAddress: stream["ip_address"]?.text)
  }

  private func call(_ method: String, _ id: String, _ action: String? = nil) -> VideoCall {
    let action = action.map { [$0] } ?? []
    return VideoCall(
      method: method, path: ["live_streams", id] + action, target: id,
      operation: (["\(method) live_streams"] + action).joined(separator: "/"))
  }
}
