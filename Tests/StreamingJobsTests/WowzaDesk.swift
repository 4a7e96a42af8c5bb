import FoundationEssentials
import HTTPTransport
import JobQueue
import JobQueueTestKit
import StreamingJobs
import Testing
import WowzaEngineClient
import WowzaVideoClient

@testable import JobWorker
@testable import rundown_standins

/// Stand-ins of both Wowza services, a store, and a worker that is run by hand, all on one clock that only the test
/// moves.
struct WowzaDesk: Sendable {
  static let pushSecret = "canary-push-secret-7d1f3a"

  let clock: VirtualClock
  let store: InMemoryJobStore
  private let standIns: StandIns
  private let transport: CurlTransport
  private let clients: StandInClients
  private let registry: HandlerRegistry

  /// Runs `body` against fresh stand-ins and stops them, whatever happens.
  static func open(
    video version: String = "v1.11", through: (CurlTransport) -> any HTTPTransport = { $0 },
    _ change: (inout StandInsConfiguration) -> Void = { _ in }, _ body: (WowzaDesk) async throws -> Void
  ) async throws {
    let clock = VirtualClock()
    var configuration = StandInsConfiguration()
    configuration.time = StandInTime(
      now: { Date(timeIntervalSince1970: Double(clock.now().milliseconds) / 1000) },
      sleep: { try await clock.sleep(for: .seconds($0)) })
    change(&configuration)
    let desk = try await WowzaDesk(StandIns.start(configuration), clock, version, through)
    do {
      try await body(desk)
    } catch {
      await desk.close()
      throw error
    }
    await desk.close()
  }

