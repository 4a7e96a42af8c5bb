import FoundationEssentials
import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import Logging
import SQLiteJobStore
import Secrets
import StreamingJobs
import TestServers
import Testing
import Threading
import WowzaEngineClient
import WowzaVideoClient

@testable import JobWorker

/// A real file, a real worker and the real clients. Their requests go over sockets by a road on which trouble is laid, to
/// stand-ins that are well all the time.
struct OutageTrial: Sendable {
  /// Time goes faster for the queue and its worker, so that a minute between two probes is one second.
  static let speed = 60

  let clock = QuickClock(speed: speed)
  let road: TroubledRoad
  let store: SQLiteJobStore
  private let standIns: StandIns
  private let clients: LocalClients

  /// Runs `body` and stops everything at its end.
  static func open(_ body: (OutageTrial) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/outage-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))
    var configuration = StandInsConfiguration()
    configuration.engineAccount = StandInsConfiguration.EngineAccount(
      user: Given.engineUser, password: Given.enginePassword)
    configuration.videoAccount.token = Given.token
    let standIns = try await StandIns.start(configuration)
    let store = try await SQLiteJobStore.open(at: folder + "/queue.db")
    var failure: (any Error)?
    do {
      try await body(try OutageTrial(TroubledRoad(transport), store, standIns))
    } catch {
      failure = error
    }
    await store.close()
    transport.shutdown()
    await standIns.stop()
    if let failure { throw failure }
  }

  private init(_ road: TroubledRoad, _ store: SQLiteJobStore, _ standIns: StandIns) throws {
    self.road = road
    self.store = store
    self.standIns = standIns
    let engine = WowzaEngineClient(
      transport: road, baseURL: "http://127.0.0.1:\(try #require(standIns.ports.engines["fra1"]))",
      credentials: {
        WowzaEngineCredentials(user: Secret(Given.engineUser), password: Secret(Given.enginePassword))
      })
    let video = WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(standIns.ports.video)", version: try #require(WowzaVideoVersion("v1.11")),
      credentials: { .bearer(Secret(Given.token)) }, transport: road, now: { SystemClock().now().milliseconds / 1000 })
    clients = LocalClients(
      engines: ["fra1": engine], accounts: ["main": video], pushKeys: ["push": { Given.pushKey }])
  }

  /// Asks for a map entry; those of different applications are written side by side.
  @discardableResult
  func enqueue(_ name: String, maxAttempts: Int? = nil, priority: Int = 0) async throws -> JobID {
    var parameters = MapEntryTests.single
    parameters.entryName = name
    var job = try parameters.newJob()
    if let maxAttempts { job.maxAttempts = maxAttempts }
    job.priority = priority
    return try #require(try await store.enqueue([job], at: clock.now()).first).id
  }

  func enqueue(_ parameters: some JobParameters) async throws {
    _ = try await store.enqueue([try parameters.newJob()], at: clock.now())
  }

  /// Works until nothing is left to do, and tells of each end that is recorded.
  func work(_ ended: @escaping @Sendable (Ended) async throws -> Void = { _ in }) async throws {
    var configuration = WorkerConfiguration(queues: ["engines": 8, "wowza-video": 8])
    configuration.concurrency["engine:fra1"] = 8
    configuration.exit = .whenIdle(waitForScheduled: true)
    // A lease or a limit that runs out on a busy machine would be another story.
    for kind in [CreateMapEntry.kind, CreateFastlyTarget.kind, RestreamAsset.kind] {
      configuration.timeouts[kind] = .seconds(36_000)
    }
    configuration.terms = LeaseTerms(duration: .seconds(36_000), heartbeat: .seconds(600), crashLimit: 3)
    configuration.around = { context, run in try await ExchangeNotes.told(in: context, run) }
    let (events, continuation) = AsyncStream<WorkerEvent>.makeStream()
    let worker = Worker(
      store: store, registry: JobKinds.streaming.registry(clients: clients, queue: store), configuration: configuration,
      clock: clock,
      random: JobQueueTestKit.SeededRandom(seed: 1), logger: Logger(label: "trial") { _ in SwiftLogNoOpLogHandler() },
      events: { continuation.yield($0) })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { continuation.finish() }
        try await worker.run()
      }
      group.addTask {
        for await event in events {
          guard case .recorded(let leased, let outcome, let state, _) = event else { continue }
          var isOutage = false
          if case .closeGate = outcome { isOutage = true }
          try await ended(Ended(job: leased.job, isOutage: isOutage, state: state))
        }
      }
      try await group.waitForAll()
    }
  }

  /// The end of an attempt.
  struct Ended: Sendable {
    var job: Job
    /// Whether it met the outage and counts nothing.
    var isOutage: Bool
    var state: JobState
  }

  /// All jobs of a state.
  func jobs(_ state: JobState? = nil) async throws -> [Job] {
    try await store.jobs(JobQuery(states: state.map { [$0] } ?? [], limit: 1000))
  }

  func gate(_ key: String = "engine:fra1") async throws -> Gate? {
    try await store.gates().map(\.gate).first { $0.key == key }
  }
}

/// The wall clock, at so many times its speed since it was made.
struct QuickClock: QueueClock {
  let speed: Int
  private let start = SystemClock().now()

  init(speed: Int) { self.speed = speed }

  func now() -> Timestamp {
    start + .milliseconds((SystemClock().now().milliseconds - start.milliseconds) * Int64(speed))
  }

  func sleep(until deadline: Timestamp) async throws { try await sleep(for: deadline - now()) }

  func sleep(for duration: Duration) async throws { try await SystemClock().sleep(for: duration / speed) }
}

/// A transport that leads some requests to another port.
final class TroubledRoad: HTTPTransport {
  private struct State {
    var detour: (@Sendable (HTTPRequest) -> UInt16?)?
    var timeout: Duration?
    var led = 0
  }

  private let base: any HTTPTransport
  private let state = MutexBox(State())

  init(_ base: any HTTPTransport) { self.base = base }

  /// Leads requests elsewhere from now on.
  /// - Parameters:
  ///   - timeout: how long every exchange may take; nil for what its client allows.
  ///   - detour: the port; nil for the way that was meant.
  func lead(timeout: Duration? = nil, _ detour: @escaping @Sendable (HTTPRequest) -> UInt16?) {
    state.withLock { ($0.detour, $0.timeout) = (detour, timeout) }
  }

  /// All go where they are meant to.
  func mend() { state.withLock { $0.detour = nil } }

  /// How many were led elsewhere.
  var led: Int { state.withLock { $0.led } }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let (port, timeout) = state.withLock { state in
      let port = state.detour?(request)
      if port != nil { state.led += 1 }
      return (port, state.timeout)
    }
    var request = request
    if let timeout, port != nil { request.timeouts = HTTPTimeouts(total: timeout) }
    if let port, let start = request.url.firstRange(of: "://")?.upperBound {
      let path = request.url[start...].firstIndex(of: "/") ?? request.url.endIndex
      request.url = "http://127.0.0.1:\(port)\(request.url[path...])"
    }
    return try await base.send(request)
  }
}

extension HTTPRequest {
  var isRead: Bool { method == "GET" || method == "HEAD" }
}
