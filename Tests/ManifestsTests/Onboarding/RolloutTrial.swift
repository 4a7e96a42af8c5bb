import JobQueue
import JobQueueTestKit
import JobWorker
import Manifests
import StreamingJobs
import Testing

/// A rollout of a few streams through a queue: jobs fail by the seed, checks are run as a worker runs them, and every job that
/// begins is held to the promise.
struct RolloutTrial {
  private let seed: UInt64
  private let random: SeededRandom
  private let clock = VirtualClock(Given.now)
  private let store: InMemoryJobStore
  private let registry: HandlerRegistry
  private let percent: Int
  private var fails: Set<JobID> = []

  init(seed: UInt64) async throws {
    self.seed = seed
    random = SeededRandom(seed: seed)
    store = InMemoryJobStore(random: SeededRandom(seed: seed))
    var registry = HandlerRegistry()
    registry.register(CheckWaveHandler(queue: store))
    self.registry = registry
    percent = [0, 10, 40][Int(seed % 3)]
    let streams = 3 + Int(seed % 9)
    let expansion = try ManifestGiven.expand(
      """
      groups:
        - {name: all, cdn: wowza-cdn, generate: {name: "cam-{n}", from: 1, to: \(streams)}}
      rollout: {canary: \(1 + seed % 2), waves: [2, 3, rest], stopOn: {failedPercent: \(percent)}}
      """)
    let receipts = try await store.enqueue(try RolloutWaves(expansion, expansion.rollout).jobs, at: clock.now())
    var random = random
    for receipt in receipts where Int.random(in: 0..<100, using: &random) < 12 { fails.insert(receipt.id) }
    // A check has no failures of its own.
    let jobs = try await jobs()
    fails.subtract(jobs.filter { $0.kind == CheckWave.kind }.map(\.id))
  }

  private func jobs() async throws -> [Job] { try await store.allJobs(JobQuery()) }

  private static func wave(_ job: Job) -> Int? { job.labels[ManifestLabel.wave].flatMap { Int($0) } }

  /// Whatever was wrong is put right.
  mutating func mend() { fails = [] }

  func unfinished() async throws -> Int { try await jobs().filter { $0.state != .completed }.count }

  /// The failed jobs first, as the hint says; then the checks.
  func retryAll() async throws {
    let dead = try await jobs().filter { $0.state == .dead }
    for isCheck in [false, true] {
      _ = try await store.retry(dead.filter { ($0.kind == CheckWave.kind) == isCheck }.map(\.id), at: clock.now())
    }
  }

  /// Runs until nothing is ready, running or scheduled any more.
  func run() async throws {
    var turns = 0
    var random = random
    while true {
      turns += 1
      try #require(turns < 2000, "seed \(seed): it never ends")
      _ = try await store.promoteDue(at: clock.now(), limit: 100)
      let limits = JobKinds.streaming.queues.shuffled(using: &random).map {
        LeaseRequest.QueueLimit(queue: $0, count: 1 + Int.random(in: 0..<3, using: &random))
      }
      let leased = try await store.lease(LeaseRequest(owner: WorkerID("w"), limits: limits), at: clock.now())
      for job in leased { try await finish(job) }
      guard leased.isEmpty else { continue }
      guard let due = try await store.nextDue() else { break }
      clock.advance(by: max(due - clock.now(), .milliseconds(1)))
    }
    try await checkEnd()
  }

  private func finish(_ leased: LeasedJob) async throws {
    let completion: Completion
    if leased.job.kind == CheckWave.kind {
      completion = try #require(try await AttemptRunner(store: store, registry: registry, clock: clock).run(leased))
    } else {
      try await checkBegin(of: leased.job)
      let failure = Failure(code: "refused", message: "by the seed")
      completion = Completion(
        lease: leased.lease, outcome: fails.contains(leased.job.id) ? .dead(failure) : .done(output: "{}"))
    }
    _ = try await store.complete([completion], at: clock.now())
  }

  /// Whether a wave may be followed by the next one: nothing in it is open, nothing shared failed, and few enough streams.
  private func isThrough(_ wave: Int, _ jobs: [Job]) -> Bool {
    let own = jobs.filter { Self.wave($0) == wave }
    let isStuck = own.contains { $0.labels[ManifestLabel.stream] == nil && $0.state != .completed }
    let streams = Set(own.compactMap { $0.labels[ManifestLabel.stream] })
    let failed = Set(own.filter { $0.state == .dead }.compactMap { $0.labels[ManifestLabel.stream] })
    return !isStuck && own.allSatisfy { $0.state == .completed || $0.state == .dead }
      && failed.count * 100 <= streams.count * percent
  }

  private func checkBegin(of job: Job) async throws {
    let jobs = try await jobs()
    let wave = try #require(Self.wave(job))
    for former in 1..<max(wave, 1) {
      #expect(isThrough(former, jobs), "seed \(seed): \(job.kind) of wave \(wave) begins, and \(former) is not through")
    }
  }

  private func checkEnd() async throws {
    let jobs = try await jobs()
    let waves = Set(jobs.compactMap(Self.wave)).sorted()
    let stops = waves.dropLast().first { !isThrough($0, jobs) }
    let checks = jobs.filter { $0.kind == CheckWave.kind }.sorted { $0.id < $1.id }
    for (wave, check) in zip(1..., checks) {
      let expected: JobState = stops.map { wave < $0 ? .completed : wave == $0 ? .dead : .blocked } ?? .completed
      #expect(check.state == expected, "seed \(seed): check \(wave)")
      guard check.state == .dead else { continue }
      #expect(check.lastFailure?.code == "rollout-stopped", "seed \(seed)")
      #expect(check.lastFailure?.hint?.contains("rundown jobs retry \(check.id)") == true, "seed \(seed)")
    }
    for job in jobs {
      if let stops, let wave = Self.wave(job), wave > stops {
        #expect(job.state == .blocked, "seed \(seed): job \(job.id) of wave \(wave)")
      }
    }
  }
}
