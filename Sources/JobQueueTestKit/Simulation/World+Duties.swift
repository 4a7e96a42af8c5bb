import JobQueue
import JobWorker

// MARK: The duties of a worker in their loops

extension World {
  /// The loop of a duty, as in a worker.
  final class LoopedDuty {
    let duty: any Duty
    let loop = SteppedLoop()
    /// When it runs next, in time that really passed.
    var nextTurn: Duration = .zero

    init(_ duty: any Duty) { self.duty = duty }
  }

  /// Registers a worker and starts the loops of its duties, as a worker does: from now on each runs when it is due, or
  /// later, if the process stands still or others come first.
  func begin(_ worker: Worker) async throws {
    let parts = worker.parts
    log("\(worker.id) begins on \(worker.host)")
    try await withAnswer(to: worker, lost: 20) { _ = try await parts.registration.runOnce(now: clock.now()) }
    let duties: [any Duty] = [parts.registration, parts.heartbeat, parts.promoter, parts.reaper]
    for duty in duties {
      let looped = LoopedDuty(duty)
      worker.duties.append(looped)
      let (loop, stepped) = (parts.dutyLoop, SteppedDuty(base: duty))
      let begins = duty.delay == .zero
      try await go(looped, of: worker, isTurn: begins) { await looped.loop.start { await loop.run(stepped) } }
    }
  }

  /// Runs one worker's heartbeat.
  func heartbeat() async throws {
    let awake = awake.filter { !$0.runs.isEmpty }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    log("\(worker.id) extends \(worker.runs.map { told($0.leased.lease) })")
    let isKnown = try await turn(worker.parts.heartbeat, of: worker)
    // Leases whose extension was not confirmed may seem over to the worker before they are.
    for run in worker.runs { run.missedItsExtension = !isKnown }
    if isKnown { try await checkExtended(worker) }
  }

  /// Runs one worker's promoter: when it is due, or earlier, because the store signalled a change.
  func promote() async throws {
    let awake = awake
    if !awake.isEmpty { try await promote(pick(awake)) }
  }

  func promote(_ worker: Worker) async throws {
    // A store may promote less in one call than it was asked for.
    worker.link.limitPromotions(1 + random.below(3))
    log("\(worker.id) looks for what is due")
    try await turn(worker.parts.promoter, of: worker, mayComeEarly: true)
  }

  /// Runs one worker's reaper.
  func reap() async throws {
    let awake = awake
    if !awake.isEmpty { try await reap(pick(awake)) }
  }

  func reap(_ worker: Worker) async throws {
    log("\(worker.id) looks for lost workers")
    try await turn(worker.parts.reaper, of: worker)
  }

  /// Lets a worker that is due report that it is alive.
  func announce() async throws {
    for worker in awake where worker.looped(worker.parts.registration).map({ $0.nextTurn <= clock.passed }) ?? false {
      log("\(worker.id) says that it lives")
      try await turn(worker.parts.registration, of: worker)
    }
  }

  /// The workers whose duties have started and whose process does not stand still.
  private var awake: [Worker] { workers.filter { !$0.duties.isEmpty && $0.stalledUntil <= clock.passed } }

  /// Wakes the loop of a duty.
  /// - Parameter mayComeEarly: whether it may be woken early; otherwise time passes until it is due.
  /// - Returns: whether the worker got an answer.
  @discardableResult
  private func turn(_ duty: any Duty, of worker: Worker, mayComeEarly: Bool = false) async throws -> Bool {
    guard let looped = worker.looped(duty) else { return false }
    if !mayComeEarly, looped.nextTurn > clock.passed { clock.advance(by: looped.nextTurn - clock.passed) }
    return try await go(looped, of: worker, isTurn: true) { await looped.loop.turn() }
  }

