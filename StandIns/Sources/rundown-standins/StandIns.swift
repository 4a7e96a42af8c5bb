/// The running stand-ins for both providers, and the proxy to an S3 server if there is one, with their control API.
///
/// A test starts them in its own process and stops them at its end:
///
///     let standIns = try await StandIns.start(StandInsConfiguration())
///     … standIns.ports.video …
///     await standIns.stop()
struct StandIns: Sendable {
  /// Where they listen; a listener keeps its port while it is down.
  let ports: StandInsPorts

  private let control: Listener
  private let listeners: Listeners

  /// Starts everything; returns when every listener accepts connections.
  static func start(_ configuration: StandInsConfiguration) async throws -> StandIns {
    let clock = StandInClock(until: configuration.time)
    let time = clock.time
    var random = SeededRandom(seed: configuration.seed)
    func fork() -> SeededRandom { SeededRandom(seed: random.next()) }

    let board = FaultBoard(time: time, random: fork())
    let journal = Journal()
    func listener(_ name: String, _ port: Int, _ site: any Site, bodyLimit: Int = Listener.bodyLimit) -> Listener {
      let middleware = FaultMiddleware(
        name: name, site: site, board: board, journal: journal, time: time, random: fork())
      return Listener(port: port, bodyLimit: bodyLimit) { await middleware.respond(to: $0) }
    }

    var sites: [String: EngineSite] = [:]
    var doors: [String: Listener] = [:]
    for (name, port) in configuration.engines.sorted(by: { $0.key < $1.key }) {
      let site = EngineSite(
        applications: configuration.applications, account: configuration.engineAccount,
        settings: configuration.engineSettings, time: time, random: fork())
      sites[name] = site
      doors["engine " + name] = listener("engine " + name, port, site)
    }
    let video = VideoSite(
      account: configuration.videoAccount, settings: configuration.videoSettings, time: time, random: fork())
    doors["video"] = listener("video", configuration.videoPort, video)

    let s3 = configuration.s3Upstream.map { S3ProxySite(upstream: $0) }
    if let s3 { doors["s3"] = listener("s3", configuration.s3Port, s3, bodyLimit: S3ProxySite.bodyLimit) }

    let listeners = Listeners(doors, time: time)
    let site = ControlSite(
      engines: sites, video: video, s3: s3, board: board, journal: journal, listeners: listeners, clock: clock)
    let control = Listener(port: configuration.controlPort) { request in
      // The control API is ours: it has no faults, and the order of its keys does not matter.
      var order = SeededRandom(seed: 0)
      return .answer(await site.answer(request).response(shuffledBy: &order))
    }
    do {
      try await listeners.bringUp()
      try await control.open()
    } catch {
      await listeners.close()
      throw error
    }
    var engines: [String: Int] = [:]
    for name in sites.keys { engines[name] = await doors["engine " + name]?.port }
    let ports = StandInsPorts(
      control: await control.port, engines: engines, video: await doors["video"]?.port ?? 0,
      s3: await doors["s3"]?.port)
    return StandIns(ports: ports, control: control, listeners: listeners)
  }

  /// Closes every listener and connection.
  func stop() async {
    await control.close()
    await listeners.close()
  }
}
