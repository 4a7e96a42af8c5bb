import JobQueue
import JobWorker

// MARK: The loop of a duty

extension World {
  /// Sets the loop of a worker's heartbeat going, as it is in a worker: from now on it has its turns when they are due, or
  /// later, when the process stands still or others come first.
  func startHeart(of worker: Worker) async throws {
    let heart = SteppedLoop()
    let (loop, duty) = (worker.parts.dutyLoop, SteppedDuty(base: worker.parts.heartbeat))
    let pause = await heart.start { await loop.run(duty) }
    worker.heart = heart
    try note(pause, of: worker, atMost: duty.delay)
  }

  /// One worker's heart has its turn.
  func heartbeat() async throws {
    let awake = workers.filter { $0.heart != nil && $0.stalledUntil <= clock.passed && !$0.runs.isEmpty }
    guard !awake.isEmpty else { return }
    let worker = pick(awake)
    guard let heart = worker.heart else { return }
    if worker.beatsAt > clock.passed { clock.advance(by: worker.beatsAt - clock.passed) }
    tell("\(worker.id) extends \(worker.runs.map { told($0.leased.lease) })")
    var pause: Duration?
    let isKnown = try await withAnswer(to: worker, lost: 20) { pause = await heart.turn() }
    // What it was not told of it may take for over before it is.
    for run in worker.runs { run.missedItsExtension = !isKnown }
    if isKnown { try await checkExtended(worker) }
    let duty = worker.parts.heartbeat
    try note(pause, of: worker, atMost: isKnown ? duty.period : duty.periodAfterFailure)
  }

  /// - Parameter longest: what the duty says of the time until its next turn.
  private func note(_ pause: Duration?, of worker: Worker, atMost longest: Duration) throws {
    guard let pause else { throw InvariantViolation(what: "the loop of \(worker.id)'s heartbeat has ended by itself") }
    try promise(pause <= longest, "\(worker.id)'s heart beats again after \(pause), at most \(longest) was promised")
    worker.beatsAt = clock.passed + pause
  }
}