  /// - Parameters:
  ///   - isTurn: whether the duty runs before its loop sleeps.
  ///   - go: lets the loop go on; returns how long it then sleeps.
  @discardableResult
  private func go(
    _ looped: LoopedDuty, of worker: Worker, isTurn: Bool, _ go: () async -> Duration?
  ) async throws -> Bool {
    let duty = looped.duty
    var pause: Duration?
    let isKnown = try await withAnswer(to: worker, lost: 20) { pause = await go() }
    guard let pause else {
      throw InvariantViolation(what: "\(worker.id) gave up its duty '\(duty.name)'")
    }
    let longest = !isTurn ? duty.delay : isKnown ? longestPause(after: duty, of: worker) : duty.periodAfterFailure
    try promise(
      pause <= longest,
      "\(worker.id) does its duty '\(duty.name)' again after \(pause), at most \(longest) was promised")
    looped.nextTurn = clock.passed + pause
    if isTurn, isKnown { try checkTurn(of: duty, worker) }
    return isKnown
  }
}

// MARK: What is promised of duties

extension World {
  /// The time by which a duty that has run must run again: a promoter runs earlier if something is due earlier.
  private func longestPause(after duty: any Duty, of worker: Worker) -> Duration {
    guard duty.name == worker.parts.promoter.name, let due = oracle.nextDue, due > clock.now() else {
      return duty.period
    }
    return min(duty.period, due - clock.now())
  }

  /// After a promoter has looked, what is due is promoted, and after a reaper has looked, what is lost is taken back.
  private func checkTurn(of duty: any Duty, _ worker: Worker) throws {
    let now = clock.now()
    if duty.name == worker.parts.promoter.name, let due = oracle.nextDue {
      try promise(due > now, "\(worker.id) looked for what is due, and left what was due at \(due)")
    }
    guard duty.name == worker.parts.reaper.name else { return }
    for lease in oracle.present.compactMap({ oracle.runningLease(of: $0) }) {
      let end = oracle.jobs[lease.job]?.leaseExpiresAt
      try promise(
        end.map { $0 > now } ?? false, "\(worker.id) looked for lost workers, and left \(told(lease)), which ended")
      let isSeen = processes.host(of: lease.owner) == worker.host && announced.contains(lease.owner)
      try promise(
        !isSeen || processes.isRunning(lease.owner),
        "\(worker.id) looked for lost workers, and left \(told(lease)) to \(lease.owner), whose process is gone")
    }
  }

  /// What a worker reports to the store about other workers is true.
  func settle(_ sightings: WorkerSightings, _ states: [JobID: JobState], of worker: Worker) async throws {
    let lines = states.sorted { $0.key < $1.key }.map { "\(oracle.name($0.key)) \($0.value)" }
    log("taken back: \(lines), gone: \(sightings.gone), alive: \(sightings.alive)")
    summary.takenBack += states.count
    let falselyGone = sightings.gone.filter { processes.isRunning($0) }
    try promise(falselyGone.isEmpty, "\(worker.id) takes \(falselyGone) for gone, whose processes live")
    let falselyAlive = sightings.alive.filter { !processes.isRunning($0) }
    try promise(falselyAlive.isEmpty, "\(worker.id) takes \(falselyAlive) for alive, whose processes are gone")
    for (job, state) in states {
      try promise(oracle.jobs[job]?.state == .running || state == .dead, "\(oracle.name(job)) was not to be taken back")
    }
    try await check(after: .reap(sightings))
  }

  /// Checks what workers promoted, in one call or several.
  func settle(_ promotions: [Promotion]) async throws {
    guard let last = promotions.last else { return }
    let count = promotions.reduce(0) { $0 + $1.count }
    log("promoted \(count)")
    summary.promoted += count
    try await check(after: .promote(told: count))
    try promise(
      last.next == oracle.nextDue, "next due is \(oracle.nextDue as Any), the promoter was told \(last.next as Any)")
  }

  /// A worker is registered from now on.
  func settle(_ record: WorkerRecord) {
    announced.insert(record.id)
    oracle.forgetLosses(of: record.id)
  }

  /// Workers are no longer registered.
  func settle(retired workers: [WorkerID], by worker: Worker) throws {
    for other in workers where other != worker.id {
      try promise(
        !processes.isRunning(other) || processes.host(of: other) != worker.host,
        "\(worker.id) takes \(other) off the list, whose process lives")
    }
    for worker in workers {
      announced.remove(worker)
      oracle.forgetLosses(of: worker)
    }
  }
}
