import JobQueue
import JobWorker

/// One run: the store, all its users, and the oracle.
final class World {
  /// A leased job in a worker's hands.
  final class Run {
    enum Phase {
      case leased
      case standing(at: String)
      /// Its end waits for its commit.
      case submitted
    }

    let attempt: RunningAttempt
    let stepped: SteppedHandler
    var phase = Phase.leased
    /// Whether its worker saw its lease end.
    var hasOutlivedItsLease = false
    /// Whether its worker got no answer to its last heartbeat.
    var missedItsExtension = false

    var leased: LeasedJob { attempt.leased }
    /// Where it stands; nil if it does not stand anywhere.
    var place: String? { if case .standing(let place) = phase { place } else { nil } }
    var isSubmitted: Bool { if case .submitted = phase { true } else { false } }

    /// Whether its worker got a receipt for its end.
    var isCompleted: Bool {
      if case .standing(FaultPoint.completed.rawValue) = phase { true } else { false }
    }

    init(_ attempt: RunningAttempt, stepped: SteppedHandler) {
      self.attempt = attempt
      self.stepped = stepped
    }
  }

  /// A handler that was told to stop, did not, and goes on by itself.
  final class LeftHandler {
    let run: Run
    var place: String

    init(_ run: Run) {
      self.run = run
      place = run.place ?? ""
    }
  }

  /// A worker process, consisting of the parts of a real one, except that the run moves them.
  final class Worker {
    var id: WorkerID
    /// Where its process runs.
    var host: String
    let link: WorkerLink
    var parts: WorkerParts
    /// What it leased and has not started.
    private var arrivals: AsyncStream<[RunningAttempt]>.Iterator
    /// The attempts of one commit that it has not started.
    private var arrived: ArraySlice<RunningAttempt> = []
    var incarnation = 1
    var runs: [Run] = []
    /// Handlers that it abandoned; they end with the process.
    var leftHandlers: [LeftHandler] = []
    /// Its duties, from its first lease on.
    var duties: [LoopedDuty] = []
    /// The leases that run in its name but that it cannot know, or had to give up.
    var unknown: Set<Lease> = []
    /// Until when, in time that really passed, the whole process stands still.
    var stalledUntil: Duration = .zero
    var isEnding = false

    var slots: [String: Int] { parts.held.limits }

    init(id: WorkerID, on host: String, link: WorkerLink, parts: WorkerParts) {
      self.id = id
      self.host = host
      self.link = link
      self.parts = parts
      arrivals = parts.leasedJobs.attempts.makeAsyncIterator()
    }

    /// The next attempt to start.
    func nextArrival() async -> RunningAttempt? {
      if arrived.isEmpty { arrived = await arrivals.next()?[...] ?? [] }
      return arrived.popFirst()
    }

    /// A new process takes its place.
    func begin(as id: WorkerID, on host: String, _ parts: WorkerParts) {
      self.id = id
      self.host = host
      self.parts = parts
      arrivals = parts.leasedJobs.attempts.makeAsyncIterator()
      (runs, unknown, stalledUntil, isEnding) = ([], [], .zero, false)
      (leftHandlers, duties, arrived) = ([], [], [])
    }

    func looped(_ duty: any Duty) -> LoopedDuty? { duties.first { $0.duty.name == duty.name } }
  }

  /// An answer that only one job gets.
  struct Refusal {
    /// How many more times. A job that is alone behind its gate is never judged, so this must end some time.
    var left: Int
    /// A filter's page on the way closes the gate at once; a 500 from the host itself does not.
    let closesAtOnce: Bool
  }

  let seed: UInt64
  let store: any JobStore
  let clock = VirtualClock()
  let random: SeededRandom
  let provider: CountingProvider
  /// Either the wall clock is set now and then, or the provider lags. Nothing could cope with both at once: across
  /// processes, only the wall clock shows how long ago an unknown outcome was.
  let clockIsSet: Bool
  private(set) var workers: [Worker] = []
  let registry: HandlerRegistry
  let troubles: Troubles
  let processes = Processes()
  /// The workers that the store knows.
  var announced: Set<WorkerID> = []
  /// The account's budget at the provider.
  let budget: BudgetDemand
  var oracle: Oracle
  var summary = SimulationSummary()
  /// How many requests were sent by a zombie, by the job's name; a place does not show which of its effects they were
  /// for.
  var late: [String: Int] = [:]
  /// Random numbers of its own, so that records leave the rest of a run unchanged.
  let recordRandom: SeededRandom
  /// How many calls wrote records under a name of their own.
  var calls = 0
  var isCalm = false
  /// Jobs that are always refused, while others behind their gate get through.
  var refused: [JobID: Refusal] = [:]
  private(set) var trace: [String] = []
  private var stepNumber = 0

