import FoundationEssentials

/// The control API: faults, counts, state, seeds. Described in docs/stand-ins.md.
actor ControlSite {
  private let engines: [String: EngineSite]
  private let video: VideoSite
  private let s3: S3ProxySite?
  private let board: FaultBoard
  private let journal: Journal
  private let listeners: Listeners
  private let clock: StandInClock
  private var time: StandInTime { clock.time }

  init(
    engines: [String: EngineSite], video: VideoSite, s3: S3ProxySite?, board: FaultBoard, journal: Journal,
    listeners: Listeners, clock: StandInClock
  ) {
    self.engines = engines
    self.video = video
    self.s3 = s3
    self.board = board
    self.journal = journal
    self.listeners = listeners
    self.clock = clock
  }

  func answer(_ request: Request) async -> Reply {
    do {
      return try await route(request)
    } catch let error as ControlError {
      return error.answer
    } catch let error as VideoError {
      return error.answer
    } catch {
      return ControlError(status: 500, message: "a listener could not be opened again").answer
    }
  }

  private func route(_ request: Request) async throws -> Reply {
    let path = request.segments
    switch (request.method, path.first ?? "", path.count) {
    case ("GET", "healthz", 1):
      return Reply(200, json: ["ok": true, "listening": .object(await listeners.open().mapValues(JSONValue.bool))])
    case ("GET", "counts", 1):
      return Reply(200, json: await counts())
    case ("GET", "state", 1):
      return Reply(200, json: await state())
    case ("GET", "journal", 1):
      return Reply(200, json: ["requests": .array(await journal.all().map(Self.line))])
    case ("POST", "assets", 1):
      return try await seed(request)
    case ("POST", "publish", 2):
      try await video.publish(realTime: path[1])
      return Reply(200, json: ["ok": true])
    case ("POST", "reset", 1):
      return try await reset()
    case ("POST", "clock", 1):
      clock.set(try ClockReading.read(request).date)
      return Reply(200, json: ["ok": true])
    case (_, "faults", _):
      return try await faults(request, Array(path.dropFirst()))
    case (_, "settings", 2...):
      return try await settings(request, path.dropFirst().joined(separator: " "))
    default:
      throw ControlError.notFound
    }
  }

  // MARK: Faults

  private func faults(_ request: Request, _ path: [String]) async throws -> Reply {
    switch (request.method, path.count) {
    case ("GET", 0):
      let all = await board.all().map { Self.shown($0.posted, active: $0.active) }
      return Reply(200, json: ["faults": .array(all)])
    case ("POST", 0):
      return try await post(request)
    case ("DELETE", 0):
      let removed = await board.remove()
      try await listeners.bringUp()
      return Reply(200, json: ["removed": .integer(removed.count)])
    case ("DELETE", 1):
      guard let id = Int(path[0]), let removed = await board.remove(id: id).first else {
        throw ControlError(status: 404, message: "no fault with this id")
      }
      if removed.kind == .down { try await listeners.bringUp(removed.listener) }
      return Reply(200, json: ["removed": 1])
    default:
      throw ControlError.notFound
    }
  }

  private func post(_ request: Request) async throws -> Reply {
    let fault = try Fault.read(request)
    if let problem = fault.problem(listeners: await listeners.names) {
      throw ControlError.bad(problem)
    }
    guard let posted = await board.post(fault) else {
      throw ControlError(status: 409, message: "there are \(FaultBoard.limit) faults: DELETE /faults first")
    }
    if fault.kind == .down, let seconds = fault.durationSeconds {
      await listeners.takeDown(fault.listener, seconds: seconds)
    }
    return Reply(201, json: Self.shown(posted, active: true))
  }

  private static func shown(_ posted: FaultBoard.Posted, active: Bool) -> JSONValue {
    var shown = JSONValue.of(posted.fault)?.object ?? [:]
    shown["id"] = .integer(posted.id)
    shown["applied"] = .integer(posted.applied)
    shown["active"] = .bool(active)
    return .object(shown)
  }

  // MARK: Settings and seeds

  private func settings(_ request: Request, _ name: String) async throws -> Reply {
    if name == "video" {
      if request.method == "PATCH" { await video.change(try await video.settings.patched(by: request)) }
      return Reply(200, json: JSONValue.of(await video.settings) ?? [:])
    }
    guard name.hasPrefix("engine "), let engine = engines[String(name.dropFirst("engine ".count))] else {
      throw ControlError.notFound
    }
    if request.method == "PATCH" { await engine.change(try await engine.settings.patched(by: request)) }
    return Reply(200, json: JSONValue.of(await engine.settings) ?? [:])
  }

  private func seed(_ request: Request) async throws -> Reply {
    let seed = try AssetSeed.read(request)
    let now = time.now()
    let asset = seed.asset(id: seed.id == nil ? await video.newID() : "", now: now)
    await video.seed(asset)
    return Reply(201, json: .object(asset.record(at: now)))
  }

  private func reset() async throws -> Reply {
    _ = await board.remove()
    try await listeners.bringUp()
    for engine in engines.values { await engine.reset() }
    await video.reset()
    await s3?.reset()
    await journal.clear()
    return Reply(200, json: ["ok": true])
  }

  // MARK: What happened

  private func counts() async -> JSONValue {
    var shown: [String: JSONValue] = [:]
    for (name, engine) in engines {
      shown[name] = EngineCounts.json(
        await engine.applications, requests: await journal.requests(at: "engine " + name))
    }
    let video = VideoCounts.json(
      targets: await video.targets, streams: await video.streams, realTime: await video.realTime,
      requests: await journal.requests(at: "video"), at: time.now())
    var counts: [String: JSONValue] = ["engines": .object(shown), "video": video]
    if let s3 { counts["s3"] = await s3.book.json(requests: await journal.requests(at: "s3")) }
    return .object(counts)
  }

  private func state() async -> JSONValue {
    var shown: [String: JSONValue] = [:]
    for (name, engine) in engines {
      shown[name] = .object(await engine.applications.mapValues { SecretMask.mask($0.map.list(.asStored)) })
    }
    let now = time.now()
    let streams = await video.streams.inOrder.map { stream in
      var record = stream.record(at: now, version: .v2_0)
      record["starts"] = .integer(stream.starts)
      record["stops"] = .integer(stream.stops)
      return JSONValue.object(record)
    }
    return [
      "engines": .object(shown),
      "targets": .array(await video.targets.targets.values.map { SecretMask.mask(.object($0)) }),
      "assets": .array(await video.assets.inOrder.map { .object($0.record(at: now)) }),
      "liveStreams": .array(streams),
      "realTimeStreams": .array(await video.realTime.streams.values.map { SecretMask.mask(.object($0)) }),
    ]
  }

  private static func line(_ line: Journal.Line) -> JSONValue {
    [
      "at": .string(StandInTime.text(line.at)), "listener": .string(line.listener), "method": .string(line.method),
      "path": .string(line.path), "status": line.status.map(JSONValue.integer) ?? nil,
      "faults": .array(line.faults.map { .string($0.rawValue) }),
    ]
  }
}
