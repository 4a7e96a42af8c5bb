import JobQueue
import JobQueueTestKit

/// A job with one effect, run by hand: a store, a provider, a clock that stands still.
struct Given {
  let clock = VirtualClock()
  let store = InMemoryJobStore(random: SeededRandom(seed: 1))
  let provider: CountingProvider
  let name = "target-a"

  init(lag: Duration = .zero) {
    provider = CountingProvider(clock: clock, lag: lag)
  }

  func enqueue(_ job: NewJob = NewJob(kind: "create")) async throws -> JobID {
    try await store.enqueue([job], at: clock.now())[0].id
  }

  func lease(by worker: String = "a") async throws -> LeasedJob? {
    let request = LeaseRequest(owner: WorkerID(worker), limits: [.init(queue: "default", count: 1)])
    return try await store.lease(request, at: clock.now()).first
  }

  func context(
    _ leased: LeasedJob, attemptNotes: AttemptNotes = AttemptNotes(), faults: any FaultInjector = NoFaults()
  ) -> JobContext {
    JobContext(job: leased, store: store, clock: clock, attemptNotes: attemptNotes, faults: faults)
  }

  /// A new job, leased.
  func running(by worker: String = "a", faults: any FaultInjector = NoFaults()) async throws -> JobContext {
    _ = try await enqueue()
    guard let leased = try await lease(by: worker) else { throw Unexpected(what: "no ready job") }
    return context(leased, faults: faults)
  }

  /// The same job, leased by the next worker, once its lease has run out.
  func takenOver(by worker: String) async throws -> JobContext {
    clock.advance(by: .seconds(30))
    _ = try await store.reap(gone: [], crashLimit: 100, limit: 10, at: clock.now())
    guard let leased = try await lease(by: worker) else { throw Unexpected(what: "no ready job") }
    return context(leased)
  }

  @discardableResult
  func create(_ context: JobContext) async throws -> EffectResult<CountingProvider.Thing> {
    try await context.effect(
      "create", find: { _ in Finding(try await provider.find(name)) }, perform: { try await provider.create(name) })
  }

  @discardableResult
  func complete(_ context: JobContext, _ outcome: Outcome = .done(output: "{}")) async throws -> CompletionReceipt {
    try await store.complete([Completion(lease: context.lease, outcome: outcome)], at: clock.now())[0]
  }

  func record(of job: JobID) async throws -> EffectRecord? {
    try await store.journal(of: job).effects["create"]
  }
}

struct Unexpected: Error {
  let what: String
}

/// Runs something else at the first arrival at a point: the other column of a timeline.
actor Interlude: FaultInjector {
  private let point: FaultPoint
  private var body: (@Sendable () async throws -> Void)?

  init(at point: FaultPoint, _ body: @escaping @Sendable () async throws -> Void) {
    self.point = point
    self.body = body
  }

  func reached(_ point: FaultPoint) async throws {
    guard point == self.point, let body else { return }
    self.body = nil
    try await body()
  }
}
