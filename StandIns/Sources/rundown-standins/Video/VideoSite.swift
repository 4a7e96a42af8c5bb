import FoundationEssentials

/// Stand-in of the Wowza Video REST API, all versions under one listener.
actor VideoSite: Site {
  private let account: VideoAccount
  private let time: StandInTime
  private let initial: VideoSettings
  private(set) var settings: VideoSettings
  private(set) var targets = StreamTargetShelf()
  private(set) var assets = AssetShelf()
  private(set) var streams = LiveStreamShelf()
  private(set) var realTime = RealTimeShelf()
  private var seen: [String: (answer: Answer, at: Date)] = [:]
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

  func answer(_ ask: Ask) -> Answer {
    let now = time.now()
    do throws(VideoError) {
      let (version, path) = try Self.version(of: ask)
      guard let version else { return Self.versions() }
      try account.check(ask, version: version, now: now)
      if ask.method == "GET", let old = seen[ask.target], now.timeIntervalSince(old.at) < settings.cacheSeconds {
        return old.answer
      }
      let answer = try route(ask, version, path, now)
      if ask.method == "GET", settings.cacheSeconds > 0 {
        if seen.count >= Self.cacheLimit { seen = [:] }
        seen[ask.target] = (answer, now)
      }
      return answer
    } catch {
      return error.answer
    }
  }

  func unauthorized(code: String?) -> Answer {
    VideoError.unauthorized(code ?? "ERR-401-InvalidToken").answer
  }

  func failure(status: Int) -> Answer {
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

  /// What an encoder does: the stream is live from now on.
  func publish(realTime id: String) throws(VideoError) {
    try realTime.publish(id)
  }

  /// A new id in the look of the real ones.
  func newID() -> String {
    random.word(8)
  }

  /// As just started: nothing there, no counts, the first settings.
  func reset() {
    targets = StreamTargetShelf()
    assets = AssetShelf()
    streams = LiveStreamShelf()
    realTime = RealTimeShelf()
    seen = [:]
    settings = initial
  }

  /// The version in the path and what follows it; no version for the list of versions.
  private static func version(of ask: Ask) throws(VideoError) -> (VideoVersion?, [String]) {
    let parts = ask.segments
    if ask.method == "GET", parts == ["api", "versions"] { return (nil, []) }
    guard parts.count > 2, parts[0] == "api", parts[1].hasPrefix("v"),
      let version = VideoVersion(rawValue: String(parts[1].dropFirst()))
    else { throw .notFound }
    return (version, Array(parts.dropFirst(2)))
  }

  private static func versions() -> Answer {
    let all = VideoVersion.allCases.map { version in
      let entry: JSONValue = ["status": "supported", "base_uri": .string("/api/v" + version.rawValue)]
      return (version.rawValue, entry)
    }
    return Answer(200, json: .object(Dictionary(uniqueKeysWithValues: all)))
  }

  private func route(
    _ ask: Ask, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Answer {
    if path.first == "stream_targets", path.count > 1, path[1] == version.targetKind {
      return try routeTargets(ask, version, Array(path.dropFirst(2)), now)
    }
    if path.first == "live_streams" { return try routeStreams(ask, version, Array(path.dropFirst()), now) }
    if path.first == "assets", version.hasAssets { return try routeAssets(ask, Array(path.dropFirst()), now) }
    if path.first == "real_time", version.hasRealTime {
      return try routeRealTime(ask, version, Array(path.dropFirst()), now)
    }
    throw .notFound
  }

  private func routeTargets(
    _ ask: Ask, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Answer {
    let wrapper = "stream_target_" + version.targetKind
    switch (ask.method, path.count) {
    case ("GET", 0):
      return try ListQuery(ask, settings).answer(
        targets.listItems, as: "stream_targets_" + version.targetKind)
    case ("POST", 0):
      let body = try Self.body(ask, wrapper)
      let target = try targets.create(body, version: version, now: now, random: &random)
      return Answer(201, json: [wrapper: .object(StreamTargetShelf.told(target, settings))])
    case ("GET", 1):
      return Answer(200, json: [wrapper: .object(try targets.find(path[0], settings, now: now))])
    case ("PATCH", 1):
      let target = try targets.update(path[0], try Self.body(ask, wrapper), version: version, now: now)
      return Answer(200, json: [wrapper: .object(target)])
    case ("DELETE", 1):
      try targets.delete(path[0])
      return Answer(204)
    default:
      throw .notFound
    }
  }

  private func routeStreams(
    _ ask: Ask, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Answer {
    switch (ask.method, path.count, path.last) {
    case ("GET", 0, _):
      let items = streams.inOrder.map { $0.listItem(at: now, version: version, settings) }
      return try ListQuery(ask, settings).answer(items, as: "live_streams")
    case ("GET", 1, _):
      let stream = try streams.find(path[0], settings, now: now)
      return Answer(200, json: ["live_stream": .object(stream.record(at: now, version: version, settings))])
    case ("GET", 2, "state"):
      let state = try streams.find(path[0], settings, now: now).shownState(at: now, settings)
      // Only a started stream has an address.
      let address: JSONValue = state == .started ? "192.0.2.1" : "0.0.0.0"
      return Answer(200, json: ["live_stream": ["ip_address": address, "state": .string(state.rawValue)]])
    case ("PUT", 2, "start"):
      try streams.start(path[0], settings, now: now)
      return Answer(200, json: ["live_stream": ["state": "starting"]])
    case ("PUT", 2, "stop"):
      try streams.stop(path[0], settings, now: now)
      return Answer(200, json: ["live_stream": ["state": "stopped"]])
    default:
      throw .notFound
    }
  }

  private func routeAssets(_ ask: Ask, _ path: [String], _ now: Date) throws(VideoError) -> Answer {
    switch (ask.method, path.count, path.last) {
    case ("GET", 0, _):
      let items = assets.inOrder.map { JSONValue.object($0.record(at: now)) }
      return try ListQuery(ask, settings, perPage: 15).answer(items, as: "assets", payloadVersion: 2.0)
    case ("GET", 1, _):
      return Answer(200, json: ["asset": .object(try assets.get(path[0]).record(at: now))])
    case ("DELETE", 1, _):
      try assets.delete(path[0], now: now)
      streams.delete(ofAsset: path[0])
      return Answer(204)
    case ("POST", 2, "live_streams"):
      let asset = try assets.get(path[0])
      switch asset.state(at: now) {
      case .completed: break
      case .failed: throw .invalid("The asset could not be processed")
      case .uploading, .processing: throw .notAvailable
      }
      let stream = try streams.restream(asset, settings, now: now, random: &random)
      let wrapper = settings.restreamWrapper.rawValue
      return Answer(200, json: [wrapper: ["id": .string(stream.id), "name": .string(stream.name)]])
    default:
      throw .notFound
    }
  }

  private func routeRealTime(
    _ ask: Ask, _ version: VideoVersion, _ path: [String], _ now: Date
  ) throws(VideoError) -> Answer {
    let wrapper = "real_time_stream"
    switch (ask.method, path.count, path.last) {
    case ("GET", 0, _):
      // No pagination in any example: one page is all.
      return Answer(200, json: ["real_time_streams": .array(realTime.listItems)])
    case ("POST", 0, _):
      let id = try realTime.create(try Self.body(ask, wrapper), now: now, random: &random)
      return Answer(201, json: [wrapper: .object(try realTime.get(id, version: version))])
    case ("GET", 1, _):
      return Answer(200, json: [wrapper: .object(try realTime.get(path[0], version: version))])
    case ("PATCH", 1, _):
      try realTime.update(path[0], try Self.body(ask, wrapper), now: now)
      return Answer(200, json: [wrapper: .object(try realTime.get(path[0], version: version))])
    case ("DELETE", 1, _):
      try realTime.delete(path[0])
      return Answer(204)
    case ("GET", 2, "state") where version.controlsRealTime:
      _ = try realTime.get(path[0], version: version)
      // The other wrapper is the specification's.
      return Answer(200, json: ["real_time": ["state": .string(realTime.state(path[0]))]])
    case ("PUT", 2, "stop") where version.controlsRealTime:
      try realTime.stop(path[0])
      return Answer(200, json: [wrapper: ["state": "stopped"]])
    default:
      throw .notFound
    }
  }

  private static func body(_ ask: Ask, _ wrapper: String) throws(VideoError) -> [String: JSONValue] {
    guard let body = ask.json?[wrapper]?.object else { throw .invalid("The body needs the object \(wrapper)") }
    return body
  }
}
