import JobQueue

/// A store under test, with helpers for what nearly every case does.
struct StoreBench: Sendable {
  let store: any JobStore

  static let alice = WorkerID("alice")
  static let bob = WorkerID("bob")

  func enqueue(_ jobs: [NewJob], at now: Timestamp = at(0)) async throws -> [EnqueueReceipt] {
    try await store.enqueue(jobs, at: now)
  }

  /// Enqueues one job.
  func add(_ job: NewJob = NewJob(kind: "work"), at now: Timestamp = at(0)) async throws -> JobID {
    try require(try await store.enqueue([job], at: now).first, "the receipt").id
  }

  /// Leases up to `count` jobs of the default queue for 30 s.
  func lease(
    _ count: Int = 1, by owner: WorkerID = alice, at now: Timestamp = at(1), queue: String = "default"
  ) async throws -> [LeasedJob] {
    try await store.lease(
      LeaseRequest(owner: owner, limits: [.init(queue: queue, count: count)], duration: .seconds(30)), at: now)
  }

  /// Ends an attempt by closing its gate, for 5 s.
  func closeGate(_ leased: LeasedJob, requested: Duration? = nil, at now: Timestamp) async throws {
    let closure = GateClosure(base: .seconds(5), requested: requested, why: "nobody answers")
    try await end(leased, .closeGate(closure), at: now)
  }

  func gate(_ key: String = "g") async throws -> GateStatus {
    try require(try await store.gates().first { $0.gate.key == key }, "gate \(key)")
  }

  /// Requests a unit of a budget of two within 100 s.
  func acquire(_ leased: LeasedJob, for effect: String? = "e", size: Int = 2, at now: Timestamp) async throws
    -> BudgetAnswer
  {
    try await store.acquire(
      BudgetDemand(key: Self.budget, size: size, window: .seconds(100)), for: effect, under: leased.lease, at: now)
  }

  func budget(at now: Timestamp) async throws -> BudgetStatus {
    try require(try await store.budgets(at: now).first { $0.key == Self.budget }, "the budget")
  }

  static let budget = BudgetKey(account: "a", resource: "things")

  /// Leases one job, which must exist.
  func leaseOne(by owner: WorkerID = alice, at now: Timestamp = at(1)) async throws -> LeasedJob {
    try require(try await lease(by: owner, at: now).first, "a ready job")
  }

  /// Enqueues a job and leases it.
  func running(_ job: NewJob = NewJob(kind: "work"), at now: Timestamp = at(1)) async throws -> LeasedJob {
    let id = try await add(job, at: now)
    return try require(try await lease(100, at: now).first { $0.job.id == id }, "the lease of the new job")
  }

  /// Ends an attempt and returns the job's next state.
  @discardableResult
  func end(
    _ leased: LeasedJob, _ outcome: Outcome, at now: Timestamp = at(2), notes: [Note] = [], isAnswered: Bool = false
  ) async throws -> CompletionReceipt {
    let completion = Completion(lease: leased.lease, outcome: outcome, notes: notes, isAnswered: isAnswered)
    return try require(try await store.complete([completion], at: now).first, "the receipt")
  }

  /// Lets the job of a lease run out and be taken back.
  @discardableResult
  func lose(_ leased: LeasedJob, crashLimit: Int = 100, at now: Timestamp) async throws -> JobState? {
    try await store.reap(gone: [leased.lease.owner], crashLimit: crashLimit, limit: 100, at: now)[leased.job.id]
  }

  /// Looks for lost workers, with leases of 30 s.
  @discardableResult
  func reap(
    gone: [WorkerID] = [], alive: [WorkerID] = [], crashLimit: Int = 3, at now: Timestamp
  ) async throws -> [JobID: JobState] {
    var terms = LeaseTerms.standard
    terms.crashLimit = crashLimit
    return try await store.reap(WorkerSightings(gone: gone, alive: alive), terms: terms, limit: 100, at: now)
  }

  func job(_ id: JobID, file: StaticString = #fileID, line: UInt = #line) async throws -> Job {
    try require(try await store.jobs(JobQuery(ids: [id])).first, "job \(id)", file: file, line: line)
  }

  func state(_ id: JobID, file: StaticString = #fileID, line: UInt = #line) async throws -> JobState {
    try await job(id, file: file, line: line).state
  }

  func lastAttempt(_ id: JobID) async throws -> Attempt {
    try require(try await store.attempts(of: id).last, "an attempt of job \(id)")
  }

  func effect(_ name: String, of id: JobID) async throws -> EffectRecord {
    try require(try await store.journal(of: id).effects[name], "effect \(name)")
  }

  /// Runs something that must be refused with `code`.
  func refuses(
    _ code: JobStoreError.Code, file: StaticString = #fileID, line: UInt = #line, _ body: () async throws -> Void
  ) async throws {
    do {
      try await body()
    } catch let error as JobStoreError {
      return try expect(error.code, is: code, "the error's code", file: file, line: line)
    }
    throw ConformanceFailure(
      expectation: "\(code.rawValue) was expected, nothing was thrown", location: "\(file):\(line)")
  }
}

/// A time in the suite's own count, in seconds.
func at(_ seconds: Int) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000 + Int64(seconds) * 1000) }

let done = Outcome.done(output: "{}")
let broken = Failure(code: "broken", message: "it broke")
