import FoundationEssentials

/// Stand-in for the Wowza Video REST API, all versions on one listener.
actor VideoSite: Site {
  private let account: VideoAccount
  private let time: StandInTime
  private let initial: VideoSettings
  private(set) var settings: VideoSettings
  private(set) var targets = StreamTargetStore()
  private(set) var assets = AssetStore()
  private(set) var streams = LiveStreamStore()
  private(set) var realTime = RealTimeStore()
  private var seen: [String: (answer: Reply, at: Date)] = [:]
  private var random: SeededRandom

  /// Cached answers kept at once.
  private static let cacheLimit = 1000

  init(account: VideoAccount, settings: VideoSettings, time: StandInTime, random: SeededRandom) {
    self.account = account
    initial = settings
    self.settings = settings
    self.time = time
    self.random = random
  }

  func answer(_ request: Request) -> Reply {
    let now = time.now()
    do throws(VideoError) {
      let (version, path) = try Self.version(of: request)
      guard let version else { return Self.versions() }
      try account.check(request, version: version, now: now)
      if request.method == "GET", let old = seen[request.target], now.timeIntervalSince(old.at) < settings.cacheSeconds
      {
        return old.answer
      }
      let answer = try route(request, version, path, now)
      if request.method == "GET", settings.cacheSeconds > 0 {
        if seen.count >= Self.cacheLimit { seen = [:] }
        seen[request.target] = (answer, now)
      }
      return answer
    } catch {
      return error.answer
    }
  }

  func unauthorized(code: String?) -> Reply {
    VideoError.unauthorized(code ?? "ERR-401-InvalidToken").answer
  }

  func failure(status: Int) -> Reply {
    if status == 403 { return VideoError.unaccessible.answer }
    let message = status == 429 ? "Too many requests" : "The service couldn't handle the request."
    return VideoError(status: status, code: nil, title: "Error", message: message).answer
  }

  func change(_ settings: VideoSettings) {
    self.settings = settings
  }

  func seed(_ asset: Asset) {
    assets.put(asset)
  }

  /// Does what an encoder does: the stream is live from now on.
  func publish(realTime id: String) throws(VideoError) {
    try realTime.publish(id)
  }

  /// A new id that looks like the real ones.
  func newID() -> String {
    random.word(8)
  }

  /// Resets it to the state after a start: no records, no counts, the initial settings.
  func reset() {
    targets = StreamTargetStore()
    assets = AssetStore()
    streams = LiveStreamStore()
    realTime = RealTimeStore()
    seen = [:]
    settings = initial
  }

  /// The version in the path and what follows it; no version for the list of versions.
  private static func version(of request: Request) throws(VideoError) -> (VideoVersion?, [String]) {
    let parts = request.segments
    if request.method == "GET", parts == ["api", "versions"] { return (nil, []) }
    guard parts.count > 2, parts[0] == "api", parts[1].hasPrefix("v"),
      let version = VideoVersion(rawValue: String(parts[1].dropFirst()))
    else { throw .notFound }
    return (version, Array(parts.dropFirst(2)))
  }

  private static func versions() -> Reply {
    let all = VideoVersion.allCases.map { version in
      let entry: JSONValue = ["status": "supported", "base_uri": .string("/api/v" + version.rawValue)]
      return (version.rawValue, entry)
    }
    return Reply(200, json: .object(Dictionary(uniqueKeysWithValues: all)))
  }

  private func route(
    _ request: Request, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Reply {
    if path.first == "stream_targets", path.count > 1, path[1] == version.targetKind {
      return try routeTargets(request, version, Array(path.dropFirst(2)), now)
    }
    if path.first == "live_streams" { return try routeStreams(request, version, Array(path.dropFirst()), now) }
    if path.first == "assets", version.hasAssets { return try routeAssets(request, Array(path.dropFirst()), now) }
    if path.first == "real_time", version.hasRealTime {
      return try routeRealTime(request, version, Array(path.dropFirst()), now)
    }
    throw .notFound
  }

  private func routeTargets(
    _ request: Request, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Reply {
    let wrapper = "stream_target_" + version.targetKind
    switch (request.method, path.count) {
    case ("GET", 0):
      return try ListQuery(request, settings).answer(
        targets.listItems, as: "stream_targets_" + version.targetKind)
    case ("POST", 0):
      let body = try Self.body(request, wrapper)
      let target = try targets.create(body, version: version, now: now, random: &random)
      return Reply(201, json: [wrapper: .object(StreamTargetStore.told(target, settings))])
    case ("GET", 1):
      return Reply(200, json: [wrapper: .object(try targets.find(path[0], settings, now: now))])
    case ("PATCH", 1):
      let target = try targets.update(path[0], try Self.body(request, wrapper), version: version, now: now)
      return Reply(200, json: [wrapper: .object(target)])
    case ("DELETE", 1):
      try targets.delete(path[0])
      return Reply(204)
    default:
      throw .notFound
    }
  }

  private func routeStreams(
    _ request: Request, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Reply {
    switch (request.method, path.count, path.last) {
    case ("GET", 0, _):
      let items = streams.inOrder.map { $0.listItem(at: now, version: version, settings) }
      return try ListQuery(request, settings).answer(items, as: "live_streams")
    case ("GET", 1, _):
      let stream = try streams.find(path[0], settings, now: now)
      return Reply(200, json: ["live_stream": .object(stream.record(at: now, version: version, settings))])
    case ("GET", 2, "state"):
      let state = try streams.find(path[0], settings, now: now).shownState(at: now, settings)
      // Only a started stream has an address.
      let address: JSONValue = state == .started ? "192.0.2.1" : "0.0.0.0"
      return Reply(200, json: ["live_stream": ["ip_address": address, "state": .string(state.rawValue)]])
    case ("PUT", 2, "start"):
      try streams.start(path[0], settings, now: now)
      return Reply(200, json: ["live_stream": ["state": "starting"]])
    case ("PUT", 2, "stop"):
      try streams.stop(path[0], settings, now: now)
      return Reply(200, json: ["live_stream": ["state": "stopped"]])
    default:
      throw .notFound
    }
  }

  private func routeAssets(_ request: Request, _ path: [String], _ now: Date) throws(VideoError) -> Reply {
    switch (request.method, path.count, path.last) {
    case ("GET", 0, _):
      let items = assets.inOrder.map { JSONValue.object($0.record(at: now)) }
      return try ListQuery(request, settings, perPage: 15).answer(items, as: "assets", payloadVersion: 2.0)
    case ("GET", 1, _):
      return Reply(200, json: ["asset": .object(try assets.get(path[0]).record(at: now))])
    case ("DELETE", 1, _):
      try assets.delete(path[0], now: now)
      streams.delete(ofAsset: path[0])
      return Reply(204)
    case ("POST", 2, "live_streams"):
      let asset = try assets.get(path[0])
      switch asset.state(at: now) {
      case .completed: break
      case .failed: throw .invalid("The asset could not be processed")
      case .uploading, .processing: throw .notAvailable
      }
      let stream = try streams.restream(asset, settings, now: now, random: &random)
      let wrapper = settings.restreamWrapper.rawValue
      return Reply(200, json: [wrapper: ["id": .string(stream.id), "name": .string(stream.name)]])
    default:
      throw .notFound
    }
  }

  private func routeRealTime(
    _ request: Request, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Reply {
    let wrapper = "real_time_stream"
    switch (request.method, path.count, path.last) {
    case ("GET", 0, _):
      // No example has pagination, so everything is on one page.
      return Reply(200, json: ["real_time_streams": .array(realTime.listItems)])
    case ("POST", 0, _):
      let id = try realTime.create(try Self.body(request, wrapper), now: now, random: &random)
      return Reply(201, json: [wrapper: .object(try realTime.get(id, version: version))])
    case ("GET", 1, _):
      return Reply(200, json: [wrapper: .object(try realTime.get(path[0], version: version))])
    case ("PATCH", 1, _):
      try realTime.update(path[0], try Self.body(request, wrapper), now: now)
      return Reply(200, json: [wrapper: .object(try realTime.get(path[0], version: version))])
    case ("DELETE", 1, _):
      try realTime.delete(path[0])
      return Reply(204)
    case ("GET", 2, "state") where version.controlsRealTime:
      _ = try realTime.get(path[0], version: version)
      // The other wrapper is the specification's.
      return Reply(200, json: ["real_time": ["state": .string(realTime.state(path[0]))]])
    case ("PUT", 2, "stop") where version.controlsRealTime:
      try realTime.stop(path[0])
      return Reply(200, json: [wrapper: ["state": "stopped"]])
    default:
      throw .notFound
    }
  }

  private static func body(_ request: Request, _ wrapper: String) throws(VideoError) -> [String: JSONValue] {
    guard let body = request.json?[wrapper]?.object else { throw .invalid("The body needs the object \(wrapper)") }
    return body
  }
}
