import JobQueue

/// One story: the store, everyone who uses it, and what the ledger knows.
final class World {
  /// A leased job in a worker's hands.
  final class Run {
    enum Phase {
      case leased
      case standing(at: String)
      case ended(Outcome)
    }

    let leased: LeasedJob
    let strand = Strand()
    let notebook = Notebook()
    var phase = Phase.leased
    var cancelRequested = false

    /// What came of it, when its handler has ended.
    var outcome: Outcome? {
      if case .ended(let outcome) = phase { outcome } else { nil }
    }

    init(_ leased: LeasedJob) { self.leased = leased }
  }

  /// A worker process.
  final class Worker {
    var id: WorkerID
    var incarnation = 1
    var runs: [Run] = []
    /// Until when, in time that really passed, it stands still as a whole.
    var stalledUntil: Duration = .zero

    init(id: WorkerID) { self.id = id }
  }

  let seed: UInt64
  let store: any JobStore
  let clock = VirtualClock()
  let random: SeededRandom
  let provider: CountingProvider
  /// Either the wall clock is set now and then, or the provider lags. Both at once nobody can stand: across processes
  /// only the wall clock tells how long ago an unknown outcome was.
  let clockIsSet: Bool
  var workers: [Worker] = []
  var gone: [WorkerID] = []
  /// What the provider lets the account make only so many of.
  let budget: BudgetDemand
  var ledger: Ledger
  var summary = Simulation.Summary()
  /// How many requests left a zombie, by the job's name: which of its effects they were for, a place does not tell.
  var late: [String: Int] = [:]
  var isCalm = false
  private(set) var story: [String] = []
  private var stepNumber = 0

  init(seed: UInt64, store: any JobStore) {
    self.seed = seed
    self.store = store
    random = SeededRandom(seed: seed)
    clockIsSet = random.chance(1, in: 3)
    let longestLag = random.chance(1, in: 2) ? 2000 : 20_000
    provider = CountingProvider(clock: clock, lag: clockIsSet ? .zero : .milliseconds(random.below(longestLag)))
    budget = BudgetDemand(
      key: BudgetKey(account: "s\(seed)", resource: "things"), size: 1 + random.below(3),
      window: .seconds(20 + random.below(60)))
    ledger = Ledger(budget: budget, clockIsSet: clockIsSet)
    workers = (1...3).map { Worker(id: WorkerID("s\(seed)-w\($0)")) }
  }

  func tell(_ line: @autoclosure () -> String) {
    if story.count >= 30 { story.removeFirst(story.count - 29) }
    story.append("\(stepNumber) +\(clock.passed): \(line())")
  }

  /// Looks at the store after a verb.
  func check(after verb: Ledger.Verb) async throws {
    let ids = ledger.present
    let shown = ids.isEmpty ? [] : try await store.jobs(JobQuery(ids: ids, limit: ids.count))
    var attempts: [JobID: [Attempt]] = [:]
    for id in ledger.withNewAttempts(shown) { attempts[id] = try await store.attempts(of: id) }
    try ledger.check(
      after: verb, shown: shown, attempts: attempts, gates: try await store.gates(), at: clock.now())
  }

  /// One thing happens.
  func step() async throws {
    stepNumber += 1
    switch random.below(100) {
    case 0..<10: try await enqueue()
    case 10..<54: try await work()
    case 54..<61: try await heartbeat()
    case 61..<64: try await crash(pick(workers))
    case 64..<67: stall(pick(workers))
    case 67..<76: passTime()
    case 76..<82: try await promote()
    case 82..<86: try await reap()
    case 86..<88: try await prune()
    case 88..<91: try await cancel()
    case 91..<94: try await retry()
    case 94..<96: try await closeGate()
    case 96..<97: try await openGate()
    default: setClock()
    }
  }

  /// Ends all handlers that still stand somewhere.
  func end() async {
    for run in workers.flatMap(\.runs) {
      if case .standing = run.phase { _ = await run.strand.resume(.crash) }
    }
    for worker in workers { worker.runs = [] }
    // What was met in this story says nothing of the next one's.
    for gate in gates { _ = try? await store.openGate(gate, at: clock.now()) }
  }

  func pick<Element>(_ elements: [Element]) -> Element { elements[random.below(elements.count)] }

  var queues: [String] { ["s\(seed)-a", "s\(seed)-b"] }
  /// The same ones in every story, which leaves them open behind itself: a store never forgets a gate.
  var gates: [String] { ["gate-a", "gate-b"] }
  /// Of the one a single job runs at once, of the other two.
  var concurrencyKeys: [String] { ["narrow", "wide/all"] }
  var concurrency: [String: Int] { ["wide": 2] }
}

// MARK: Time

extension World {
  private func passTime() {
    let milliseconds = random.chance(2, in: 3) ? random.below(3000) : random.below(40_000)
    clock.advance(by: .milliseconds(milliseconds))
    tell("time passes")
  }

  private func stall(_ worker: Worker) {
    worker.stalledUntil = clock.passed + .seconds(random.below(90))
    tell("\(worker.id) stands still")
  }

  private func setClock() {
    guard clockIsSet else { return }
    let seconds = random.below(random.chance(1, in: 4) ? 3600 : 20)
    let step = random.chance(1, in: 2) ? seconds : -seconds
    clock.step(by: .seconds(step))
    tell("the wall clock is set by \(step) s")
  }
}
