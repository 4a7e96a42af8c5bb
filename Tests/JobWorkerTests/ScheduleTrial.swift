import JobQueue
import JobQueueTestKit
import JobWorker
import Testing
import Wire

/// Starts a show; the provider counts.
struct StartShow: JobParameters {
  static let kind = "start-show"
  static let queue = "shows"
  var occurrence: String
  var uniqueKey: String? { nil }
}

/// Ends it.
struct StopShow: JobParameters {
  static let kind = "stop-show"
  static let queue = "shows"
  var occurrence: String
  var uniqueKey: String? { nil }
}

/// What was asked of a provider.
actor ShowProvider {
  private(set) var starts: [String: Int] = [:]
  private(set) var stops: [String: Int] = [:]

  func start(_ show: String) { starts[show, default: 0] += 1 }
  func stop(_ show: String) { stops[show, default: 0] += 1 }
  func hasStarted(_ show: String) -> Bool { starts[show] != nil }
}

private struct StartShowHandler: JobHandler {
  let provider: ShowProvider
  let random: SeededRandom

  func run(_ parameters: StartShow, context: JobContext) async throws -> String {
    if random.chance(1, in: 12) { throw Verdict.retry(Failure(code: "refused", message: "by the seed")) }
    return try await context.effect(
      "start", lateEffectWindow: .zero,
      find: { _ in await provider.hasStarted(parameters.occurrence) ? .found(parameters.occurrence) : .absent },
      perform: {
        await provider.start(parameters.occurrence)
        return parameters.occurrence
      }
    ).value
  }

  func classify(_ error: any Error) -> Verdict { .retry(Failure(code: "error", message: "\(error)")) }
}

private struct StopShowHandler: JobHandler {
  let provider: ShowProvider

  func run(_ parameters: StopShow, context: JobContext) async throws -> String {
    await provider.stop(parameters.occurrence)
    return "stopped"
  }

  func classify(_ error: any Error) -> Verdict { .retry(Failure(code: "error", message: "\(error)")) }
}

/// A store that spoils what a scheduler enqueues: what the trial must notice.
private struct SpoiltStore: StoreWrapper {
  let base: any JobStore
  let defect: ScheduleTrial.Defect

  func enqueue(
    _ jobs: [NewJob], recording records: [RecordWrite], at now: Timestamp
  ) async throws -> [EnqueueReceipt] {
    switch defect {
    case .lostOccurrence:
      // Every tenth: its planned second tells which.
      if (records.last?.key.utf8.reduce(0) { $0 &+ Int($1) } ?? 0) % 10 == 0 {
        try await base.record(records, at: now)
        return []
      }
      return try await base.enqueue(jobs, recording: records, at: now)
    case .plannedTwice:
      let free = records.map { write in
        var write = write
        write.rule = .upsert
        return write
      }
      return try await base.enqueue(jobs, recording: free, at: now)
    case .noStop: return try await base.enqueue(Array(jobs.prefix(1)), recording: records, at: now)
    }
  }
}

/// A store in front of which a scheduler stood still: what another one wrote meanwhile it has not seen.
private struct StaleStore: StoreWrapper {
  let base: any JobStore
  let random: SeededRandom

  func records(_ query: RecordQuery) async throws -> [Record] {
    let found = try await base.records(query)
    guard query.collection == Occurrence.collection, !query.prefix.isEmpty, random.chance(1, in: 6) else {
      return found
    }
    return found.dropLast(random.below(3))
  }
}

/// A few days of schedules: two schedulers whose store loses answers, a worker that dies, hours without any of them, and a
/// clock that is put forward and back.
struct ScheduleTrial {
  /// What is planted for the trial to find.
  enum Defect: Sendable, CaseIterable {
    /// A commit takes the record of an occurrence and loses its jobs.
    case lostOccurrence
    /// A second scheduler enqueues what the first one has enqueued.
    case plannedTwice
    /// What ends an occurrence is not enqueued.
    case noStop
  }

  private let seed: UInt64
  private let random: SeededRandom
  private let clock: VirtualClock
  private let store: InMemoryJobStore
  private let schedulers: [SchedulePass]
  private let runner: AttemptRunner
  private let provider = ShowProvider()
  private let zone: TimeZoneRules
  private let schedules: [Schedule]
  private let isCalm: Bool
  /// 2026-10-24T00:00:00Z; the clocks change on the day after.
  private static let begin = Timestamp(milliseconds: 1_792_800_000_000)
  private static let end = begin + .seconds(3 * 86_400)

  init(seed: UInt64, isCalm: Bool = false, defect: Defect? = nil) throws {
    let zone = try TimeZoneRules(tzif: try ZoneFile.read("Europe/Berlin", limit: TimeZoneRules.maximumBytes))
    let random = SeededRandom(seed: seed)
    let store = InMemoryJobStore(random: SeededRandom(seed: seed))
    (self.seed, self.random, self.isCalm, self.zone, self.store) = (seed, random, isCalm, zone, store)
    clock = VirtualClock(Self.begin)
    schedulers = (0..<2).map { _ in
      let spoilt: any JobStore = defect.map { SpoiltStore(base: store, defect: $0) } ?? store
      let stale: any JobStore = isCalm ? spoilt : StaleStore(base: spoilt, random: random)
      let lossy = LossyStore(stale) { _ in
        guard !isCalm, random.chance(1, in: 15) else { return nil }
        return random.chance(1, in: 2) ? .beforeCommit : .afterCommit
      }
      return SchedulePass(lossy) { _ in zone }
    }
    var registry = HandlerRegistry()
    registry.register(StartShowHandler(provider: provider, random: isCalm ? SeededRandom(seed: 0) : random))
    registry.register(StopShowHandler(provider: provider))
    runner = AttemptRunner(
      store: store, registry: registry, clock: clock, random: SeededRandom(seed: seed), schedules: store)
    schedules = try Self.schedules(random)
  }

