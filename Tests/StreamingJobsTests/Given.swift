import FoundationEssentials
import HTTPTransport
import JobQueue
import JobQueueTestKit
import JobWorker
import Secrets
import StreamingJobs
import TestServers
import Testing
import WowzaEngineClient
import WowzaVideoClient

/// Stand-ins of the providers, the real clients to reach them, and a queue whose jobs are run by hand. All of them
/// follow one clock that stands still until it is moved.
struct Given: Sendable {
  let clock: VirtualClock
  let store = InMemoryJobStore(random: JobQueueTestKit.SeededRandom(seed: 1))
  let standIns: StandIns
  let transport: TimedTransport
  var clients: LocalClients

  static let engineUser = "canary-engine-user"
  static let enginePassword = "canary-engine-password"
  static let token = "canary-video-token"
  static let pushKey = PushKey(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("canary-push-secret"))

  /// Runs `body` against fresh stand-ins and stops them, whatever happens.
  static func standIns(
    _ change: (inout StandInsConfiguration) -> Void = { _ in }, _ body: (Given) async throws -> Void
  ) async throws {
    let clock = VirtualClock()
    var configuration = StandInsConfiguration()
    configuration.engineAccount = StandInsConfiguration.EngineAccount(user: engineUser, password: enginePassword)
    configuration.videoAccount.token = token
    configuration.now = { clock.now().milliseconds }
    change(&configuration)
    let standIns = try await StandIns.start(configuration)
    let transport = TimedTransport(standIns: standIns)
    do {
      let clients = try Self.clients(standIns.ports, transport, clock)
      try await body(Given(clock: clock, standIns: standIns, transport: transport, clients: clients))
    } catch {
      await stop(standIns, transport)
      throw error
    }
    await stop(standIns, transport)
  }

  private static func stop(_ standIns: StandIns, _ transport: TimedTransport) async {
    transport.shutdown()
    await standIns.stop()
  }

  private static func clients(
    _ ports: StandInsPorts, _ transport: TimedTransport, _ clock: VirtualClock
  ) throws -> LocalClients {
    let port = try #require(ports.engines["fra1"])
    let engine = WowzaEngineClient(
      transport: transport, baseURL: "http://127.0.0.1:\(port)",
      credentials: { WowzaEngineCredentials(user: Secret(engineUser), password: Secret(enginePassword)) })
    let video = WowzaVideoClient(
      baseURL: "http://127.0.0.1:\(ports.video)", version: try #require(WowzaVideoVersion("v1.11")),
      credentials: { .bearer(Secret(token)) }, transport: transport, now: { clock.now().milliseconds / 1000 })
    return LocalClients(engines: ["fra1": engine], accounts: ["main": video], pushKeys: ["push": { pushKey }])
  }

  // MARK: Jobs

  func enqueue(_ parameters: some JobParameters) async throws -> JobID {
    try await JobQueue(store: store, clock: clock).enqueue(parameters).id
  }

  func job(_ id: JobID) async throws -> Job {
    try #require(try await store.jobs(JobQuery(ids: [id])).first)
  }

  /// Leases the next ready job and runs it once, as a worker does; a crash leaves everything as it is, and the next
  /// host notices at once. False when no job is ready.
  @discardableResult
  func attempt(_ faults: any FaultInjector = NoFaults()) async throws -> Bool {
    let registry = JobKinds.streaming.registry(clients: clients, queue: store)
    guard let leased = try await lease(from: registry.queues) else { return false }
    try await run(leased, faults)
    return true
  }

  /// Runs a leased job once, as a worker does.
  func run(_ leased: LeasedJob, _ faults: any FaultInjector = NoFaults()) async throws {
    let runner = AttemptRunner(
      store: store, registry: JobKinds.streaming.registry(clients: clients, queue: store), clock: clock,
      random: JobQueueTestKit.SeededRandom(seed: 7), faults: faults,
      around: { context, run in try await ExchangeNotes.told(in: context, run) })
    do {
      let completion = try #require(try await runner.run(leased))
      _ = try await store.complete([completion], at: clock.now())
      try await faults.reached(.completed)
    } catch is SimulatedCrash {
      _ = try await store.reap(gone: [leased.lease.owner], crashLimit: 100, limit: 10, at: clock.now())
    }
  }

  func lease(from queues: [String]) async throws -> LeasedJob? {
    for queue in queues {
      let request = LeaseRequest(
        owner: WorkerID("worker"), limits: [LeaseRequest.QueueLimit(queue: queue, count: 1)])
      if let leased = try await store.lease(request, at: clock.now()).first { return leased }
    }
    return nil
  }

  /// Runs attempts, letting time pass up to the next one, until the job is finished or held.
  @discardableResult
  func run(_ id: JobID, _ faults: any FaultInjector = NoFaults()) async throws -> Job {
    for _ in 0..<100 {
      let job = try await job(id)
      if job.state.isFinished || job.state == .held { return job }
      if try await attempt(faults) { continue }
      try await passUntilDue()
    }
    throw Endless()
  }

  /// Lets time pass until the next job is due.
  func passUntilDue() async throws {
    let due = try #require(try await store.nextDue())
    clock.advance(by: due - clock.now())
    _ = try await store.promoteDue(at: clock.now(), limit: 10)
  }

  /// Enqueues a job and runs it to its end.
  func outcome(of parameters: some JobParameters, _ faults: any FaultInjector = NoFaults()) async throws -> Job {
    try await run(try await enqueue(parameters), faults)
  }

  struct Endless: Error {}
}

extension Job {
  /// The output, when the job is completed.
  func output<Output: Decodable>(_ type: Output.Type) throws -> Output {
    let failure = lastFailure.map { "\($0)" } ?? waitReason ?? "no reason"
    let text = try #require(output, "\(state): \(failure)")
    return try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