  init(seed: UInt64, store: any JobStore, defect: WorkerDefect? = nil) {
    self.seed = seed
    self.store = store
    random = SeededRandom(seed: seed)
    recordRandom = SeededRandom(seed: ~seed)
    clockIsSet = random.chance(1, in: 3)
    let longestLag = random.chance(1, in: 2) ? 2000 : 20_000
    provider = CountingProvider(clock: clock, lag: clockIsSet ? .zero : .milliseconds(random.below(longestLag)))
    budget = BudgetDemand(
      key: BudgetKey(account: "s\(seed)", resource: "things"), size: 1 + random.below(3),
      window: .seconds(20 + random.below(60)))
    oracle = Oracle(budget: budget, clockIsSet: clockIsSet)
    troubles = Troubles(seed: seed, random: random)
    var registry = HandlerRegistry()
    registry.register(SimulatedHandler(provider: provider, troubles: troubles))
    self.registry = registry
    for number in 1...3 {
      let (id, host) = (WorkerID("s\(seed)-w\(number)"), pick(hosts))
      let link = WorkerLink(base: store, defect: defect)
      processes.begin(id, on: host)
      workers.append(Worker(id: id, on: host, link: link, parts: makeParts(id, link)))
    }
  }

  func log(_ line: @autoclosure () -> String) {
    if trace.count >= 30 { trace.removeFirst(trace.count - 29) }
    trace.append("\(stepNumber) +\(clock.passed): \(line())")
  }

  /// Looks at the store after a verb.
  func check(after verb: Oracle.Verb) async throws {
    let ids = oracle.present
    let shown = ids.isEmpty ? [] : try await store.jobs(JobQuery(ids: ids, limit: ids.count))
    var attempts: [JobID: [Attempt]] = [:]
    for id in oracle.withNewAttempts(shown) { attempts[id] = try await store.attempts(of: id) }
    try oracle.check(
      after: verb, shown: shown, attempts: attempts, gates: try await store.gates(), at: clock.now())
  }

  /// One thing happens.
  func step() async throws {
    stepNumber += 1
    switch random.below(100) {
    case 0..<10: try await enqueue()
    case 10..<53: try await work()
    case 53..<54: try await watchDeadlines()
    case 54..<61: try await heartbeat()
    case 61..<63: try await crash(pick(workers))
    case 63..<64: try await shutDown(pick(workers))
    case 64..<67: stall(pick(workers))
    case 67..<76: passTime()
    case 76..<82: try await promote()
    case 82..<86: try await reap()
    case 86..<88: try await prune()
    case 88..<91: try await cancel()
    case 91..<94: recordRandom.chance(1, in: 25) ? try await holdUnfinished() : try await retry()
    case 94..<96: try await closeGate()
    case 96..<97: try await openGate()
    default: setClock()
    }
    if random.chance(1, in: 3) { try await announce() }
    if recordRandom.chance(1, in: 20) { try await record() }
    if recordRandom.chance(1, in: 30) { try await discard() }
    if random.chance(1, in: 4) { try await abandonOneAfterGrace() }
    if workers.contains(where: { !$0.leftHandlers.isEmpty }), random.chance(1, in: 3) {
      try await advanceLeftHandler()
    }
    // A wrong record stays wrong, so checking now and then is enough.
    if stepNumber.isMultiple(of: 8) { try await checkRecords() }
  }

  /// Ends all handlers that still stand somewhere.
  func end() async {
    for worker in workers { await kill(worker) }
    _ = try? await store.retire(announced.sorted { $0.rawValue < $1.rawValue })
    // What happened in this run has no meaning for the next one.
    for gate in gates { _ = try? await store.openGate(gate, at: clock.now()) }
  }

  func pick<Element>(_ elements: [Element]) -> Element { elements[random.below(elements.count)] }

  var hosts: [String] { ["s\(seed)-north", "s\(seed)-south"] }
  var queues: [String] { ["s\(seed)-a", "s\(seed)-b"] }
  /// The same ones in every run, which leaves them open at its end, because a store never forgets a gate.
  var gates: [String] { ["gate-a", "gate-b"] }
  /// One job at a time with the first, two with the second.
  var concurrencyKeys: [String] { ["narrow", "wide/all"] }
  var concurrency: [String: Int] { ["wide": 2] }
}

// MARK: Time

extension World {
  private func passTime() {
    let milliseconds = random.chance(2, in: 3) ? random.below(3000) : random.below(40_000)
    clock.advance(by: .milliseconds(milliseconds))
    log("time passes")
  }

  private func stall(_ worker: Worker) {
    worker.stalledUntil = clock.passed + .seconds(random.below(90))
    log("\(worker.id) stands still")
  }

  private func setClock() {
    guard clockIsSet else { return }
    let seconds = random.below(random.chance(1, in: 4) ? 3600 : 20)
    let step = random.chance(1, in: 2) ? seconds : -seconds
    clock.step(by: .seconds(step))
    log("the wall clock is set by \(step) s")
  }
}