  private init(
    _ standIns: StandIns, _ clock: VirtualClock, _ version: String, _ through: (CurlTransport) -> any HTTPTransport
  ) {
    self.clock = clock
    self.standIns = standIns
    store = InMemoryJobStore(random: SeededRandom(seed: 1))
    transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: .none))
    clients = StandInClients(ports: standIns.ports, transport: through(transport), clock: clock, version: version)
    registry = StreamingJobKinds.registry(clients: clients)
  }

  private func close() async {
    transport.shutdown()
    await standIns.stop()
  }

  // MARK: Jobs

  func enqueue(_ parameters: some JobParameters, _ options: EnqueueOptions = EnqueueOptions()) async throws -> JobID {
    let receipt = try await JobQueue(store: store, clock: clock).enqueue(parameters, options)
    try #require(!receipt.alreadyPresent)
    return receipt.id
  }

  /// Runs attempt after attempt, and lets time pass up to what the jobs wait for, until every job is finished or held.
  func work(faults: any FaultInjector = NoFaults()) async throws {
    for _ in 0..<500 {
      if try await attempt(faults: faults) == nil, try await !pass() { return }
    }
    throw Endless()
  }

  /// One attempt of the job that is due, with what came of it; nil when no job is due.
  @discardableResult
  func attempt(faults: any FaultInjector = NoFaults()) async throws -> Outcome? {
    let now = clock.now()
    _ = try await store.promoteDue(at: now, limit: 100)
    _ = try await store.reap(gone: [], crashLimit: 100, limit: 100, at: now)
    for queue in registry.queues {
      let request = LeaseRequest(owner: WorkerID("hand"), limits: [.init(queue: queue, count: 1)])
      if let leased = try await store.lease(request, at: now).first { return try await run(leased, faults) }
    }
    return nil
  }

  struct Endless: Error {}

  /// What an attempt gives that a simulated crash cut short.
  private static let nothing = Outcome.handBack(why: "crashed")

  private func run(_ leased: LeasedJob, _ faults: any FaultInjector) async throws -> Outcome {
    let entry = try #require(registry[leased.job.kind])
    let notebook = Notebook()
    let context = JobContext(job: leased, store: store, clock: clock, notebook: notebook, faults: faults)
    do {
      try await faults.reached(.leased)
      var end = Run.End(result: nil, stop: nil)
      do {
        end.result = .success(try await HTTPStory.told(in: context) { try await entry.run(context) })
      } catch let crash as SimulatedCrash {
        throw crash
      } catch {
        end.result = .failure(error)
      }
      let rule = OutcomeRule(clock: clock, random: SeededRandom(seed: 1))
      let outcome = try #require(rule.outcome(of: end, for: leased.job, entry: entry))
      try await faults.reached(.beforeCompletion)
      let completion = Completion(lease: leased.lease, outcome: outcome, notes: notebook.take())
      _ = try await store.complete([completion], at: clock.now())
      try await faults.reached(.completed)
      return outcome
    } catch is SimulatedCrash {
      return Self.nothing
    }
  }

  /// Lets time pass until a job is due or a lease has run out; false when nothing is waited for.
  private func pass() async throws -> Bool {
    let expiries = try await store.jobs(JobQuery(states: [.running])).compactMap(\.leaseExpiresAt)
    let due = try await store.nextDue().map { [$0] } ?? []
    guard let next = (expiries + due).min() else { return false }
    clock.advance(by: next - clock.now())
    return true
  }

  func job(_ id: JobID) async throws -> Job {
    try #require(try await store.jobs(JobQuery(ids: [id])).first)
  }

  /// The result of a completed job.
  func output<Output: Decodable>(_ id: JobID, as type: Output.Type = Output.self) async throws -> Output {
    let job = try await job(id)
    let text = try #require(job.output, "\(job.state): \(job.lastFailure?.message ?? job.waitReason ?? "")")
    return try JSONText.decode(Output.self, from: text)
  }

  /// The failure of a dead job.
  func death(_ id: JobID) async throws -> Failure {
    let job = try await job(id)
    try #require(job.state == .dead)
    return try #require(job.lastFailure)
  }

  /// Everything that the store keeps of a job, as text.
  func everything(of id: JobID) async throws -> String {
    "\(try await job(id)) \(try await store.attempts(of: id)) \(try await store.journal(of: id))"
  }

  // MARK: Stand-ins

  /// The client that another person would use.
  func engine() async throws -> WowzaEngineClient {
    try await clients.engine("fra1")
  }

  /// The client that another person would use.
  func video() async throws -> WowzaVideoClient {
    try await clients.wowzaVideo("main")
  }

  /// Asks the control API and expects it to agree.
  @discardableResult
  func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> rundown_standins.JSONValue {
    let response = try await transport.send(
      HTTPRequest(
        method: method, url: "http://127.0.0.1:\(standIns.ports.control)\(path)",
        body: body.map { .bytes(Array($0.utf8)) } ?? .none))
    let text = String(decoding: response.body, as: UTF8.self)
    try #require((200..<300).contains(response.status), "\(method) \(path): \(text)")
    return try JSONDecoder().decode(rundown_standins.JSONValue.self, from: Data(response.body))
  }

  func fault(_ json: String) async throws {
    try await control("POST", "/faults", json)
  }

  /// A count of the stand-in engine `fra1`.
  func engineCount(_ name: String) async throws -> Int {
    try Self.number(try await control("GET", "/counts")["engines"]?["fra1"]?[name])
  }

  /// A count of the stand-in of Wowza Video.
  func videoCount(_ name: String) async throws -> Int {
    try Self.number(try await control("GET", "/counts")["video"]?[name])
  }

  private static func number(_ value: rundown_standins.JSONValue?) throws -> Int {
    guard case .integer(let number)? = value else { throw NoNumber() }
    return number
  }

  struct NoNumber: Error {}

  /// How many requests of a method and a path the stand-ins have answered or cut.
  func requests(_ method: String, containing path: String) async throws -> Int {
    guard case .array(let lines)? = try await control("GET", "/journal")["requests"] else { return 0 }
    return lines.filter { $0["method"]?.string == method && $0["path"]?.string?.contains(path) == true }.count
  }
}
