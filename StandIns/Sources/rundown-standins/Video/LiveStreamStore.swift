import FoundationEssentials

/// The live streams of the account, the window that limits their creation, and their count.
struct LiveStreamStore: Sendable {
  private(set) var streams: [String: LiveStream] = [:]
  private(set) var createdByAsset: [String: Int] = [:]
  private(set) var starts = 0
  private(set) var stops = 0
  private var order: [String] = []
  private var deleted: Set<String> = []
  private var recent: [Date] = []

  /// Oldest first.
  var inOrder: [LiveStream] {
    order.compactMap { streams[$0] }
  }

  /// How many are billed to the account: all that are not stopped.
  func running(at now: Date) -> Int {
    streams.values.count { $0.state(at: now) != .stopped }
  }

  func get(_ id: String) throws(VideoError) -> LiveStream {
    if deleted.contains(id) { throw .deleted }
    guard let stream = streams[id] else { throw .notFound }
    return stream
  }

  /// Like ``get(_:)``, for requests about a stream that may be too new to be found.
  func find(_ id: String, _ settings: VideoSettings, now: Date) throws(VideoError) -> LiveStream {
    let stream = try get(id)
    guard now.timeIntervalSince(stream.createdAt) >= settings.hiddenSeconds else { throw .notFound }
    return stream
  }

  /// Creates another live stream of the asset, however many there are, until the window is full.
  mutating func restream(
    _ asset: Asset, _ settings: VideoSettings, now: Date, random: inout SeededRandom
  ) throws(VideoError) -> LiveStream {
    recent.removeAll { now.timeIntervalSince($0) >= settings.liveStreamWindow }
    guard recent.count < settings.liveStreamLimit else { throw .limitReached }
    recent.append(now)
    let id = random.word(8)
    // The server picks the name; the caller cannot mark it as its own.
    let stream = LiveStream(
      id: id, name: "CMS Restreamed (\(random.word(8)))", assetID: asset.id, createdAt: now)
    streams[id] = stream
    order.append(id)
    createdByAsset[asset.id, default: 0] += 1
    return stream
  }

  mutating func start(_ id: String, _ settings: VideoSettings, now: Date) throws(VideoError) {
    var stream = try find(id, settings, now: now)
    try stream.start(settings, now: now)
    streams[id] = stream
    starts += 1
  }

  mutating func stop(_ id: String, _ settings: VideoSettings, now: Date) throws(VideoError) {
    var stream = try get(id)
    try stream.stop(settings, now: now)
    streams[id] = stream
    stops += 1
  }

  /// The live streams of a deleted asset are deleted with it.
  mutating func delete(ofAsset assetID: String) {
    for stream in inOrder where stream.assetID == assetID {
      streams[stream.id] = nil
      deleted.insert(stream.id)
    }
    order.removeAll { streams[$0] == nil }
  }
}
