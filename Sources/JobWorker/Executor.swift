import JobQueue
import Logging

/// Takes a leased job from its lease to the recorded end of its attempt.
package struct Executor: Sendable {
  let runner: AttemptRunner
  let clock: any QueueClock
  let faults: any FaultInjector
  let held: HeldLeases
  let completer: Completer
  let slotFreed: WakeSignal
  let rescheduled: WakeSignal
  let gates: GateLog
  let logger: Logger
  let events: @Sendable (WorkerEvent) -> Void

  /// Runs the job and records the outcome; frees its slot at the end.
  package func execute(_ attempt: RunningAttempt) async {
    logger.debug("attempt begins", metadata: metadata(of: attempt.leased))
    do {
      if let completion = try await runner.run(attempt) {
        await record(completion, of: attempt)
        try await faults.reached(.completed)
      } else {
        drop(attempt)
      }
    } catch {
      // A fault point that throws stands for a worker that died there: nothing is recorded, the lease runs out.
      logger.warning("left the job at a fault point", metadata: metadata(of: attempt.leased))
    }
    // Most slots are filled again by the commit that recorded the end: then there is nothing to lease, and nobody to
    // wake.
    if await held.release(attempt.leased.lease) { await slotFreed.signal() }
  }

  private func record(_ completion: Completion, of attempt: RunningAttempt) async {
    // Without a receipt, the worker has ended, and reports itself which jobs it leaves.
    guard let receipt = await completer.record(completion) else { return }
    // The store has the last word on what became of the job: a gate or an operator may have decided otherwise than the
    // attempt ended.
    guard let state = receipt.state, let outcome = receipt.recorded(completion.outcome) else { return drop(attempt) }
    let now = clock.now()
    if let gate = attempt.leased.job.gate {
      await gates.ended(completion, as: outcome, behind: gate, startedAt: attempt.startedAt, at: now)
    }
    switch outcome {
    // A closed gate lets a probe through at a certain time, too.
    case .closeGate: await rescheduled.signal()
    default: if state == .scheduled { await rescheduled.signal() }
    }
    let took = now - attempt.startedAt
    log(outcome, of: attempt.leased, took: took)
    events(.recorded(attempt.leased, outcome, state: state, took: took))
  }

  private func log(_ outcome: Outcome, of leased: LeasedJob, took: Duration) {
    let level = Self.level(of: outcome)
    // The text is only built if it is logged.
    guard logger.logLevel <= level else { return }
    var facts = metadata(of: leased)
    facts["outcome"] = "\(outcome.word.rawValue)"
    facts["ms"] = "\(took.wholeMilliseconds)"
    switch outcome {
    case .retry(_, let failure, _), .dead(let failure):
      facts["code"] = "\(failure.code)"
      facts["cause"] = "\(failure.message)"
    case .snooze(_, let why), .hold(let why), .cancelled(let why): facts["cause"] = "\(why)"
    case .closeGate(let closure): facts["cause"] = "\(closure.why)"
    case .done, .suspectsOutage, .handBack: break
    }
    logger.log(level: level, "attempt ended", metadata: facts)
  }

  /// Success is of no interest to someone looking for trouble; what ends a job for good is what an operator must see.
  private static func level(of outcome: Outcome) -> Logger.Level {
    switch outcome {
    case .done: .debug
    // The outage itself is logged once, by the gate.
    case .closeGate, .handBack: .info
    case .cancelled: .notice
    case .retry, .suspectsOutage, .snooze, .hold: .warning
    case .dead: .error
    }
  }

  private func drop(_ attempt: RunningAttempt) {
    logger.notice("lease lost; the outcome of this attempt is not recorded", metadata: metadata(of: attempt.leased))
    events(.dropped(attempt.leased))
  }

  private func metadata(of leased: LeasedJob) -> Logger.Metadata {
    ["job": "\(leased.job.id)", "kind": "\(leased.job.kind)", "attempt": "\(leased.lease.token)"]
  }
}
