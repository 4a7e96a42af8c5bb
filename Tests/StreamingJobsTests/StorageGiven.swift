import AWSClient
import Glibc
import HTTPTransport
import JobQueue
import JobQueueTestKit
import JobWorker
import Secrets
import StreamingJobs
import Testing
import WowzaEngineClient
import WowzaVideoClient

/// One AWS connection and nothing else.
struct StorageClients: ClientDirectory {
  let client: @Sendable (_ region: String?) -> S3Client

  func s3(_ name: String, region: String?) async throws -> S3Client {
    guard name == "media" else { throw MissingConnection(kind: .aws, name: name, known: ["media"]) }
    return client(region)
  }

  func engine(_ name: String) async throws -> WowzaEngineClient {
    throw MissingConnection(kind: .engine, name: name, known: [])
  }

  func wowzaVideo(_ name: String) async throws -> WowzaVideoClient {
    throw MissingConnection(kind: .wowzaVideo, name: name, known: [])
  }

  func pushKey(_ name: String) async throws -> PushKey {
    throw MissingConnection(kind: .pushCredential, name: name, known: [])
  }
}

/// Jobs of storage, run by hand on a store in memory as a worker runs them.
struct StorageGiven {
  static let accessKeyID = "AKIASTORAGETEST"
  static let secret = "canary-storage-secret-4711"
  static let token = "canary-session-token-4712"

  let clock: VirtualClock
  let store = InMemoryJobStore(random: SeededRandom(seed: 3))
  let registry: HandlerRegistry

  /// - Parameter endpoint: told the region that a job asks for.
  init(
    transport: any HTTPTransport, clock: VirtualClock = VirtualClock(),
    credentials: any AWSCredentialProvider = ClosureCredentialProvider { StorageGiven.credentials },
    seconds: (@Sendable () -> Int64)? = nil,
    endpoint: @escaping @Sendable (String?) -> S3Endpoint = { .aws(region: $0 ?? "eu-central-1") }
  ) {
    self.clock = clock
    // As in a worker: every attempt has a client of its own.
    let conditions = S3Conditions()
    registry = JobKinds.streaming.registry(
      clients: StorageClients { region in
        S3Client(
          transport: transport, credentials: credentials, endpoint: endpoint(region),
          conditions: conditions, clock: seconds ?? { clock.now().milliseconds / 1000 })
      }, queue: store)
  }

  static let credentials = AWSCredentials(
    accessKeyID: accessKeyID, secretAccessKey: Secret(secret), sessionToken: Secret(token))

  func enqueue(_ parameters: some JobParameters) async throws -> JobID {
    try await store.enqueue([parameters.newJob()], at: clock.now())[0].id
  }

  func job(_ id: JobID) async throws -> Job {
    try #require(try await store.jobs(JobQuery(ids: [id])).first)
  }

  /// Runs a new job until it is finished or held.
  func run(_ parameters: some JobParameters, faults: any FaultInjector = NoFaults()) async throws -> Job {
    try await finish(enqueue(parameters), faults: faults)
  }

  /// Runs a job until it is finished or held; a crash is followed by another worker.
  func finish(_ id: JobID, faults: any FaultInjector = NoFaults()) async throws -> Job {
    for _ in 0..<40 {
      let job = try await job(id)
      if job.state.isFinished || job.state == .held { return job }
      try await attempt(faults: faults)
    }
    throw EndlessJob(notes: try await store.attempts(of: id).flatMap(\.notes).suffix(8).map(\.text))
  }

  /// One attempt at the job that is due next; time passes until then.
  func attempt(faults: any FaultInjector = NoFaults()) async throws {
    guard let leased = try await lease() else {
      let due = try #require(try await store.nextDue())
      clock.advance(by: due - clock.now())
      _ = try await store.promoteDue(at: clock.now(), limit: 10)
      return
    }
    try await run(leased, faults)
  }

  /// Runs a leased job once, as a worker does.
  func run(_ leased: LeasedJob, _ faults: any FaultInjector = NoFaults()) async throws {
    let runner = AttemptRunner(
      store: store, registry: registry, clock: clock, random: SeededRandom(seed: 7), faults: faults,
      around: { context, run in try await ExchangeNotes.told(in: context, run) })
    do {
      if let completion = try await runner.run(leased) {
        _ = try await store.complete([completion], at: clock.now())
      }
      try await faults.reached(.completed)
    } catch is SimulatedCrash {
      _ = try await store.reap(gone: [leased.lease.owner], crashLimit: 100, limit: 10, at: clock.now())
    }
  }

  private func lease() async throws -> LeasedJob? {
    let limits = registry.queues.map { LeaseRequest.QueueLimit(queue: $0, count: 1) }
    return try await store.lease(LeaseRequest(owner: WorkerID("a"), limits: limits), at: clock.now()).first
  }
}

/// A job that is neither finished nor held after many attempts.
struct EndlessJob: Error {
  /// What it noted last.
  var notes: [String]
}

extension Job {
  /// What it says when it is done.
  func output<Output: Decodable>(as type: Output.Type) throws -> Output {
    try JSONText.decode(type, from: try #require(output))
  }
}