  private static func schedules(_ random: SeededRandom) throws -> [Schedule] {
    let times = ["*/20 * * * *", "30 2,14 * * *", "15 18 * * MON-SUN", "0 */3 * * *"]
    return try (0..<4).map { index in
      let mode = ScheduledEvent.CatchUp.Mode.allCases[random.below(3)]
      let event = ScheduledEvent(
        name: "show", timing: EventTiming(.cron(try CronExpression(times[index]))),
        jobs: [
          JobTemplate(
            role: "start", kind: StartShow.kind, queue: StartShow.queue, payload: #"{"occurrence":"{occurrence}"}"#,
            offsetSeconds: -60 * random.below(3)),
          JobTemplate(
            role: "stop", kind: StopShow.kind, queue: StopShow.queue, payload: #"{"occurrence":"{occurrence}"}"#,
            offsetSeconds: 600, isEnding: true),
        ], overlap: .allow, catchUp: ScheduledEvent.CatchUp(mode, windowSeconds: 900 * (1 + random.below(4))),
        jitterSeconds: 10 * random.below(3))
      return Schedule(name: "s\(index)", zone: "Europe/Berlin", events: [event], definedAt: begin)
    }
  }

  /// Runs the days.
  /// - Returns: what is wrong with how they ended.
  func run() async throws -> [String] {
    try await store.record(try schedules.map { try $0.write() }, at: clock.now())
    var latest = clock.now()
    var turns = 0
    while clock.now() < Self.end {
      turns += 1
      try #require(turns < 20_000, "seed \(seed): it never ends")
      await look()
      try await work()
      let due = try await store.nextDue() ?? Self.end
      clock.advance(by: max(.milliseconds(1), min(due - clock.now(), .seconds(60 * (1 + random.below(20))))))
      latest = max(latest, clock.now())
      guard !isCalm else { continue }
      if random.chance(1, in: 60) { clock.advance(by: .seconds(3600 * (1 + random.below(7)))) }
      if random.chance(1, in: 80) { clock.step(by: .seconds((random.below(2) * 2 - 1) * 60 * random.below(200))) }
    }
    try await settleAll()
    return try await problems()
  }

  /// One scheduler or both look; one whose store loses an answer gives up, as a worker that dies does.
  private func look() async {
    for scheduler in schedulers where isCalm || random.chance(1, in: 2) {
      _ = try? await scheduler.run(at: clock.now())
    }
  }

  private func work() async throws {
    _ = try await store.promoteDue(at: clock.now(), limit: 500)
    let request = LeaseRequest(owner: WorkerID("w"), limits: [.init(queue: StartShow.queue, count: 100)])
    for leased in try await store.lease(request, at: clock.now()) {
      // A worker that dies before it begins, or before it says how its job ended.
      let dies = isCalm ? 0 : random.below(20)
      if dies == 1 { continue }
      guard let completion = try await runner.run(leased), dies != 2 else { continue }
      _ = try await store.complete([completion], at: clock.now())
    }
    _ = try await store.reap(gone: [], crashLimit: 1000, limit: 500, at: clock.now())
  }

  private func settleAll() async throws {
    let calm = SchedulePass(store, horizon: .zero) { _ in zone }
    for _ in 0..<400 {
      _ = try await calm.run(at: clock.now())
      try await work()
      clock.advance(by: .seconds(60))
    }
  }

  private func problems() async throws -> [String] {
    let book = ScheduleBook(store)
    var problems: [String] = []
    for schedule in schedules {
      let event = try #require(schedule.event("show"))
      let known = try await book.occurrences(schedule.name, event.name, after: Self.begin - .seconds(1))
      let due = known.filter { $0.planned < Self.end }
      let expected = event.timing.instants(
        after: Self.begin - .seconds(1), through: Self.end - .seconds(1), limit: 10_000, in: zone)
      if due.map(\.planned) != expected {
        problems.append("seed \(seed): \(schedule.name): \(due.count) occurrences for \(expected.count) instants")
      }
      for occurrence in due {
        for problem in try await self.problems(of: occurrence) {
          problems.append("seed \(seed): \(occurrence.key) \(occurrence.state) \(occurrence.reason ?? ""): \(problem)")
        }
      }
    }
    return problems
  }

  private func problems(of occurrence: Occurrence) async throws -> [String] {
    let (starts, stops) = (await provider.starts[occurrence.key] ?? 0, await provider.stops[occurrence.key] ?? 0)
    var problems: [String] = []
    switch occurrence.state {
    case .planned: problems.append("it has no end")
    case .done, .late: if starts != 1 { problems.append("\(starts) starts") }
    case .missed, .skipped: if starts != 0 { problems.append("it was started") }
    case .failed: if starts > 1 { problems.append("\(starts) starts") }
    }
    if starts > 0, stops == 0 { problems.append("nothing stopped it") }
    if isCalm, occurrence.state != .done { problems.append("it was not done on time") }
    let jobs = try await store.allJobs(JobQuery(labels: [OccurrenceLabel.occurrence: occurrence.key]))
    for role in ["start", "stop"] {
      let own = jobs.count { $0.labels[OccurrenceLabel.role] == role }
      if own > occurrence.revivals + 1 { problems.append("\(own) jobs to \(role) it") }
    }
    return problems
  }
}
